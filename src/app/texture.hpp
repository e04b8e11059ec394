#pragma once

#include <cstdint>

#include <opencv2/core.hpp>

namespace mien {

/// A picture on the graphics card. Lives and dies with the OpenGL context's thread.
class Texture {
 public:
  Texture() = default;
  ~Texture();
  Texture(const Texture&) = delete;
  Texture& operator=(const Texture&) = delete;

  /// Takes an 8-bit BGR picture that is shown `shown_width` pixels of the screen wide. One that
  /// is more than twice as large is averaged down first, so that it does not flicker.
  void upload(const cv::Mat& bgr, float shown_width);

  /// 0 before the first upload.
  std::uintptr_t id() const { return id_; }

  /// By how much a picture of `width` is divided when it is shown `shown_width` wide.
  static int shrink_factor(int width, float shown_width);

 private:
  unsigned id_ = 0;
  cv::Size size_;
  cv::Mat small_;
};

}  // namespace mien
