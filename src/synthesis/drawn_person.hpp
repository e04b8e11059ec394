#pragma once

#include <opencv2/core.hpp>

#include "mien/synthesis/drawn_face.hpp"

namespace mien {

enum DrawnHair { kShort, kLong, kFringe, kCurly, kBald, kBun, kHairStyles };

/// Who is drawn, and how the picture is taken.
struct Person {
  cv::Scalar skin, lip, hair, iris, cloth;
  double width = 0.78, jaw = 0.3, eye_apart = 0.33, eye_size = 1, brow_thick = 1;
  double nose_length = 1, nose_width = 1, mouth_width = 1, lip_full = 1;
  int hair_style = 0;  ///< kShort ...
  bool beard = false, glasses = false;
  double roll = 0, scale = 1, yaw = 0, pitch = 0;
  cv::Point2d shift;
  cv::Point2d gaze;
};

/// Somebody by chance.
Person make_person(Dice& dice);

/// `share` of b, the rest of a.
cv::Scalar mix(const cv::Scalar& a, const cv::Scalar& b, double share);

}  // namespace mien
