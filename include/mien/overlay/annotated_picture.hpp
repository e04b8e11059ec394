#pragma once

#include <map>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/reading.hpp"
#include "mien/overlay/overlay_painter.hpp"

namespace mien::overlay {

/// Pictures as a recording and a virtual camera show them: all of one size, faces hidden where
/// they are to be, and the overlay over them. One thread.
class AnnotatedPicture {
 public:
  struct Options {
    bool bars = true;
    MeshStyle mesh = MeshStyle::off;
    bool pose_axes = false;
  };
  /// Throws Error when the font cannot be read.
  explicit AnnotatedPicture(const Options& options) : options_(options) {}

  /// The frame's picture, 8-bit BGR, in the middle of `size` and as large as it fits, black
  /// beside it. `hidden`: what of it must not be recognised, in source pixels; it is hidden
  /// before anything is painted. `names`: those that people were given; an empty one was taken
  /// back. The result is valid until the next call.
  const cv::Mat& paint(const base::AnalyzedFrame& frame, cv::Size size,
                       const std::vector<cv::Rect2f>& hidden,
                       const std::map<int, std::string>& names);

 private:
  cv::Rect put_on_canvas(const cv::Mat& image, cv::Size size);

  Options options_;
  OverlayPainter painter_;
  cv::Mat canvas_;
};

}  // namespace mien::overlay
