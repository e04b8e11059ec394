#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include <opencv2/core.hpp>

namespace mien::sources {

/// Whether a video file ends before it should, by what its container says of its own length:
/// MP4 and MOV (boxes), Matroska and WebM (segment), AVI (RIFF), MPEG-TS (whole packets), WMV
/// (its header), GIF, animated PNG and FLV (their parts), Ogg (its last pages). A container
/// that says nothing is taken to be whole, and so is what cannot be read.
bool is_cut_off_video(const std::filesystem::path& file);

/// Whether the bytes start like a JPEG file.
bool is_jpeg(std::span<const std::uint8_t> bytes);

/// Whether a JPEG goes on to its end marker: libjpeg fills what a truncated one lacks with gray
/// and calls it good. What follows the end does not matter, nor does a thumbnail inside the
/// header.
bool is_whole_jpeg(std::span<const std::uint8_t> bytes);

/// Pixels of a picture as its header says, for JPEG, PNG, WebP, TIFF, BMP, PNM and JPEG 2000;
/// 0x0 for others. For a look before decoding: a small file may unfold to gigabytes.
cv::Size announced_size(std::span<const std::uint8_t> bytes);

/// Whether a PNG goes on to its end chunk.
bool is_whole_png(std::span<const std::uint8_t> bytes);

/// Takes the colour profile out of a whole PNG. Nothing here uses it, and libpng writes on
/// stderr what it finds wrong with it, as with that of many programs.
void drop_png_profile(std::vector<std::uint8_t>& bytes);

/// A PNG that moves: its animation is announced before its first picture.
bool is_animated_png(std::span<const std::uint8_t> bytes);

/// A WebP that moves.
bool is_animated_webp(std::span<const std::uint8_t> bytes);

bool is_webp(std::span<const std::uint8_t> bytes);
bool is_png(std::span<const std::uint8_t> bytes);
bool is_tiff(std::span<const std::uint8_t> bytes);

/// A phone's HEIC or HEIF, which nothing here decodes.
bool is_heic(std::span<const std::uint8_t> bytes);

/// How many whole JPEG pictures follow one another without anything between them, at least 1
/// for a JPEG; 0 for anything else.
std::size_t count_concatenated_jpegs(std::span<const std::uint8_t> bytes);

/// The EXIF block of a WebP or PNG, as it lies in the file; empty when there is none.
std::span<const std::uint8_t> exif_of(std::span<const std::uint8_t> bytes);

/// Whether the bytes are the beginning of a JPEG, PNG, WebP or plain BMP whose end is missing.
bool is_cut_off(std::span<const std::uint8_t> bytes);

}  // namespace mien::sources
