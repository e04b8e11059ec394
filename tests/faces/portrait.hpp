#pragma once

#include <cmath>
#include <string>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

namespace mien::faces {

/// The portrait that comes with mien: 512 x 512, one face around (225, 122).
inline cv::Mat portrait() {
  return cv::imread(std::string(MIEN_SOURCE_DIR) + "/assets/demo/astronaut.png");
}

inline cv::Point2f middle(const cv::Rect2f& box) { return (box.tl() + box.br()) / 2; }

inline double distance(cv::Point2f a, cv::Point2f b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

}  // namespace mien::faces
