#pragma once

#include <filesystem>

struct AVFormatContext;

namespace mien {

/// Opens the video of a session for reading: Matroska in a regular file, whatever its name
/// looks like to FFmpeg. What a stranger calls video.mkv could otherwise be a playlist of other
/// files and addresses, or a FIFO that is never opened. Returns FFmpeg's error code, 0 for
/// none; `format` is the caller's to close then.
int open_session_video(AVFormatContext*& format, const std::filesystem::path& file);

/// More pixels than a picture of mien's has; decoders refuse what is larger.
inline constexpr long long kMostVideoPixels = 8192LL * 8192;

}  // namespace mien
