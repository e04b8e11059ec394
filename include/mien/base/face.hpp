#pragma once

#include <optional>

#include <opencv2/core.hpp>

namespace mien::base {

/// Points on a face in source pixels. "Right" is the person's right: left in an unmirrored
/// picture.
struct Landmarks {
  cv::Point2f right_eye;
  cv::Point2f left_eye;
  cv::Point2f nose;
  cv::Point2f mouth;  ///< its centre
};

/// A face that a detector found.
struct Face {
  cv::Rect2f box;        ///< source pixels; may reach past the picture's edge
  float confidence = 0;  ///< 0..1, the detector's own
  std::optional<Landmarks> landmarks;
};

}  // namespace mien::base
