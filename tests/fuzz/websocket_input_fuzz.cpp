#include "fuzz.hpp"
#include "websocket_input.hpp"

namespace mien::fuzz {

/// The first byte tells how large the pieces are in which the others come.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = 1U + data[0];
  const auto bytes = fuzz::text_of(data + 1, size - 1);
  std::vector<outputs::WebSocketInput::Event> whole;
  outputs::WebSocketInput at_once;
  at_once.take(bytes, whole);
  std::vector<outputs::WebSocketInput::Event> cut;
  outputs::WebSocketInput in_pieces;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    in_pieces.take(bytes.substr(at, piece), cut);
  }
  if (whole.size() != cut.size()) std::abort();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (whole[i].what != cut[i].what || whole[i].code != cut[i].code ||
        whole[i].content != cut[i].content || whole[i].content.size() > 125) {
      std::abort();
    }
  }
  return 0;
}

}  // namespace mien::fuzz
