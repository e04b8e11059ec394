#include "whole_picture.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace mien {
namespace {

constexpr std::array<std::uint8_t, 8> kPngSignature = {0x89, 'P',  'N',  'G',
                                                       '\r', '\n', 0x1A, '\n'};

bool is_png(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= kPngSignature.size() &&
         std::equal(kPngSignature.begin(), kPngSignature.end(), bytes.begin());
}

}  // namespace

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

bool is_whole_png(std::span<const std::uint8_t> bytes) {
  if (!is_png(bytes)) return false;
  // Chunks: length, type, data, checksum.
  for (std::size_t at = kPngSignature.size(); at + 12 <= bytes.size();) {
    const std::size_t length = (std::size_t{bytes[at]} << 24) | (bytes[at + 1] << 16) |
                               (bytes[at + 2] << 8) | bytes[at + 3];
    if (std::memcmp(&bytes[at + 4], "IEND", 4) == 0) return true;
    at += length + 12;
  }
  return false;
}

bool is_cut_off(std::span<const std::uint8_t> bytes) {
  return (is_jpeg(bytes) && !is_whole_jpeg(bytes)) || (is_png(bytes) && !is_whole_png(bytes));
}

}  // namespace mien
