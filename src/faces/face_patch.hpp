#pragma once

#include <opencv2/core.hpp>

#include "mien/base/face.hpp"

namespace mien {

/// A square around a face, turned so that its eyes are level, as a network wants to see it.
class FacePatch {
 public:
  /// `scale`: the square's side over the face's; `side`: of the crop, pixels.
  FacePatch(const Face& face, int side, float scale);

  /// Writes the side x side crop of an 8-bit BGR picture; black where the picture ends. False
  /// when the square lies outside the picture or its numbers are none.
  bool cut_out(const cv::Mat& bgr, cv::Mat& crop) const;

  /// A point of the crop, in pixels of the picture.
  cv::Point2f to_picture(cv::Point2f crop) const;
  /// Picture pixels for each crop pixel.
  float step() const { return step_; }

 private:
  int side_;
  cv::Point2f center_;
  float step_ = 1;
  float cosine_ = 1, sine_ = 0;
};

}  // namespace mien
