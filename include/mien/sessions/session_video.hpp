#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/media/video_decoder.hpp"

namespace mien::sessions {

/// Reads a session's video back. One thread.
class VideoReader {
 public:
  /// Throws Error when it is not there or not a video.
  explicit VideoReader(const std::filesystem::path& file);

  /// Decodes all frames in order and tells the presentation time of each, in milliseconds,
  /// without converting its pixels. Returns how many packets could not be decoded. Throws
  /// Error when the file cannot be read on.
  std::uint64_t for_each_frame(const std::function<void(std::int64_t milliseconds)>& tell);

  /// The picture (8-bit BGR, its own) that is presented at exactly `milliseconds`, or nothing.
  /// Any order, cheapest forwards.
  std::optional<cv::Mat> at(std::int64_t milliseconds);

  cv::Size size() const;

 private:
  /// Decodes the next frame and gives its time; nothing at the end. Throws Error when the file
  /// cannot be read on.
  std::optional<std::int64_t> next();
  void rewind_to(std::int64_t milliseconds);
  [[noreturn]] void fail(const std::string& reason) const;

  std::filesystem::path file_;
  std::optional<media::VideoDecoder> decoder_;  ///< always there once constructed
  std::optional<std::int64_t> last_;            ///< the time of the frame that was decoded last
};

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

}  // namespace mien::sessions
