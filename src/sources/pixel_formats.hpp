#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <opencv2/core.hpp>

namespace mien::sources {

/// Whether decode_pixels() knows the V4L2 format.
bool can_decode(std::uint32_t fourcc);

/// The rows of a picture's planes, which a multi-planar driver gives one by one, in one piece
/// without padding: as decode_pixels() takes them with stride 0. Empty when they do not
/// suffice.
std::vector<std::uint8_t> joined_planes(std::uint32_t fourcc, cv::Size size,
                                        std::span<const std::span<const std::uint8_t>> planes,
                                        std::span<const std::size_t> strides);

/// Every one of them, best first.
std::span<const std::uint32_t> readable_formats();

/// 0 is the best to ask a camera for: MJPG before raw ones, which are slow at large sizes.
int format_rank(std::uint32_t fourcc);

/// A fresh BGR picture from a camera's buffer; `stride` is the bytes of a row of the first
/// plane (0: no padding). Empty when the buffer is too short or is not a whole JPEG.
cv::Mat decode_pixels(std::uint32_t fourcc, cv::Size size, std::size_t stride,
                      std::span<const std::uint8_t> bytes, bool complete_jpeg = false);

}  // namespace mien::sources
