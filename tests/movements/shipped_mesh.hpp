#pragma once

#include <cmath>
#include <string>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "mien/base/face.hpp"
#include "mien/models/model_card.hpp"
#include "mien/movements/canonical_face.hpp"

#include "support/shipped_models.hpp"

namespace mien::movements {

inline models::ModelCard mesh_card() {
  return models::load_model_card(testing::kShippedModels / "face-mesh");
}

inline const CanonicalFace& canonical_face() {
  static const CanonicalFace face = read_canonical_face(mesh_card());
  return face;
}

/// The portrait that comes with mien: 512 x 512, one face around (225, 122).
inline cv::Mat portrait() {
  return cv::imread(std::string(MIEN_SOURCE_DIR) + "/assets/demo/astronaut.png");
}
inline const base::Face kPortraitFace{
    {170, 68, 108, 108}, 0.9F, base::Landmarks{{204, 108}, {244, 106}, {226, 130}, {226, 148}}};

inline cv::Point2f flat(const cv::Point3f& point) { return {point.x, point.y}; }
inline double distance(cv::Point2f a, cv::Point2f b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

}  // namespace mien::movements
