#include "mien/movements/canonical_face.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <nlohmann/json.hpp>

#include "mien/base/bounded_json.hpp"
#include "mien/base/error.hpp"
#include "mien/base/face_mesh.hpp"
#include "mien/models/model_files.hpp"

namespace mien::movements {
namespace {

constexpr float kMillimetres = 10;  // the file has centimetres
constexpr double kFarthestPoint = 100;
constexpr std::size_t kMaxTriangles = 10'000;
constexpr std::size_t kMinWeights = 3;  // fewer points do not tell a rotation

struct Unsound {};

double number_at(const nlohmann::json& row, std::size_t i, double low, double high) {
  const auto& value = row.at(i);
  if (!value.is_number()) throw Unsound{};
  const auto number = value.get<double>();
  if (!(number >= low && number <= high)) throw Unsound{};
  return number;
}

int point_at(const nlohmann::json& row, std::size_t i) {
  const double number = number_at(row, i, 0, base::kMeshPoints - 1);
  if (number != std::floor(number)) throw Unsound{};
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
    if (face.triangles.size() > kMaxTriangles) throw Unsound{};
  }
  if (face.points.size() != base::kMeshPoints || face.weights.size() < kMinWeights) {
    throw Unsound{};
  }
  return face;
}

}  // namespace

CanonicalFace read_canonical_face(const models::ModelCard& card) {
  const bool listed = std::any_of(card.files.begin(), card.files.end(), [](const auto& file) {
    return file.name == kCanonicalFaceFile;
  });
  if (!listed) {
    throw base::Error("The landmarks model " + card.id + " cannot be used: its card lists no " +
                      kCanonicalFaceFile + ", to which a head pose is fitted.");
  }
  const std::string text = models::read_model_files(card).at(kCanonicalFaceFile);
  std::string why = "it is not a face of " + std::to_string(base::kMeshPoints) + " points";
  try {
    return face_from(base::parse_bounded_json(text));
  } catch (const Unsound&) {
  } catch (const nlohmann::json::exception&) {
  } catch (const base::Error& error) {
    why = error.what();
  }
  throw base::Error("The file " + (card.folder / kCanonicalFaceFile).string() +
                    " is damaged: " + why + "; install the model again.");
}

}  // namespace mien::movements
