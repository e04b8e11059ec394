#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

namespace mien::sources {

/// Throws Error, with a sentence per reason, when `path` is missing, forbidden, empty or not a
/// file.
void check_input_file(const std::filesystem::path& path);

/// The first `count` bytes of a file, fewer when it is shorter, none when it cannot be read.
std::vector<std::uint8_t> first_bytes(const std::filesystem::path& path, std::size_t count);

/// Throws Error when `start`, the beginning of the file, is that of a HEIC, which OpenCV does
/// not read.
void refuse_heic(const std::filesystem::path& path, std::span<const std::uint8_t> start);

/// The bytes of a picture that is whole, as far as its kind tells, and not too large to decode.
/// Throws Error with a sentence per reason.
std::vector<std::uint8_t> image_bytes(const std::filesystem::path& path);

/// Reads a picture as 8-bit BGR, turned as its EXIF says, transparent parts on white, its
/// longer side at most 8192 pixels. Of an animation or of several pages, the first picture.
/// `pictures`, when given, becomes how many the file holds, at least 1: pages of a TIFF, JPEGs
/// one behind the other; 2 for an animation. Throws Error with a sentence per reason.
cv::Mat load_image(const std::filesystem::path& path, std::size_t* pictures = nullptr);

}  // namespace mien::sources
