#include "jpeg_check.hpp"

namespace mien {

bool is_jpeg(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 4 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF;
}

bool is_whole_jpeg(std::span<const std::uint8_t> bytes) {
  if (!is_jpeg(bytes)) return false;
  // Over the header's segments (marker, then length) to the start of scan; the thumbnail with
  // its own end marker lies in one of them.
  std::size_t at = 2;
  while (at + 4 <= bytes.size()) {
    if (bytes[at] != 0xFF) return false;
    const std::uint8_t marker = bytes[at + 1];
    if (marker == 0xFF) {  // fill byte
      ++at;
      continue;
    }
    const std::size_t length = bytes[at + 2] * 256U + bytes[at + 3];
    at += 2 + length;
    if (marker == 0xDA) break;
  }
  // From there on 0xFF 0xD9 can only be the end marker: entropy-coded 0xFF is followed by 0x00.
  for (; at + 2 <= bytes.size(); ++at) {
    if (bytes[at] == 0xFF && bytes[at + 1] == 0xD9) return true;
  }
  return false;
}

}  // namespace mien
