#pragma once

#include <algorithm>
#include <cstdint>

#include <opencv2/core.hpp>

namespace mien::app {

/// By how much a picture of `width` is divided when it is shown `shown_width` wide.
inline int shrink_factor(int width, float shown_width) {
  if (shown_width < 1) return 1;
  return std::max(1, static_cast<int>(static_cast<float>(width) / shown_width));
}

/// Where pictures are put to be drawn: a texture of the graphics card, or a fake in tests.
class PictureSurface {
 public:
  virtual ~PictureSurface() = default;
  /// Takes an 8-bit BGR picture that is shown `shown_width` pixels of the screen wide.
  virtual void upload(const cv::Mat& bgr, float shown_width) = 0;
  /// What panels draw it by; 0 before the first upload.
  virtual std::uintptr_t id() const = 0;
};

}  // namespace mien::app
