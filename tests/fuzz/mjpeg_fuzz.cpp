// The bytes of a stream, arriving in pieces.

#include <algorithm>

#include "fuzz.hpp"
#include "mjpeg_parser.hpp"

namespace mien::fuzz {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  media::MjpegParser parser;
  std::size_t given = 0;
  for (std::size_t at = 0; at < size;) {
    const auto count = std::min<std::size_t>(size - at, 1 + data[at] % 97);
    parser.push({data + at, count});
    at += count;
    while (const auto picture = parser.next()) given += picture->size();
  }
  if (given > 2 * size + 4096) std::abort();  // an end marker may be added, nothing else
  return 0;
}

}  // namespace mien::fuzz
