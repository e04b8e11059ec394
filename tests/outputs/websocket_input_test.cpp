#include "websocket_input.hpp"

#include <gtest/gtest.h>

namespace mien::outputs {
namespace {

using What = WebSocketInput::What;

/// A masked frame; `first` with FIN and the opcode.
std::string client_frame(unsigned first, const std::string& payload) {
  std::string frame(1, static_cast<char>(first));
  const auto size = payload.size();
  if (size < 126) {
    frame += static_cast<char>(0x80U | size);
  } else if (size < 65536) {
    frame += static_cast<char>(0x80U | 126U);
    frame += static_cast<char>(size >> 8U);
    frame += static_cast<char>(size & 0xFFU);
  } else {
    frame += static_cast<char>(0x80U | 127U);
    for (int shift = 56; shift >= 0; shift -= 8)
      frame += static_cast<char>(size >> shift & 0xFFU);
  }
  const std::string mask = "\x01\xFE\x37\x80";
  frame += mask;
  for (std::size_t i = 0; i < size; ++i) {
    frame += static_cast<char>(payload[i] ^ mask[i % 4]);
  }
  return frame;
}

std::vector<WebSocketInput::Event> events_of(const std::string& bytes, std::size_t piece) {
  WebSocketInput input;
  std::vector<WebSocketInput::Event> events;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    input.take(std::string_view(bytes).substr(at, piece), events);
  }
  return events;
}

TEST(WebSocketInput, FindsWhatMattersHoweverItIsCut) {
  const std::string bytes = client_frame(0x81, "a text") + client_frame(0x89, "ping") +
                            client_frame(0x02, std::string(70'000, 'x')) +
                            client_frame(0x8A, "") + client_frame(0x80, std::string(200, 'y')) +
                            client_frame(0x89, std::string(125, 'z')) +
                            client_frame(0x88, "\x03\xE8");
  for (const std::size_t piece : {1, 2, 3, 7, 4096, 1'000'000}) {
    const auto events = events_of(bytes, piece);
    ASSERT_EQ(events.size(), 4U) << piece;
    EXPECT_EQ(events[0].what, What::ping);
    EXPECT_EQ(events[0].content, "ping");
    EXPECT_EQ(events[1].what, What::pong);
    EXPECT_EQ(events[2].content, std::string(125, 'z'));
    EXPECT_EQ(events[3].what, What::close);
    EXPECT_EQ(events[3].code, 1000);
  }
}

TEST(WebSocketInput, RefusesWhatIsNone) {
  const std::string unmasked("\x81\x02hi", 4);
  const std::string endless = "\x82" + std::string(1, '\xFF') + std::string(12, '\xFF');
  for (const auto& bytes :
       {unmasked, endless, client_frame(0xC1, "reserved"), client_frame(0x83, "unknown"),
        client_frame(0x8B, "unknown"), client_frame(0x09, "cut ping"),
        client_frame(0x89, std::string(126, 'x')), client_frame(0x80, "goes on with nothing"),
        client_frame(0x01, "begins") + client_frame(0x81, "and begins again")}) {
    const auto events = events_of(bytes + client_frame(0x89, "later"), 5);
    ASSERT_EQ(events.size(), 1U) << bytes;
    EXPECT_EQ(events[0].what, What::broken) << bytes;
    EXPECT_EQ(events[0].code, 1002) << bytes;
  }
}

TEST(WebSocketInput, PassesOverWhateverLengthIsAnnounced) {
  WebSocketInput input;
  std::vector<WebSocketInput::Event> events;
  std::string head = "\x82";
  head += static_cast<char>(0xFF);
  head += '\x7F' + std::string(7, '\xFF') + "mask";
  input.take(head, events);
  for (int i = 0; i < 100; ++i) input.take(std::string(4096, '\x89'), events);
  EXPECT_TRUE(events.empty());
}

}  // namespace
}  // namespace mien::outputs
