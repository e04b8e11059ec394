#include "message_channel.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <system_error>

#include "mien/models/model_process.hpp"

namespace mien::models {
namespace {

constexpr std::uint32_t kMagic = 0x316E654D;
// How often a wait looks whether somebody wants it to end.
constexpr auto kLookEvery = std::chrono::milliseconds(50);

struct Header {
  std::uint32_t magic = kMagic;
  std::uint32_t kind = 0;
  std::uint32_t size = 0;
};

}  // namespace

void MessageChannel::wait_for(system::MessageSocket::Ready ready, Deadline deadline) const {
  while (true) {
    std::optional<std::chrono::milliseconds> at_most;
    if (deadline != kNever) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(
          deadline - std::chrono::steady_clock::now());
      if (left.count() <= 0) throw ChannelEnd::late;
      at_most = std::min<std::chrono::milliseconds>(left, kLookEvery);
    }
    std::error_code error;
    if (socket_.wait(ready, at_most, error)) return;
    if (error) throw ChannelEnd::closed;
    if (deadline != kNever && WaitInterruption::asked()) throw ChannelEnd::interrupted;
  }
}

void MessageChannel::send(MessageKind kind, std::string_view body, Deadline deadline,
                          const system::FileHandle* memory) {
  Header header;
  header.kind = static_cast<std::uint32_t>(kind);
  header.size = static_cast<std::uint32_t>(body.size());
  std::string bytes(sizeof(header), '\0');
  std::memcpy(bytes.data(), &header, sizeof(header));
  bytes += body;
  for (std::size_t sent = 0; sent < bytes.size();) {
    std::error_code error;
    sent +=
        socket_.send(std::string_view(bytes).substr(sent), sent == 0 ? memory : nullptr, error);
    if (error == std::errc::operation_would_block) {
      wait_for(system::MessageSocket::Ready::to_send, deadline);
    } else if (error) {
      throw ChannelEnd::closed;
    }
  }
}

void MessageChannel::receive_bytes(char* into, std::size_t size, Deadline deadline,
                                   system::FileHandle* memory) {
  for (std::size_t got = 0; got < size;) {
    std::error_code error;
    const std::size_t read = socket_.receive(into + got, size - got, memory, error);
    if (error == std::errc::operation_would_block) {
      wait_for(system::MessageSocket::Ready::to_receive, deadline);
    } else if (error || read == 0) {
      throw ChannelEnd::closed;
    }
    got += read;
  }
}

Message MessageChannel::receive(std::size_t most, Deadline deadline, bool with_memory) {
  Header header;
  Message message;
  std::array<char, sizeof(Header)> bytes{};
  receive_bytes(bytes.data(), bytes.size(), deadline, with_memory ? &message.memory : nullptr);
  std::memcpy(&header, bytes.data(), bytes.size());
  if (header.magic != kMagic || header.size > most ||
      header.kind < static_cast<std::uint32_t>(MessageKind::load) ||
      header.kind > static_cast<std::uint32_t>(MessageKind::failure)) {
    throw ChannelEnd::invalid_message;
  }
  message.kind = static_cast<MessageKind>(header.kind);
  message.body.resize(header.size);
  receive_bytes(message.body.data(), message.body.size(), deadline, nullptr);
  return message;
}

}  // namespace mien::models
