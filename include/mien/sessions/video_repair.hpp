#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mien {

/// The presentation times of a video's pictures, in milliseconds and in order, without decoding
/// them; as far as the file goes. Empty when it is not a video, or holds no whole picture.
std::vector<std::int64_t> video_times(const std::filesystem::path& file);

/// What a video's header says.
struct VideoFacts {
  std::string encoder;  ///< as video_encoders() call it, or FFmpeg's name of the codec
  int width = 0;        ///< pixels
  int height = 0;
};
/// Nothing when it is not a video.
std::optional<VideoFacts> video_facts(const std::filesystem::path& file);

/// Copies the first `frames` pictures into a new file, not encoding anew, with the index and
/// the duration that a file lacks which was never closed. Throws Error; then there is no new
/// file.
void copy_video(const std::filesystem::path& from, const std::filesystem::path& to,
                std::uint64_t frames);

}  // namespace mien
