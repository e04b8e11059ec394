#include "web_address.hpp"

#include "mien/base/error.hpp"
#include "mien/base/numbers.hpp"
#include "mien/base/text.hpp"
#include "mien/outputs/output.hpp"

namespace mien::outputs {
namespace {

constexpr std::string_view kOpen = ",open";

/// Four numbers below 256 with points between them, no leading zeros.
bool is_ipv4(std::string_view text) {
  for (int parts = 1;; ++parts) {
    const auto [part, rest] = base::split(text, '.');
    int number = -1;
    if (part.size() > 3 || !base::parse_number(part, number) || number < 0 || number > 255) {
      return false;
    }
    if (part.size() > 1 && part.front() == '0') return false;
    if (parts == 4) return part.size() == text.size();
    if (part.size() == text.size()) return false;
    text = rest;
  }
}

}  // namespace

bool is_loopback(std::string_view address) {
  return is_ipv4(address) && address.substr(0, 4) == "127.";
}

WebAddress parse_web_address(std::string_view argument) {
  WebAddress result;
  const auto wrong = [&](const std::string& what) {
    return base::Error("The web output cannot listen at \"" + std::string(argument) +
                       "\": " + what + "; write a PORT or ADDRESS:PORT, for example 8600.");
  };
  auto text = argument;
  if (text.size() >= kOpen.size() && text.substr(text.size() - kOpen.size()) == kOpen) {
    result.open = true;
    text.remove_suffix(kOpen.size());
  }
  if (text.empty()) return result;
  const auto colon = text.rfind(':');
  const auto port = colon == text.npos ? text : text.substr(colon + 1);
  if (colon != text.npos) {
    const auto host = text.substr(0, colon);
    if (host.find(':') != host.npos) throw wrong("it has no addresses of IPv6");
    result.host = base::ascii_lower(host) == "localhost" ? "127.0.0.1" : std::string(host);
    if (!is_ipv4(result.host)) throw wrong("an address is four numbers, as 127.0.0.1");
  }
  if (!base::parse_number(port, result.port) || result.port == 0) {
    throw wrong("a port is a number from 1 to 65535");
  }
  if (!result.open && !is_loopback(result.host)) {
    const std::string meant =
        result.host + ":" + std::to_string(result.port) + std::string(kOpen);
    throw NeedsConsent(
        "At " + result.host +
            " every computer of the network could ask what faces show, and the way there is "
            "not encrypted; if that is meant, write web:" +
            meant + ", and whoever reads needs the token.",
        "At " + result.host +
            " every computer of your network can reach this one's readings of the faces before "
            "the camera. Whoever reads needs the token that the Send menu copies, but the way "
            "there is not encrypted: others in the network can listen, and learn the token.",
        meant);
  }
  return result;
}

}  // namespace mien::outputs
