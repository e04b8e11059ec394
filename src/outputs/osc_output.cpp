#include <atomic>
#include <cstdint>
#include <string>

#include "mien/base/error.hpp"
#include "mien/base/numbers.hpp"
#include "mien/system/datagram_socket.hpp"

#include "capture_clock.hpp"
#include "osc_messages.hpp"
#include "protocols.hpp"

namespace mien::outputs {
namespace {

/// Receivers have buffers of 4096 bytes and more; a network takes that in three packets.
constexpr std::size_t kLargestDatagram = 4096;
constexpr const char* kOscHost = "127.0.0.1";
constexpr std::uint16_t kOscPort = 9000;

struct OscPlace {
  std::string host = kOscHost;
  std::uint16_t port = kOscPort;
};

/// "HOST:PORT", "HOST", "PORT" or ":PORT"; an IPv6 address is written "[::1]:9000".
OscPlace parse_osc_place(std::string_view text) {
  OscPlace result;
  const auto wrong = [&](const std::string& what) {
    return base::Error("OSC cannot be sent to \"" + std::string(text) + "\": " + what +
                       "; write HOST:PORT, for example 127.0.0.1:9000.");
  };
  if (text.empty()) return result;
  const bool number = text.find_first_not_of("0123456789") == text.npos;
  std::string_view host = number ? std::string_view() : text;
  std::string_view port = number ? text : std::string_view();
  if (text.front() == '[') {
    const auto end = text.find(']');
    if (end == text.npos) throw wrong("the bracket is not closed");
    host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (!port.empty() && port.front() != ':') throw wrong("a port follows a colon");
    if (!port.empty()) port.remove_prefix(1);
    if (host.empty()) throw wrong("there is no address in the brackets");
  } else if (const auto colon = host.find(':'); colon != host.npos) {
    if (host.find(':', colon + 1) != host.npos) {
      throw wrong("an address with several colons stands in brackets, [::1]:9000");
    }
    port = host.substr(colon + 1);
    host = host.substr(0, colon);
    if (port.empty()) throw wrong("there is no port behind the colon");
  }
  for (const char c : host) {
    if (c <= ' ' || c == '/' || c == 0x7F)
      throw wrong("a host has no spaces and slashes in it");
  }
  if (!host.empty()) result.host = host;
  if (!port.empty() && (!base::parse_number(port, result.port) || result.port == 0)) {
    throw wrong("a port is a number from 1 to 65535");
  }
  return result;
}

class OscOutput : public Sender {
 public:
  explicit OscOutput(std::string_view argument) : to_(parse_osc_place(argument)) {}

  void open() override {
    const auto error = socket_.open(to_.host, to_.port);
    if (!error) return;
    if (error == std::errc::host_unreachable) {
      throw base::Error("OSC cannot be sent to " + address() + ": nobody knows the host \"" +
                        to_.host + "\"; check its name, or write its address.");
    }
    throw base::Error("OSC cannot be sent to " + address() + ": " + error.message() +
                      "; check the network and the address.");
  }

  void send(const base::AnalyzedFrame& frame) override {
    bool all = true;
    const auto groups = osc_groups(frame, names_);
    for (const auto& bundle :
         osc_bundles(groups, osc_time(wall_time(clock_.taken(frame))), kLargestDatagram)) {
      all = send_one(bundle) && all;
    }
    if (!all) ++lost_;
  }

  void mark(const Marker& marker) override {
    for (const auto& bundle : osc_bundles({{osc_marker(marker.text)}},
                                          osc_time(wall_time(marker.at)), kLargestDatagram)) {
      send_one(bundle);
    }
  }

  void use_names(const std::map<int, std::string>& names) override { names_ = names; }

  std::string listeners() const override { return refused_ ? "nobody listens" : ""; }
  std::string address() const override {
    const bool brackets = to_.host.find(':') != std::string::npos;
    return (brackets ? "[" + to_.host + "]" : to_.host) + ":" + std::to_string(to_.port);
  }
  std::uint64_t lost() const override { return lost_; }

 private:
  bool send_one(const std::string& datagram) {
    auto error = socket_.send(datagram);
    if (error == std::errc::connection_refused) {
      // That was the answer to an earlier one: whoever has just begun to listen gets this one.
      refused_ = true;
      error = socket_.send(datagram);
      if (error == std::errc::connection_refused) return false;
    } else if (!error) {
      refused_ = false;
    }
    if (!error) return true;
    if (error == std::errc::operation_would_block) return false;
    throw base::Error("OSC can no longer be sent to " + address() + ": " + error.message() +
                      "; check the network.");
  }

  const OscPlace to_;
  system::DatagramSocket socket_;
  CaptureClock clock_;
  std::map<int, std::string> names_;
  std::atomic<bool> refused_{false};
  std::atomic<std::uint64_t> lost_{0};
};

}  // namespace

std::unique_ptr<Sender> make_osc_output(std::string_view argument,
                                        const Services& /*services*/) {
  return std::make_unique<OscOutput>(argument);
}

}  // namespace mien::outputs
