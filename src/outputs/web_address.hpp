#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mien::outputs {

/// Where the web output listens: an address of IPv4 and a port.
struct WebAddress {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8600;
  /// Whoever reads needs the token too, so that others in the network may be let in.
  bool open = false;

  bool operator==(const WebAddress&) const = default;
};

/// "[ADDRESS:]PORT[,open]"; empty: the standard one. Throws base::Error for anything else, and
/// for an address that other computers reach without ",open" behind it.
WebAddress parse_web_address(std::string_view argument);

/// Whether an address of IPv4 is this computer's own loopback, which no other computer reaches.
bool is_loopback(std::string_view address);

}  // namespace mien::outputs
