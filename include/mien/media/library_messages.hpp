#pragma once

namespace mien::media {

/// Keeps OpenCV and FFmpeg from writing on stderr, where people read what mien says. FFmpeg's
/// messages become log lines of level debug; OpenCV's warnings are let through when the log has
/// that level now, or as OPENCV_LOG_LEVEL says. Idempotent; any thread.
void redirect_library_logs();

}  // namespace mien::media
