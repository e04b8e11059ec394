#include "mien/movements/learned_movements.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/face_mesh.hpp"
#include "mien/base/movements.hpp"

#include "face_file.hpp"

namespace mien::movements {
namespace {

constexpr const char* kRestingFaceKey = "resting_face";
constexpr double kFarthestAtRest = 1000;  // millimetres; no head is as large
constexpr std::size_t kNoRow = std::numeric_limits<std::size_t>::max();

}  // namespace

std::vector<cv::Point3f> read_resting_face(const models::ModelCard& card) {
  const auto named = card.options.find(kRestingFaceKey);
  if (named == card.options.end() || !named->is_string()) {
    throw base::Error("The movements model " + card.id +
                      " cannot be used: \"options.resting_face\" in its card names no file; "
                      "install the model again.");
  }
  std::vector<cv::Point3f> points;
  read_face_file(
      card, named->get<std::string>(), "from which movements are counted",
      [&](const nlohmann::json& document) {
        for (const auto& row : document.at("points")) {
          const auto at = [&](std::size_t i) {
            return static_cast<float>(number_at(row, i, -kFarthestAtRest, kFarthestAtRest));
          };
          points.emplace_back(at(0), at(1), at(2));
        }
        if (points.size() != base::kMeshPoints) throw UnsoundFace{};
      });
  return points;
}

LearnedMovements::LearnedMovements(std::unique_ptr<MovementNetwork> network,
                                   std::vector<cv::Point3f> resting)
    : network_(std::move(network)), resting_(std::move(resting)) {
  for (const auto& output : network_->outputs()) {
    rows_.push_back(base::movement_index(output).value_or(kNoRow));
  }
  change_.reserve(kMovementInputs);
}

void LearnedMovements::read(const std::vector<cv::Point3f>& face,
                            const std::vector<cv::Point3f>* own, std::vector<float>& values) {
  const auto& resting = own != nullptr ? *own : resting_;
  values.resize(base::movements().size(), std::numeric_limits<float>::quiet_NaN());
  change_.clear();
  bool finite = face.size() == base::kMeshPoints && resting.size() == base::kMeshPoints;
  for (std::size_t i = 0; finite && i < face.size(); ++i) {
    const cv::Point3f moved = face[i] - resting[i];
    for (const float number : {moved.x, moved.y, moved.z}) {
      // The rectifiers of the network would turn NaN into a 0, which is not what was seen.
      finite = finite && std::isfinite(number);
      change_.push_back(number);
    }
  }
  const auto numbers = finite ? network_->run(change_) : std::vector<float>();
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i] >= values.size()) continue;
    const bool known = i < numbers.size() && !std::isnan(numbers[i]);
    values[rows_[i]] =
        known ? std::clamp(numbers[i], 0.F, 1.F) : std::numeric_limits<float>::quiet_NaN();
  }
}

std::unique_ptr<LearnedMovements> load_learned_movements(const models::ModelCard& card) {
  auto network = load_movement_network(card);
  return std::make_unique<LearnedMovements>(std::move(network), read_resting_face(card));
}

}  // namespace mien::movements
