#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <opencv2/core.hpp>

#include "mien/overlay/overlay_layout.hpp"

namespace mien::overlay {

/// Paints an Overlay into a picture, looking as it does in the window. Uses the program's own
/// font. Belongs to one thread.
class OverlayPainter {
 public:
  /// Throws Error when the font cannot be read.
  OverlayPainter();
  ~OverlayPainter();
  OverlayPainter(const OverlayPainter&) = delete;
  OverlayPainter& operator=(const OverlayPainter&) = delete;

  /// For layout_overlay(). A font size is the height of a line, as ImGui counts it.
  MeasureText measure() const;

  /// Into 8-bit BGR; what lies outside the picture is clipped.
  void paint(cv::Mat& bgr, const Overlay& overlay);

  /// A font size that reads well in a picture of that size.
  static float font_size_for(cv::Size picture);

 private:
  class Font;
  void paint_face(cv::Mat& bgr, const OverlayFace& face, float font_size, float bars_font_size);

  std::unique_ptr<Font> regular_;
  std::unique_ptr<Font> bold_;
};

}  // namespace mien::overlay
