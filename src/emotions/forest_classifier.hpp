#pragma once

#include <memory>

#include "mien/emotions/emotion_model.hpp"
#include "mien/emotions/face_features.hpp"

#include "forest.hpp"

namespace mien {

/// A forest with its card and the features that it judges by, run once. Throws Error when they
/// do not fit together.
std::unique_ptr<EmotionModel> make_forest_classifier(const ModelCard& card,
                                                     std::shared_ptr<const Forest> forest,
                                                     std::unique_ptr<FaceFeatures> features);

}  // namespace mien
