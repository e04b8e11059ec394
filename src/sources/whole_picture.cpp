#include "whole_picture.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace mien {
namespace {

constexpr std::array<std::uint8_t, 8> kPngSignature = {0x89, 'P',  'N',  'G',
                                                       '\r', '\n', 0x1A, '\n'};

bool is_png(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= kPngSignature.size() &&
         std::equal(kPngSignature.begin(), kPngSignature.end(), bytes.begin());
}

// Calls `visit(marker, where its length stands, where the next segment starts)` for the
// segments of a JPEG's header until it returns false.
template <typename Visit>
void for_each_segment(std::span<const std::uint8_t> bytes, Visit visit) {
  if (!is_jpeg(bytes)) return;
  for (std::size_t at = 2; at + 4 <= bytes.size();) {
    if (bytes[at] != 0xFF) return;
    if (bytes[at + 1] == 0xFF) {  // fill byte
      ++at;
      continue;
    }
    const std::size_t next = at + 2 + bytes[at + 2] * 256U + bytes[at + 3];
    if (!visit(bytes[at + 1], at + 2, next)) return;
    at = next;
  }
}

}  // namespace

bool is_jpeg(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 4 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF;
}

bool is_whole_jpeg(std::span<const std::uint8_t> bytes) {
  std::size_t at = 0;
  bool in_scan = false;
  // The thumbnail, with its own end marker, lies in one of the header's segments.
  for_each_segment(bytes, [&](std::uint8_t marker, std::size_t, std::size_t next) {
    at = next;
    in_scan = marker == 0xDA;
    return !in_scan;
  });
  // From there on 0xFF 0xD9 can only be the end marker: entropy-coded 0xFF is followed by 0x00.
  for (; in_scan && at + 2 <= bytes.size(); ++at) {
    if (bytes[at] == 0xFF && bytes[at + 1] == 0xD9) return true;
  }
  return false;
}

cv::Size announced_size(std::span<const std::uint8_t> bytes) {
  const auto number = [&](std::size_t at, int count) {
    std::int64_t value = 0;
    for (int i = 0; i < count; ++i) value = value * 256 + bytes[at + i];
    return static_cast<int>(std::min<std::int64_t>(value, std::numeric_limits<int>::max()));
  };
  if (is_png(bytes) && bytes.size() >= 24) return {number(16, 4), number(20, 4)};
  cv::Size size;
  for_each_segment(bytes, [&](std::uint8_t marker, std::size_t start, std::size_t next) {
    const bool frame =
        marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (frame && start + 7 <= std::min(next, bytes.size())) {
      size = {number(start + 5, 2), number(start + 3, 2)};
    }
    return !frame && marker != 0xDA;
  });
  return size;
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
