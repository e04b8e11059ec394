#pragma once

#include <cstdint>

#include <opencv2/core.hpp>

namespace mien {

/// Where pictures are put to be drawn: a texture of the graphics card, or a fake in tests.
class PictureSurface {
 public:
  virtual ~PictureSurface() = default;
  /// Takes an 8-bit BGR picture that is shown `shown_width` pixels of the screen wide.
  virtual void upload(const cv::Mat& bgr, float shown_width) = 0;
  /// What panels draw it by; 0 before the first upload.
  virtual std::uintptr_t id() const = 0;
};

}  // namespace mien
