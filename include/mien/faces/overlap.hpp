#pragma once

#include <opencv2/core.hpp>

namespace mien::faces {

/// How much of two boxes is shared: 0 (apart, or both empty) .. 1 (the same).
float intersection_over_union(const cv::Rect2f& a, const cv::Rect2f& b);

}  // namespace mien::faces
