#include "mien/base/head_pose.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mien::base {
namespace {

constexpr double kDegrees = 180 / std::numbers::pi;

}  // namespace

cv::Matx33d rotation_of(const HeadPose& pose) {
  const double sp = std::sin(pose.pitch / kDegrees), cp = std::cos(pose.pitch / kDegrees);
  const double sy = std::sin(pose.yaw / kDegrees), cy = std::cos(pose.yaw / kDegrees);
  const double sr = std::sin(pose.roll / kDegrees), cr = std::cos(pose.roll / kDegrees);
  const cv::Matx33d x(1, 0, 0, 0, cp, -sp, 0, sp, cp);
  const cv::Matx33d y(cy, 0, sy, 0, 1, 0, -sy, 0, cy);
  const cv::Matx33d z(cr, -sr, 0, sr, cr, 0, 0, 0, 1);
  return x * y * z;
}

HeadPose pose_of(const cv::Matx33d& r) {
  HeadPose pose;
  pose.pitch = static_cast<float>(std::atan2(-r(1, 2), r(2, 2)) * kDegrees);
  pose.yaw = static_cast<float>(std::asin(std::clamp(r(0, 2), -1.0, 1.0)) * kDegrees);
  pose.roll = static_cast<float>(std::atan2(-r(0, 1), r(0, 0)) * kDegrees);
  return pose;
}

cv::Matx33d turn_towards(const cv::Vec3d& place) {
  if (!(place[2] > 0)) return cv::Matx33d::eye();
  const cv::Vec3d d = place / cv::norm(place);
  // Rodrigues' formula, about the axis that is perpendicular to both directions.
  const double k = 1 / (1 + d[2]);
  const cv::Vec3d right(1 - k * d[0] * d[0], -k * d[0] * d[1], -d[0]);
  const cv::Vec3d down(-k * d[0] * d[1], 1 - k * d[1] * d[1], -d[1]);
  return {right[0], down[0], d[0], right[1], down[1], d[1], right[2], down[2], d[2]};
}

HeadPose as_seen(const HeadPose& pose) {
  const auto& at = pose.translation;
  if (!(at.z > 0)) return pose;
  const cv::Vec3d sight(at.x, at.y, std::max(at.z, kNearestHead));
  HeadPose seen = pose_of(turn_towards(sight).t() * rotation_of(pose));
  seen.translation = at;
  return seen;
}

}  // namespace mien::base
