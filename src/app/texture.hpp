#pragma once

#include <cstdint>

#include <opencv2/core.hpp>

#include "picture_surface.hpp"

namespace mien::app {

/// A picture on the graphics card. Lives and dies with the OpenGL context's thread.
class Texture : public PictureSurface {
 public:
  Texture() = default;
  ~Texture() override;
  Texture(const Texture&) = delete;
  Texture& operator=(const Texture&) = delete;

  /// A picture that is more than twice as large as it is shown is averaged down first, so that
  /// it does not flicker.
  void upload(const cv::Mat& bgr, float shown_width) override;
  std::uintptr_t id() const override { return id_; }

 private:
  unsigned id_ = 0;
  cv::Size size_;
  cv::Mat small_;
};

}  // namespace mien::app
