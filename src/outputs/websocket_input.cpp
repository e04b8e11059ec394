#include "websocket_input.hpp"

#include <algorithm>

namespace mien::outputs {
namespace {

constexpr unsigned kContinuation = 0;
constexpr unsigned kText = 1;
constexpr unsigned kBinary = 2;
constexpr unsigned kClose = 8;
constexpr unsigned kPing = 9;
constexpr unsigned kPong = 10;
constexpr std::uint64_t kLongestControl = 125;

constexpr std::uint16_t kProtocolError = 1002;

}  // namespace

std::size_t WebSocketInput::header_size() const {
  if (have_ < 2) return 2;
  const unsigned length = header_[1] & 0x7FU;
  return 2 + (length == 126 ? 2U : length == 127 ? 8U : 0U) + 4;
}

void WebSocketInput::fail(std::uint16_t code, std::vector<Event>& events) {
  broken_ = true;
  events.push_back({What::broken, code, {}});
}

/// The header is whole.
void WebSocketInput::begin(std::vector<Event>& events) {
  const unsigned opcode = header_[0] & 0x0FU;
  const bool final = (header_[0] & 0x80U) != 0;
  const bool control = opcode >= kClose;
  const std::size_t size = header_size();
  left_ = header_[1] & 0x7FU;
  if (left_ >= 126) {
    left_ = 0;
    for (std::size_t i = 2; i < size - 4; ++i) left_ = left_ << 8U | header_[i];
  }
  const bool known = opcode == kContinuation || opcode == kText || opcode == kBinary ||
                     opcode == kClose || opcode == kPing || opcode == kPong;
  const bool starts = opcode == kText || opcode == kBinary;
  if ((header_[0] & 0x70U) != 0 || !known || left_ >> 63U != 0 ||
      (control && (!final || left_ > kLongestControl)) || (starts && in_message_) ||
      (opcode == kContinuation && !in_message_)) {
    fail(kProtocolError, events);
    return;
  }
  if (!control) in_message_ = !final;
  in_payload_ = true;
  done_ = 0;
  control_.clear();
  if (left_ == 0) end_frame(events);
}

void WebSocketInput::end_frame(std::vector<Event>& events) {
  in_payload_ = false;
  have_ = 0;
  switch (header_[0] & 0x0FU) {
    case kPing:
      events.push_back({What::ping, 1000, control_});
      break;
    case kPong:
      events.push_back({What::pong, 1000, {}});
      break;
    case kClose:
      broken_ = true;  // nothing may follow
      events.push_back({What::close, 1000, {}});
      break;
    default:
      break;
  }
}

void WebSocketInput::take(std::string_view bytes, std::vector<Event>& events) {
  while (!bytes.empty() && !broken_) {
    if (!in_payload_) {
      header_[have_++] = static_cast<unsigned char>(bytes.front());
      bytes.remove_prefix(1);
      // RFC 6455, 5.1: a client that does not mask its frames is to be closed.
      if (have_ == 2 && (header_[1] & 0x80U) == 0) {
        fail(kProtocolError, events);
      } else if (have_ > 2 && have_ == header_size()) {
        begin(events);
      }
      continue;
    }
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
    if ((header_[0] & 0x08U) != 0) {
      const auto* mask = header_.data() + header_size() - 4;
      for (std::size_t i = 0; i < count; ++i) {
        control_ +=
            static_cast<char>(static_cast<unsigned char>(bytes[i]) ^ mask[(done_ + i) % 4]);
      }
    }
    bytes.remove_prefix(count);
    done_ += count;
    left_ -= count;
    if (left_ == 0) end_frame(events);
  }
}

}  // namespace mien::outputs
