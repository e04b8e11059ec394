#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include "mien/system/file_handle.hpp"

namespace mien::system {

/// Sends datagrams (UDP, of IPv4 or IPv6) to one address. One thread at a time.
class DatagramSocket {
 public:
  DatagramSocket() = default;

  /// Looks `host`, a name or an address, up, which may take as long as the network likes, and
  /// sends there from now on. Broadcast addresses are allowed. The error is host_unreachable
  /// when nobody knows the name, resource_unavailable_try_again when nobody can be asked.
  std::error_code open(const std::string& host, std::uint16_t port);

  /// Sends one datagram, or nothing; never waits. The error is operation_would_block when the
  /// system has no room for it, message_size when it is too large, and connection_refused when
  /// the machine said that nobody listens there to one that was sent *before*; this one is then
  /// not sent.
  std::error_code send(std::string_view bytes);

 private:
  FileHandle handle_;
};

}  // namespace mien::system
