#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "support/http_server.hpp"

namespace mien::testing {

/// A network camera on this computer that speaks RTSP, with its pictures over the same
/// connection: H.264 as in RFC 6184, single units and FU-A.
class RtspCamera : public LoopbackServer {
 public:
  /// `h264` is an elementary stream with start codes; its pictures are sent at `fps`, once.
  RtspCamera(const std::string& h264, int fps)
      : LoopbackServer(
            [units = split(h264), fps](Client& client) { serve(client, units, fps); }) {}

 private:
  using Units = std::vector<std::string>;
  static constexpr std::size_t kMaxPacket = 1200;
  static constexpr int kClock = 90000;

  static Units split(std::string_view stream) {
    constexpr std::string_view kStart("\0\0\1", 3);
    Units units;
    for (auto at = stream.find(kStart); at != std::string_view::npos;) {
      const auto next = stream.find(kStart, at + 3);
      auto unit = stream.substr(at + 3, next == std::string_view::npos ? next : next - at - 3);
      while (unit.ends_with('\0')) unit.remove_suffix(1);  // of a start code of four bytes
      if (!unit.empty()) units.emplace_back(unit);
      at = next;
    }
    return units;
  }

  static int kind(const std::string& unit) { return unit[0] & 0x1F; }
  /// Whether this unit is the first of a picture that follows a picture.
  static bool begins_picture(const std::string& unit) {
    if (kind(unit) >= 6 && kind(unit) <= 9) return true;
    return (kind(unit) == 1 || kind(unit) == 5) && unit.size() > 1 && (unit[1] & 0x80) != 0;
  }
  static bool is_slice(const std::string& unit) { return kind(unit) == 1 || kind(unit) == 5; }

  static void serve(Client& client, const Units& units, int fps) {
    for (;;) {
      const auto request = client.receive_head();
      if (request.empty()) return;
      const auto word = request.substr(0, request.find(' '));
      auto number = request.substr(request.find("CSeq:"));
      number = number.substr(0, number.find('\r'));
      std::string answer = "RTSP/1.0 200 OK\r\n" + number + "\r\nSession: 1\r\n";
      if (word == "OPTIONS") {
        answer += "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n";
      } else if (word == "DESCRIBE") {
        const std::string session =
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=camera\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
            "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
            "a=fmtp:96 packetization-mode=1\r\na=control:track\r\n";
        answer += "Content-Type: application/sdp\r\nContent-Length: " +
                  std::to_string(session.size()) + "\r\n\r\n" + session;
      } else if (word == "SETUP") {
        answer += "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n";
      } else {
        answer += "\r\n";
      }
      if (!client.send(answer) || word == "TEARDOWN") return;
      if (word == "PLAY") return play(client, units, fps);
    }
  }

  static void play(Client& client, const Units& units, int fps) {
    std::uint16_t sequence = 0;
    std::uint32_t time = 0;
    const auto send = [&](const std::string& payload, bool last) {
      std::string packet = {'\x80', static_cast<char>(96 | (last ? 0x80 : 0))};
      const auto put = [&packet](std::uint32_t value, int bytes) {
        while (bytes-- > 0) packet += static_cast<char>(value >> (8 * bytes) & 0xFF);
      };
      put(sequence++, 2);
      put(time, 4);
      put(0x6D69656E, 4);
      packet += payload;
      const auto size = packet.size();
      return client.send(
          std::string{'$', '\0', static_cast<char>(size >> 8), static_cast<char>(size & 0xFF)} +
          packet);
    };
    bool in_picture = false;
    for (std::size_t i = 0; i < units.size(); ++i) {
      const auto& unit = units[i];
      if (in_picture && begins_picture(unit)) {
        in_picture = false;
        time += static_cast<std::uint32_t>(kClock / fps);
        std::this_thread::sleep_for(std::chrono::milliseconds(1000 / fps));
      }
      in_picture = in_picture || is_slice(unit);
      const bool ends = i + 1 == units.size() || (in_picture && begins_picture(units[i + 1]));
      if (unit.size() <= kMaxPacket) {
        if (!send(unit, ends)) return;
        continue;
      }
      for (std::size_t at = 1; at < unit.size(); at += kMaxPacket) {
        const bool first = at == 1, last = at + kMaxPacket >= unit.size();
        const std::string part = {
            static_cast<char>((unit[0] & 0xE0) | 28),
            static_cast<char>(kind(unit) | (first ? 0x80 : 0) | (last ? 0x40 : 0))};
        if (!send(part + unit.substr(at, kMaxPacket), ends && last)) return;
      }
    }
  }
};

}  // namespace mien::testing
