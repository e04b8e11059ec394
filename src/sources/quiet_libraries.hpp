#pragma once

namespace mien {

/// Keeps OpenCV and FFmpeg from writing to stderr what this program says in one sentence. For
/// the whole process; OPENCV_LOG_LEVEL and OPENCV_FFMPEG_LOGLEVEL bring their words back.
void quiet_libraries();

}  // namespace mien
