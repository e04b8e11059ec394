#include "mien/movements/head_pose.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace mien::movements {
namespace {

constexpr double kLeastScale = 1e-3;  // pixels for a millimetre
constexpr int kPerspectiveRounds = 3;
// What fully_turned() adds, with angles in degrees; beyond the limits it stays the same.
constexpr double kYawMissing = 4e-5;  // of the yaw's cube
constexpr double kMostYawMissing = 60;
constexpr double kDownMissing = 6e-3;  // of the square of the pitch, of a chin that is down
constexpr double kMostDownMissing = 40;
constexpr double kUpMissing = 0.06;       // of the pitch, of a chin that is up
constexpr double kPitchBesideYaw = 1e-3;  // of the yaw's square
// Millimetres, weighted root mean square: faces on photographs and rendered ones stay below 9,
// small ones of 24 pixels below 17; points in a wrong order, and such that are none, are
// beyond.
constexpr double kMostResidual = 18;

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

/// Turn and place of the head before a lens, from its points in the picture, which count from
/// where the lens looks; `scale`: pixels for a millimetre.
std::optional<base::HeadPose> find_pose(const CanonicalFace& canonical,
                                        const std::vector<cv::Vec3d>& flat, double scale,
                                        double assumed_focal) {
  // A face that fills the picture was cut out, or seen by a longer lens.
  const double focal = std::max(assumed_focal, base::kNearestHead * scale);
  cv::Vec3d mean;
  for (const auto& point : flat) mean += point / static_cast<double>(flat.size());
  const cv::Vec3d sight(mean[0], mean[1], focal);
  const cv::Matx33d turn = base::turn_towards(sight);
  // What lies away from the lens' axis is seen larger than its distance tells: by 1 / cosine of
  // the angle across and twice that along, of which this is the mean.
  const double larger = std::pow(cv::norm(sight) / focal, 1.5);
  // Rays and places of the points that have a weight; the others are not asked for.
  std::vector<cv::Vec3d> rays(flat.size()), space(flat.size());
  const cv::Matx33d to_sight = turn.t();
  for (const auto& [point, weight] : canonical.weights) {
    const auto i = static_cast<std::size_t>(point);
    const cv::Vec3d ray = to_sight * cv::Vec3d(flat[i][0], flat[i][1], focal);
    if (!(ray[2] > 0)) return std::nullopt;
    rays[i] = ray / ray[2];
  }
  Similarity fit;
  for (int round = 0; round < kPerspectiveRounds; ++round) {
    const double distance = focal * larger / scale;  // of the mesh's middle
    for (const auto& [point, weight] : canonical.weights) {
      const auto i = static_cast<std::size_t>(point);
      // The network sees the face by itself: its depths lie along the line of sight to it.
      const double z = distance + kDepthMissing * (flat[i][2] - mean[2]) / scale;
      space[i] = rays[i] * z;
    }
    const auto next = align(canonical.points, space, canonical.weights);
    if (!next) return std::nullopt;
    fit = *next;
    scale *= fit.scale;
  }
  const cv::Matx33d to_canonical = base::rotation_of({.pitch = -kCanonicalTilt});
  const base::HeadPose seen = fully_turned(base::pose_of(fit.rotation * to_canonical));
  base::HeadPose pose = base::pose_of(turn * base::rotation_of(seen));
  const cv::Vec3d place = turn * fit.shift / fit.scale;
  pose.translation = {static_cast<float>(place[0]), static_cast<float>(place[1]),
                      static_cast<float>(place[2] * assumed_focal / focal)};
  return pose;
}

}  // namespace

base::HeadPose fully_turned(const base::HeadPose& seen) {
  const double yaw = std::clamp<double>(seen.yaw, -kMostYawMissing, kMostYawMissing);
  const double down = std::clamp<double>(seen.pitch, 0, kMostDownMissing);
  const double up = std::min<double>(seen.pitch, 0);
  base::HeadPose full = seen;
  full.yaw += static_cast<float>(kYawMissing * yaw * yaw * yaw);
  full.pitch += static_cast<float>(kDownMissing * down * down + kUpMissing * up +
                                   kPitchBesideYaw * yaw * yaw);
  return full;
}

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
  const auto pose = find_pose(canonical, flat, scale, focal);
  if (!pose) return std::nullopt;
  HeadFit result;
  result.pose = *pose;
  const cv::Matx33d& r = fit.rotation;
  result.rotation = cv::Matx33f(r);
  result.scale = static_cast<float>(scale);
  // The network gives depths along the line of sight.
  result.deeper = {static_cast<float>(first->rotation(0, 2)),
                   static_cast<float>(first->rotation(1, 2))};
  result.face.reserve(space.size());
  for (const auto& point : space) {
    const cv::Vec3d back = r.t() * (point - fit.shift) / fit.scale;
    result.face.emplace_back(static_cast<float>(back[0]), static_cast<float>(back[1]),
                             static_cast<float>(back[2]));
  }
  return result;
}

}  // namespace mien::movements
