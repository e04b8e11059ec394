#pragma once

#include <filesystem>

namespace mien::media {

/// Whether a file's name ends like that of a picture that this program reads, in any case of
/// letters. The file itself is not looked at and need not be there. Never throws.
bool looks_like_image(const std::filesystem::path& path) noexcept;

/// The same of a video. A name is never both.
bool looks_like_video(const std::filesystem::path& path) noexcept;

/// The same of a picture of a kind that is read through the video library (GIF, AVIF), or not
/// at all (HEIC): in a folder it is a picture, whatever becomes of it.
bool looks_like_rare_image(const std::filesystem::path& path) noexcept;

}  // namespace mien::media
