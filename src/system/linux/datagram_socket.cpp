#include "mien/system/datagram_socket.hpp"

#include <memory>
#include <netdb.h>

#include <sys/socket.h>

#include "native.hpp"

namespace mien::system {
namespace {

std::error_code lookup_error(int code) {
  switch (code) {
    case EAI_SYSTEM:
      return last_error();
    case EAI_AGAIN:
      return std::make_error_code(std::errc::resource_unavailable_try_again);
    case EAI_MEMORY:
      return std::make_error_code(std::errc::not_enough_memory);
    default:
      return std::make_error_code(std::errc::host_unreachable);
  }
}

std::error_code connect_to(const addrinfo& address, FileHandle& handle) {
  const int descriptor =
      ::socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC, address.ai_protocol);
  if (descriptor < 0) return last_error();
  handle = FileHandle(descriptor);
  const int yes = 1;
  if (address.ai_family == AF_INET &&
      ::setsockopt(descriptor, SOL_SOCKET, SO_BROADCAST, &yes, sizeof yes) != 0) {
    return last_error();
  }
  if (::connect(descriptor, address.ai_addr, address.ai_addrlen) != 0) return last_error();
  return {};
}

}  // namespace

std::error_code DatagramSocket::open(const std::string& host, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_DGRAM;
  wanted.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
  if (code != 0) return lookup_error(code);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  auto error = std::make_error_code(std::errc::host_unreachable);
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    FileHandle handle;
    error = connect_to(*each, handle);
    if (error) continue;
    handle_ = std::move(handle);
    return {};
  }
  return error;
}

std::error_code DatagramSocket::send(std::string_view bytes) {
  for (;;) {
    const ssize_t sent =
        ::send(descriptor_of(handle_), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) return {};
    if (errno == EAGAIN || errno == ENOBUFS) {
      return std::make_error_code(std::errc::operation_would_block);
    }
    if (errno != EINTR) return last_error();
  }
}

}  // namespace mien::system
