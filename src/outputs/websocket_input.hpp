#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mien::outputs {

/// What a listener sends over its WebSocket (RFC 6455, from the client): nothing that is
/// wanted, so messages are passed over byte by byte and never kept, whatever length they
/// announce.
class WebSocketInput {
 public:
  enum class What {
    ping,  ///< to be answered by a pong with `content`
    pong,
    close,  ///< the listener leaves; to be answered with `code`
    broken  ///< no WebSocket: to be closed with `code`; nothing comes after it
  };
  struct Event {
    What what = What::pong;
    std::uint16_t code = 1000;
    std::string content{};
  };

  /// Takes the next bytes, cut anywhere, and appends what they hold.
  void take(std::string_view bytes, std::vector<Event>& events);

 private:
  void begin(std::vector<Event>& events);
  void end_frame(std::vector<Event>& events);
  void fail(std::uint16_t code, std::vector<Event>& events);
  std::size_t header_size() const;

  std::array<unsigned char, 14> header_{};
  std::size_t have_ = 0;  ///< of the header
  bool in_payload_ = false;
  std::uint64_t left_ = 0;  ///< of the payload
  std::uint64_t done_ = 0;
  std::string control_;      ///< a control frame's payload: 125 bytes at most
  bool in_message_ = false;  ///< a message that was not final
  bool broken_ = false;
};

}  // namespace mien::outputs
