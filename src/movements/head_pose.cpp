#include "mien/movements/head_pose.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace mien::movements {
namespace {

constexpr double kDegrees = 180 / std::numbers::pi;
constexpr double kLeastScale = 1e-3;  // pixels for a millimetre
constexpr int kPerspectiveRounds = 3;
// Millimetres, weighted root mean square: faces on photographs and rendered ones stay below 9,
// small ones of 24 pixels below 17; points in a wrong order, and such that are none, are
// beyond.
constexpr double kMostResidual = 18;

/// From the head's axes to the canonical face's.
cv::Matx33d head_to_canonical() {
  const double s = std::sin(kCanonicalTilt / kDegrees), c = std::cos(kCanonicalTilt / kDegrees);
  return {1, 0, 0, 0, c, s, 0, -s, c};
}

struct Similarity {
  cv::Matx33d rotation = cv::Matx33d::eye();
  double scale = 1;
  cv::Vec3d shift;
};

cv::Vec3d vector(const cv::Point3f& point) { return {point.x, point.y, point.z}; }

/// target = scale * rotation * source + shift, weighted least squares (Umeyama).
std::optional<Similarity> align(const std::vector<cv::Point3f>& source,
                                const std::vector<cv::Vec3d>& target,
                                const std::vector<std::pair<int, float>>& weights) {
  double all = 0;
  cv::Vec3d source_mean, target_mean;
  for (const auto& [point, weight] : weights) {
    const auto i = static_cast<std::size_t>(point);
    all += weight;
    source_mean += weight * vector(source[i]);
    target_mean += weight * target[i];
  }
  source_mean /= all;
  target_mean /= all;
  cv::Matx33d covariance = cv::Matx33d::zeros();
  double spread = 0;
  for (const auto& [point, weight] : weights) {
    const auto i = static_cast<std::size_t>(point);
    const cv::Vec3d from = vector(source[i]) - source_mean;
    covariance += weight * ((target[i] - target_mean) * from.t());
    spread += weight * from.dot(from);
  }
  cv::Vec3d values;
  cv::Matx33d u, vt;
  cv::SVD::compute(covariance, values, u, vt, cv::SVD::FULL_UV);
  cv::Matx33d sign = cv::Matx33d::eye();
  if (cv::determinant(u) * cv::determinant(vt) < 0) sign(2, 2) = -1;  // no mirror image
  Similarity found;
  found.rotation = u * sign * vt;
  found.scale = (values[0] + values[1] + sign(2, 2) * values[2]) / spread;
  found.shift = target_mean - found.scale * (found.rotation * source_mean);
  if (!(found.scale > kLeastScale) || !std::isfinite(found.scale)) return std::nullopt;
  return found;
}

}  // namespace

float assumed_focal_length(cv::Size picture) {
  const float across = 500.0F * static_cast<float>(picture.width) / 640.0F;
  const float down = 500.0F * static_cast<float>(picture.height) / 480.0F;
  return (across + down) / 2;
}

std::optional<HeadFit> fit_head(const CanonicalFace& canonical, const base::FaceMesh& mesh,
                                cv::Size picture) {
  if (mesh.points.size() != canonical.points.size() || canonical.weights.empty()) {
    return std::nullopt;
  }
  const double focal = assumed_focal_length(picture);
  const cv::Vec3d middle(picture.width / 2.0, picture.height / 2.0, 0);
  std::vector<cv::Vec3d> flat, space;
  flat.reserve(mesh.points.size());
  double depth = 0;
  for (const auto& point : mesh.points) {
    flat.push_back(vector(point) - middle);
    depth += point.z / static_cast<double>(mesh.points.size());
  }
  const auto first = align(canonical.points, flat, canonical.weights);
  if (!first) return std::nullopt;
  double scale = first->scale;
  Similarity fit = *first;
  space.resize(flat.size());
  for (int round = 0; round < kPerspectiveRounds; ++round) {
    const double distance = focal / scale;  // of the mesh's middle
    for (std::size_t i = 0; i < flat.size(); ++i) {
      const double z = distance + (flat[i][2] - depth) / scale;
      space[i] = {flat[i][0] * z / focal, flat[i][1] * z / focal, z};
    }
    const auto next = align(canonical.points, space, canonical.weights);
    if (!next) return std::nullopt;
    fit = *next;
    scale *= fit.scale;
  }
  double residual = 0, all = 0;
  for (const auto& [point, weight] : canonical.weights) {
    const auto i = static_cast<std::size_t>(point);
    const cv::Vec3d off =
        space[i] - fit.scale * (fit.rotation * vector(canonical.points[i])) - fit.shift;
    residual += weight * off.dot(off);
    all += weight;
  }
  residual = std::sqrt(residual / all) / fit.scale;
  if (!(residual < kMostResidual)) return std::nullopt;
  HeadFit result;
  const cv::Matx33d& r = fit.rotation;
  result.rotation = cv::Matx33f(r);
  result.scale = static_cast<float>(scale);
  // The network gives depths along the line of sight.
  result.deeper = {static_cast<float>(first->rotation(0, 2)),
                   static_cast<float>(first->rotation(1, 2))};
  const cv::Matx33d head = r * head_to_canonical();
  result.pose.pitch = static_cast<float>(std::atan2(-head(1, 2), head(2, 2)) * kDegrees);
  result.pose.yaw = static_cast<float>(std::asin(std::clamp(head(0, 2), -1.0, 1.0)) * kDegrees);
  result.pose.roll = static_cast<float>(std::atan2(-head(0, 1), head(0, 0)) * kDegrees);
  const cv::Vec3d shift = fit.shift / fit.scale;
  result.pose.translation = {static_cast<float>(shift[0]), static_cast<float>(shift[1]),
                             static_cast<float>(shift[2])};
  result.face.reserve(space.size());
  for (const auto& point : space) {
    const cv::Vec3d back = r.t() * (point - fit.shift) / fit.scale;
    result.face.emplace_back(static_cast<float>(back[0]), static_cast<float>(back[1]),
                             static_cast<float>(back[2]));
  }
  return result;
}

}  // namespace mien::movements
