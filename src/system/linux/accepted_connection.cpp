#include "mien/system/accepted_connection.hpp"

#include <arpa/inet.h>
#include <charconv>
#include <filesystem>
#include <netinet/in.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "native.hpp"

namespace mien::system {
namespace {

struct Ends {
  sockaddr_in own{};
  sockaddr_in peer{};
};

/// False when it is no connection of IPv4.
bool ends_of(int descriptor, Ends& ends) {
  socklen_t size = sizeof ends.peer;
  if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&ends.peer), &size) != 0 ||
      ends.peer.sin_family != AF_INET) {
    return false;
  }
  size = sizeof ends.own;
  return ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&ends.own), &size) == 0;
}

}  // namespace

std::error_code AcceptedConnection::find(std::uint16_t own_port, const std::string& peer,
                                         std::uint16_t peer_port) {
  in_addr address{};
  if (::inet_pton(AF_INET, peer.c_str(), &address) != 1) {
    return std::make_error_code(std::errc::invalid_argument);
  }
  bell_ = FileHandle(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!bell_.valid()) return last_error();
  std::error_code error;
  std::filesystem::directory_iterator each("/proc/self/fd", error);
  for (; !error && each != std::filesystem::directory_iterator(); each.increment(error)) {
    const auto name = each->path().filename().string();
    int descriptor = -1;
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), descriptor);
    Ends ends;
    if (parsed.ec != std::errc() || !ends_of(descriptor, ends)) continue;
    if (ntohs(ends.own.sin_port) != own_port || ntohs(ends.peer.sin_port) != peer_port ||
        ends.peer.sin_addr.s_addr != address.s_addr) {
      continue;
    }
    socket_ = FileHandle(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
    return socket_.valid() ? std::error_code() : last_error();
  }
  return error ? error : std::make_error_code(std::errc::not_connected);
}

void AcceptedConnection::limit_unread(std::size_t bytes) {
  const int size = static_cast<int>(bytes);
  ::setsockopt(descriptor_of(socket_), SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
}

AcceptedConnection::Ready AcceptedConnection::wait(std::chrono::milliseconds at_most) {
  pollfd both[] = {{descriptor_of(socket_), POLLIN, 0}, {descriptor_of(bell_), POLLIN, 0}};
  if (::poll(both, 2, static_cast<int>(at_most.count())) <= 0) return {};
  if (both[1].revents != 0) {
    eventfd_t ignored = 0;
    ::eventfd_read(descriptor_of(bell_), &ignored);
  }
  return {both[0].revents != 0, both[1].revents != 0};
}

void AcceptedConnection::wake() { ::eventfd_write(descriptor_of(bell_), 1); }

std::size_t AcceptedConnection::receive(char* to, std::size_t size, std::error_code& error) {
  error.clear();
  for (;;) {
    const ssize_t count = ::recv(descriptor_of(socket_), to, size, MSG_DONTWAIT);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EINTR) continue;
    error =
        errno == EAGAIN ? std::make_error_code(std::errc::operation_would_block) : last_error();
    return 0;
  }
}

void AcceptedConnection::end() { ::shutdown(descriptor_of(socket_), SHUT_RDWR); }

}  // namespace mien::system
