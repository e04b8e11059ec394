#pragma once

#include <opencv2/core.hpp>

#include "mien/base/face.hpp"

namespace mien::faces {

/// A square around a face, turned so that its eyes are level, as a network wants to see it, and
/// the way back from its pixels to the picture's. A value.
class FacePatch {
 public:
  /// Around a face's box, level by its eyes if it has landmarks. `side`: of the crop, pixels;
  /// `scale`: the square's side over the longer one of the box.
  FacePatch(const base::Face& face, int side, float scale);

  /// Around `center`; `extent`: the square's side in pixels of the picture. Level along
  /// `across`, from the person's right to their left; any length, upright when it has none.
  FacePatch(cv::Point2f center, cv::Point2f across, int side, float extent);

  /// The same square, turned by 180 degrees.
  FacePatch upside_down() const;

  /// Writes the side x side crop of an 8-bit BGR picture; black where the picture ends. False
  /// when the square lies outside the picture or its numbers are none.
  bool cut_out(const cv::Mat& bgr, cv::Mat& crop) const;

  /// A point of the crop, in pixels of the picture. Both count from the corner of the first
  /// pixel.
  cv::Point2f to_picture(cv::Point2f crop) const;
  /// Picture pixels for each crop pixel.
  float step() const { return step_; }

 private:
  int side_;
  cv::Point2f center_;
  float step_ = 1;
  float cosine_ = 1, sine_ = 0;
};

}  // namespace mien::faces
