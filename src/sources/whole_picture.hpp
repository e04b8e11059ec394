#pragma once

#include <cstdint>
#include <span>

#include <opencv2/core.hpp>

namespace mien {

/// Whether the bytes start like a JPEG file.
bool is_jpeg(std::span<const std::uint8_t> bytes);

/// Whether a JPEG goes on to its end marker: libjpeg fills what a truncated one lacks with gray
/// and calls it good. What follows the end does not matter, nor does a thumbnail inside the
/// header.
bool is_whole_jpeg(std::span<const std::uint8_t> bytes);

/// Pixels of a picture as its header says, for JPEG and PNG; 0x0 for others. For a look before
/// decoding: a small file may unfold to gigabytes.
cv::Size announced_size(std::span<const std::uint8_t> bytes);

/// Whether a PNG goes on to its end chunk.
bool is_whole_png(std::span<const std::uint8_t> bytes);

/// Whether the bytes are the beginning of a JPEG or PNG whose end is missing.
bool is_cut_off(std::span<const std::uint8_t> bytes);

}  // namespace mien
