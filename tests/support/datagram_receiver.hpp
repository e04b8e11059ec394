#pragma once

#include <arpa/inet.h>
#include <cstdint>
#include <netinet/in.h>
#include <optional>
#include <string>

#include <sys/socket.h>
#include <unistd.h>

namespace mien::testing {

/// Receives UDP on a free port of 127.0.0.1.
class DatagramReceiver {
 public:
  DatagramReceiver() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ok_ = ::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
          ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    port_ = ntohs(address.sin_port);
    const timeval patience{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~DatagramReceiver() { ::close(socket_); }
  DatagramReceiver(const DatagramReceiver&) = delete;
  DatagramReceiver& operator=(const DatagramReceiver&) = delete;

  bool ok() const { return ok_; }
  std::uint16_t port() const { return port_; }

  /// The next datagram; nothing when none comes for twenty seconds.
  std::optional<std::string> receive() {
    std::string bytes(65536, '\0');
    const auto got = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (got < 0) return std::nullopt;
    bytes.resize(static_cast<std::size_t>(got));
    return bytes;
  }

 private:
  const int socket_;
  bool ok_ = false;
  std::uint16_t port_ = 0;
};

}  // namespace mien::testing
