#include "mien/movements/canonical_face.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

#include "mien/base/face_mesh.hpp"

#include "face_file.hpp"

namespace mien::movements {
namespace {

constexpr float kMillimetres = 10;  // the file has centimetres
constexpr double kFarthestPoint = 100;
constexpr std::size_t kMaxTriangles = 10'000;
constexpr std::size_t kMinWeights = 3;  // fewer points do not tell a rotation

int point_at(const nlohmann::json& row, std::size_t i) {
  const double number = number_at(row, i, 0, base::kMeshPoints - 1);
  if (number != std::floor(number)) throw UnsoundFace{};
  return static_cast<int>(number);
}

CanonicalFace face_from(const nlohmann::json& document) {
  CanonicalFace face;
  for (const auto& row : document.at("points")) {
    const auto at = [&](std::size_t i) {
      return kMillimetres *
             static_cast<float>(number_at(row, i, -kFarthestPoint, kFarthestPoint));
    };
    face.points.emplace_back(at(0), -at(1), -at(2));
  }
  for (const auto& row : document.at("weights")) {
    face.weights.emplace_back(point_at(row, 0),
                              static_cast<float>(number_at(row, 1, 1e-6, 1e6)));
  }
  for (const auto& row : document.at("triangles")) {
    face.triangles.push_back({point_at(row, 0), point_at(row, 1), point_at(row, 2)});
    if (face.triangles.size() > kMaxTriangles) throw UnsoundFace{};
  }
  if (face.points.size() != base::kMeshPoints || face.weights.size() < kMinWeights) {
    throw UnsoundFace{};
  }
  return face;
}

}  // namespace

CanonicalFace read_canonical_face(const models::ModelCard& card) {
  CanonicalFace face;
  read_face_file(card, kCanonicalFaceFile, "to which a head pose is fitted",
                 [&](const nlohmann::json& document) { face = face_from(document); });
  return face;
}

}  // namespace mien::movements
