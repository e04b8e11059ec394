#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include <opencv2/core.hpp>

namespace mien {

/// Reads a session's video back. One thread.
class VideoReader {
 public:
  /// Throws Error when it is not there or not a video.
  explicit VideoReader(const std::filesystem::path& file);
  ~VideoReader();
  VideoReader(const VideoReader&) = delete;
  VideoReader& operator=(const VideoReader&) = delete;

  /// Decodes all frames in order and tells the presentation time of each, in milliseconds,
  /// without converting its pixels. Returns how many packets could not be decoded. Throws
  /// Error when the file cannot be read on.
  std::uint64_t for_each_frame(const std::function<void(std::int64_t milliseconds)>& tell);

  /// The picture (8-bit BGR, its own) that is presented at exactly `milliseconds`, or nothing.
  /// Any order, cheapest forwards.
  std::optional<cv::Mat> at(std::int64_t milliseconds);

  cv::Size size() const;

 private:
  class Stream;
  std::unique_ptr<Stream> stream_;
};

}  // namespace mien
