#include "mien/faces/overlap.hpp"

namespace mien::faces {

float intersection_over_union(const cv::Rect2f& a, const cv::Rect2f& b) {
  const float shared = (a & b).area();
  const float all = a.area() + b.area() - shared;
  return all > 0 ? shared / all : 0;
}

}  // namespace mien::faces
