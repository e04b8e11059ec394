#include "mien/system/message_socket.hpp"

#include <array>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "native.hpp"

namespace mien::system {
namespace {

using Control = std::array<char, CMSG_SPACE(sizeof(int))>;

/// EAGAIN and EWOULDBLOCK may be two numbers.
std::error_code socket_error() {
  if (errno == EAGAIN) return std::make_error_code(std::errc::operation_would_block);
  return last_error();
}

}  // namespace

std::size_t MessageSocket::send(std::string_view bytes, const FileHandle* along,
                                std::error_code& error) {
  alignas(cmsghdr) Control control{};
  iovec part{const_cast<char*>(bytes.data()), bytes.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (along != nullptr) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* const first = CMSG_FIRSTHDR(&message);
    first->cmsg_level = SOL_SOCKET;
    first->cmsg_type = SCM_RIGHTS;
    first->cmsg_len = CMSG_LEN(sizeof(int));
    const int descriptor = descriptor_of(*along);
    std::memcpy(CMSG_DATA(first), &descriptor, sizeof(int));
  }
  for (;;) {
    const ssize_t sent =
        ::sendmsg(descriptor_of(handle_), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    error = sent >= 0 ? std::error_code() : socket_error();
    if (sent >= 0) return static_cast<std::size_t>(sent);
    if (error != std::errc::interrupted) return 0;
  }
}

std::size_t MessageSocket::receive(char* to, std::size_t size, FileHandle* along,
                                   std::error_code& error) {
  alignas(cmsghdr) Control control{};
  iovec part{to, size};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (along != nullptr) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
  }
  ssize_t got = 0;
  do {
    got = ::recvmsg(descriptor_of(handle_), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    error = got >= 0 ? std::error_code() : socket_error();
  } while (error == std::errc::interrupted);
  if (got <= 0) return 0;
  const cmsghdr* const first = along != nullptr ? CMSG_FIRSTHDR(&message) : nullptr;
  if (first != nullptr && first->cmsg_type == SCM_RIGHTS &&
      first->cmsg_len == CMSG_LEN(sizeof(int))) {
    int value = -1;
    std::memcpy(&value, CMSG_DATA(first), sizeof(int));
    *along = FileHandle(value);
  }
  return static_cast<std::size_t>(got);
}

bool MessageSocket::wait(Ready what, std::optional<std::chrono::milliseconds> at_most,
                         std::error_code& error) const {
  pollfd wanted{descriptor_of(handle_),
                static_cast<short>(what == Ready::to_send ? POLLOUT : POLLIN), 0};
  const int ready = ::poll(&wanted, 1, at_most ? static_cast<int>(at_most->count()) : -1);
  const bool failed = ready < 0 && errno != EINTR && errno != EAGAIN;
  error = failed ? last_error() : std::error_code();
  return ready > 0;
}

void MessageSocket::wait_until_closed() const {
  pollfd wanted{descriptor_of(handle_), 0, 0};
  while (::poll(&wanted, 1, -1) <= 0 || (wanted.revents & (POLLHUP | POLLERR)) == 0) {
  }
}

bool MessageSocket::is_closed() const {
  char byte = 0;
  const ssize_t peeked = ::recv(descriptor_of(handle_), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return peeked == 0 || (peeked < 0 && errno == ECONNRESET);
}

}  // namespace mien::system
