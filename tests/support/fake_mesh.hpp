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
/// of the side and with level eyes, so that a mesh that is followed stays where it is.
inline std::vector<cv::Point3f> fill_crop(std::vector<cv::Point3f> face) {
  const cv::Point3f eyes = face[263] - face[33];
  const float apart = std::hypot(eyes.x, eyes.y);
  for (auto& point : face) {
    point = {(point.x * eyes.x + point.y * eyes.y) / apart,
             (point.y * eyes.x - point.x * eyes.y) / apart, point.z};
  }
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

/// The mesh that the network gives of `face` (millimetres) on a head of that pose: flatter and
/// less turned than it is, as movements/head_pose.hpp says; with a `flatter` of 1 as deep as it
/// is. x and y as a camera projects them, z along the line of sight to the face in the scale
/// that x and y have there.
inline base::FaceMesh seen_mesh(const std::vector<cv::Point3f>& face,
                                const base::HeadPose& pose, cv::Size picture, double focal,
                                double flatter = movements::kDepthMissing) {
  const base::HeadPose truth = base::as_seen(pose);
  base::HeadPose less = truth;
  for (int i = 0; i < 30; ++i) {
    const base::HeadPose full = movements::fully_turned(less);
    less.pitch += (truth.pitch - full.pitch) / 2;
    less.yaw += (truth.yaw - full.yaw) / 2;
  }
  const auto& at = pose.translation;
  const cv::Vec3d sight(at.x, at.y, std::max(at.z, base::kNearestHead));
  const cv::Matx33d r = base::turn_towards(sight) * base::rotation_of(less) *
                        base::rotation_of({.pitch = movements::kCanonicalTilt});
  std::vector<cv::Vec3d> space;
  cv::Vec3d middle;
  for (const auto& point : face) {
    space.push_back(r * cv::Vec3d(point.x, point.y, point.z) +
                    cv::Vec3d(pose.translation.x, pose.translation.y, pose.translation.z));
    middle += space.back() / static_cast<double>(face.size());
  }
  const double distance = cv::norm(middle);
  const double scale = focal / distance * std::pow(distance / middle[2], 1.5);
  base::FaceMesh mesh;
  mesh.presence = 1;
  for (const auto& point : space) {
    mesh.points.emplace_back(
        static_cast<float>(picture.width / 2.0 + focal * point[0] / point[2]),
        static_cast<float>(picture.height / 2.0 + focal * point[1] / point[2]),
        static_cast<float>((point.dot(middle) / distance - distance) * scale / flatter));
  }
  return mesh;
}

}  // namespace mien::testing
