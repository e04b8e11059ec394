#include "mesh_shape.hpp"

#include <array>
#include <cmath>
#include <span>
#include <string_view>
#include <vector>

namespace mien::overlay {
namespace {

// Points of MediaPipe's face mesh, from point to point, as its FACEMESH_LIPS, _LEFT_EYE and so
// on have them; the nose is its ridge and its base.
constexpr int kOutline[] = {10,  338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397,
                            365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172, 58,
                            132, 93,  234, 127, 162, 21,  54,  103, 67,  109, 10};
constexpr int kOuterLips[] = {61,  146, 91,  181, 84, 17, 314, 405, 321, 375, 291,
                              409, 270, 269, 267, 0,  37, 39,  40,  185, 61};
constexpr int kInnerLips[] = {78,  95,  88,  178, 87, 14, 317, 402, 318, 324, 308,
                              415, 310, 311, 312, 13, 82, 81,  80,  191, 78};
constexpr int kLeftEye[] = {263, 249, 390, 373, 374, 380, 381, 382, 362,
                            398, 384, 385, 386, 387, 388, 466, 263};
constexpr int kRightEye[] = {33,  7,   163, 144, 145, 153, 154, 155, 133,
                             173, 157, 158, 159, 160, 161, 246, 33};
constexpr int kLeftBrowBelow[] = {276, 283, 282, 295, 285};
constexpr int kLeftBrowAbove[] = {300, 293, 334, 296, 336};
constexpr int kRightBrowBelow[] = {46, 53, 52, 65, 55};
constexpr int kRightBrowAbove[] = {70, 63, 105, 66, 107};
constexpr int kNoseRidge[] = {168, 6, 197, 195, 5, 4, 1};
constexpr int kNoseBase[] = {98, 97, 2, 326, 327};

constexpr std::span<const int> kFeatures[] = {
    kOutline,       kOuterLips,      kInnerLips,      kLeftEye,   kRightEye, kLeftBrowBelow,
    kLeftBrowAbove, kRightBrowBelow, kRightBrowAbove, kNoseRidge, kNoseBase};

std::vector<std::pair<int, int>> feature_lines() {
  std::vector<std::pair<int, int>> lines;
  for (const auto& feature : kFeatures) {
    for (std::size_t i = 1; i < feature.size(); ++i) {
      lines.emplace_back(feature[i - 1], feature[i]);
    }
  }
  return lines;
}

constexpr std::array<const char*, 3> kMeshWords = {"off", "features", "lines"};

}  // namespace

const char* word(MeshStyle style) { return kMeshWords.at(static_cast<std::size_t>(style)); }

std::optional<MeshStyle> mesh_style_of(std::string_view word) {
  for (std::size_t i = 0; i < kMeshWords.size(); ++i) {
    if (word == kMeshWords.at(i)) return static_cast<MeshStyle>(i);
  }
  return std::nullopt;
}

std::span<const std::pair<int, int>> shown_lines(const base::FaceMesh& mesh, MeshStyle style) {
  if (mesh.points.size() != static_cast<std::size_t>(base::kMeshPoints)) return {};
  if (style == MeshStyle::off) return {};
  if (style == MeshStyle::lines) {
    return mesh.lines ? std::span(*mesh.lines) : std::span<const std::pair<int, int>>{};
  }
  static const auto kLines = feature_lines();
  return kLines;
}

std::array<cv::Point2f, 3> axis_ends(const base::HeadPose& pose) {
  const cv::Matx33d r = base::rotation_of(base::as_seen(pose));
  const auto in_picture = [&](int axis) {
    return cv::Point2f(static_cast<float>(r(0, axis)), static_cast<float>(r(1, axis)));
  };
  return {in_picture(0), -in_picture(1), -in_picture(2)};
}

}  // namespace mien::overlay
