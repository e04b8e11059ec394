#pragma once

#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/face_mesh.hpp"
#include "mien/movements/canonical_face.hpp"
#include "mien/movements/head_pose.hpp"
#include "mien/movements/mesh_network.hpp"
#include "mien/movements/mesh_reader.hpp"
#include "mien/movements/movement_reader.hpp"

#include "shipped_models.hpp"

namespace mien::testing {

/// A mesh network that says what it is told, whatever the crop.
class FakeMeshNetwork : public movements::MeshNetwork {
 public:
  using Answer = std::function<std::vector<float>(const cv::Mat& crop)>;
  explicit FakeMeshNetwork(Answer answer) : answer_(std::move(answer)) {}

  const std::string& id() const override { return id_; }
  int side() const override { return kSide; }
  std::vector<float> run(const cv::Mat& crop) override { return answer_(crop); }

  static constexpr int kSide = 192;

  /// What a network gives for points of the crop; a logit of 10 is a presence of 0.99995.
  static std::vector<float> numbers(const std::vector<cv::Point3f>& points, float logit = 10) {
    std::vector<float> all;
    for (const auto& point : points) {
      for (const float value : {point.x, point.y, point.z}) all.push_back(value);
    }
    all.push_back(logit);
    return all;
  }

 private:
  std::string id_ = "fake-mesh";
  Answer answer_;
};

/// A face's points as a network gives them for the crop that its own mesh asks for, two thirds
/// of the side, so that a mesh that is followed stays where it is.
inline std::vector<cv::Point3f> fill_crop(const std::vector<cv::Point3f>& face) {
  std::vector<cv::Point2f> flat;
  for (const auto& point : face) flat.emplace_back(point.x, point.y);
  cv::Point2f low = flat.front(), high = flat.front();
  for (const auto& point : flat) {
    low = {std::min(low.x, point.x), std::min(low.y, point.y)};
    high = {std::max(high.x, point.x), std::max(high.y, point.y)};
  }
  constexpr float kSide = FakeMeshNetwork::kSide;
  const float scale = kSide / 1.5F / std::max(high.x - low.x, high.y - low.y);
  const cv::Point2f shift = cv::Point2f(kSide / 2, kSide / 2) - (low + high) * (scale / 2);
  std::vector<cv::Point3f> points;
  for (const auto& point : face) {
    points.push_back(point * scale + cv::Point3f(shift.x, shift.y, 0));
  }
  return points;
}

/// A reader that takes every face for the canonical one, seen from before. `runs` counts those
/// of its network, when not null.
inline std::unique_ptr<movements::MovementReader> fake_movements(
    const std::shared_ptr<std::atomic<int>>& runs = nullptr) {
  const auto card = models::load_model_card(kShippedModels / "face-mesh");
  const auto canonical = movements::read_canonical_face(card);
  auto network = std::make_unique<FakeMeshNetwork>(
      [points = fill_crop(canonical.points), runs](const cv::Mat& /*crop*/) {
        if (runs) ++*runs;
        return FakeMeshNetwork::numbers(points);
      });
  return std::make_unique<movements::MovementReader>(
      movements::MeshReader(std::move(network)), canonical, nullptr,
      std::make_shared<const movements::MovementModels>(movements::MovementModels{card, {}}));
}

/// R = Rx(pitch) Ry(yaw) Rz(roll), in degrees, as base::HeadPose has it.
inline cv::Matx33d rotation_of(double pitch, double yaw, double roll) {
  const auto around = [](int axis, double degrees) {
    const double angle = degrees * CV_PI / 180;
    const int a = (axis + 1) % 3;
    const int b = (axis + 2) % 3;
    cv::Matx33d r = cv::Matx33d::eye();
    r(a, a) = r(b, b) = std::cos(angle);
    r(b, a) = std::sin(angle);
    r(a, b) = -std::sin(angle);
    return r;
  };
  return around(0, pitch) * around(1, yaw) * around(2, roll);
}

/// The mesh that a camera sees of `face` (millimetres) on a head that is turned by `pose` and
/// moved: x and y as it projects them, z in the scale that they have at the depth of the
/// points' middle.
inline base::FaceMesh seen_mesh(const std::vector<cv::Point3f>& face,
                                const base::HeadPose& pose, cv::Size picture, double focal) {
  const cv::Matx33d r = rotation_of(pose.pitch, pose.yaw, pose.roll) *
                        rotation_of(movements::kCanonicalTilt, 0, 0);
  std::vector<cv::Vec3d> space;
  double depth = 0;
  for (const auto& point : face) {
    space.push_back(r * cv::Vec3d(point.x, point.y, point.z) +
                    cv::Vec3d(pose.translation.x, pose.translation.y, pose.translation.z));
    depth += space.back()[2] / static_cast<double>(face.size());
  }
  base::FaceMesh mesh;
  mesh.presence = 1;
  for (const auto& at : space) {
    mesh.points.emplace_back(static_cast<float>(picture.width / 2.0 + focal * at[0] / at[2]),
                             static_cast<float>(picture.height / 2.0 + focal * at[1] / at[2]),
                             static_cast<float>((at[2] - depth) * focal / depth));
  }
  return mesh;
}

}  // namespace mien::testing
