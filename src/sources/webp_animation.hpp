#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <opencv2/core.hpp>

struct WebPAnimDecoder;

namespace mien::sources {

/// Decodes an animated WebP, which neither OpenCV nor FFmpeg does here. One thread.
class WebpAnimation {
 public:
  /// The file's bytes. count() is 0 when they are not an animated WebP.
  explicit WebpAnimation(std::vector<std::uint8_t> bytes);
  ~WebpAnimation();
  WebpAnimation(const WebpAnimation&) = delete;
  WebpAnimation& operator=(const WebpAnimation&) = delete;

  std::uint32_t count() const { return count_; }  ///< pictures; 0 when it cannot be decoded
  cv::Size size() const { return size_; }

  struct Picture {
    cv::Mat bgr;
    std::chrono::milliseconds time{0};  ///< when it is shown first
  };
  /// The next one, whole; nothing at the end, or where it is damaged.
  std::optional<Picture> next();

 private:
  const std::vector<std::uint8_t> bytes_;
  WebPAnimDecoder* decoder_ = nullptr;
  std::uint32_t count_ = 0;
  cv::Size size_;
  int shown_until_ = 0;  ///< milliseconds
};

}  // namespace mien::sources
