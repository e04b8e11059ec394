#pragma once

#include <filesystem>

struct AVFormatContext;

namespace mien {

/// The only format in which a session's video is read. What a stranger calls video.mkv could
/// otherwise be a playlist of other files and addresses.
inline constexpr const char* kSessionVideoFormat = "matroska";

/// More pixels than a picture of mien's has; decoders refuse what is larger.
inline constexpr long long kMostVideoPixels = 8192LL * 8192;

/// Throws Error unless it is a regular file: a FIFO would never be opened.
void check_session_video(const std::filesystem::path& file);

/// Opens the video of a session for copying its packets, whatever its name looks like to
/// FFmpeg. Returns FFmpeg's error code, 0 for none; `format` is the caller's to close then.
int open_session_video(AVFormatContext*& format, const std::filesystem::path& file);

}  // namespace mien
