#include "message_channel.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

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

void MessageChannel::wait_for(short events, Deadline deadline) const {
  while (true) {
    int milliseconds = -1;
    if (deadline != kNever) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(
          deadline - std::chrono::steady_clock::now());
      if (left.count() <= 0) throw ChannelEnd::late;
      milliseconds =
          static_cast<int>(std::min<std::chrono::milliseconds>(left, kLookEvery).count());
    }
    pollfd wanted{socket_, events, 0};
    const int ready = ::poll(&wanted, 1, milliseconds);
    if (ready > 0) return;
    if (ready < 0 && errno != EINTR && errno != EAGAIN) throw ChannelEnd::closed;
    if (deadline != kNever && WaitInterruption::asked()) throw ChannelEnd::interrupted;
  }
}

void MessageChannel::send(MessageKind kind, std::string_view body, Deadline deadline,
                          int descriptor) {
  Header header;
  header.kind = static_cast<std::uint32_t>(kind);
  header.size = static_cast<std::uint32_t>(body.size());
  std::string bytes(sizeof(header), '\0');
  std::memcpy(bytes.data(), &header, sizeof(header));
  bytes += body;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  for (std::size_t sent = 0; sent < bytes.size();) {
    iovec part{bytes.data() + sent, bytes.size() - sent};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (descriptor >= 0 && sent == 0) {
      message.msg_control = control.data();
      message.msg_controllen = control.size();
      cmsghdr* const first = CMSG_FIRSTHDR(&message);
      first->cmsg_level = SOL_SOCKET;
      first->cmsg_type = SCM_RIGHTS;
      first->cmsg_len = CMSG_LEN(sizeof(int));
      std::memcpy(CMSG_DATA(first), &descriptor, sizeof(int));
    }
    const ssize_t written = ::sendmsg(socket_, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (written >= 0) {
      sent += static_cast<std::size_t>(written);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      wait_for(POLLOUT, deadline);
    } else if (errno != EINTR) {
      throw ChannelEnd::closed;
    }
  }
}

void MessageChannel::receive_bytes(char* into, std::size_t size, Deadline deadline,
                                   base::FileDescriptor* descriptor) {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  for (std::size_t got = 0; got < size;) {
    iovec part{into + got, size - got};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (descriptor != nullptr) {
      message.msg_control = control.data();
      message.msg_controllen = control.size();
    }
    const ssize_t read = ::recvmsg(socket_, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (read == 0) throw ChannelEnd::closed;
    if (read < 0) {
      if (errno == EAGAIN || errno == EWOULDBLOCK) {
        wait_for(POLLIN, deadline);
      } else if (errno != EINTR) {
        throw ChannelEnd::closed;
      }
      continue;
    }
    got += static_cast<std::size_t>(read);
    const cmsghdr* const first = descriptor != nullptr ? CMSG_FIRSTHDR(&message) : nullptr;
    if (first != nullptr && first->cmsg_type == SCM_RIGHTS &&
        first->cmsg_len == CMSG_LEN(sizeof(int))) {
      int value = -1;
      std::memcpy(&value, CMSG_DATA(first), sizeof(int));
      *descriptor = base::FileDescriptor(value);
    }
  }
}

Message MessageChannel::receive(std::size_t most, Deadline deadline, bool with_descriptor) {
  Header header;
  Message message;
  std::array<char, sizeof(Header)> bytes{};
  receive_bytes(bytes.data(), bytes.size(), deadline,
                with_descriptor ? &message.descriptor : nullptr);
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
