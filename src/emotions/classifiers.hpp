#pragma once

#include <memory>

#include "mien/base/model_card.hpp"
#include "mien/emotions/emotion_model.hpp"

namespace mien {

/// A network in ONNX, through cv::dnn. Throws Error.
std::unique_ptr<EmotionModel> load_onnx_classifier(const ModelCard& card);

}  // namespace mien
