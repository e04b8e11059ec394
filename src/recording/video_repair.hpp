#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace mien {

/// The presentation times of a video's pictures, in milliseconds and in order, without decoding
/// them; as far as the file goes. Empty when it is not a video, or holds no whole picture.
std::vector<std::int64_t> video_times(const std::filesystem::path& file);

/// Copies the first `frames` pictures into a new file, not encoding anew, with the index and
/// the duration that a file lacks which was never closed. Throws Error; then there is no new
/// file.
void copy_video(const std::filesystem::path& from, const std::filesystem::path& to,
                std::uint64_t frames);

}  // namespace mien
