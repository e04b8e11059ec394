#pragma once

#include <memory>

#include "mien/emotions/emotion_model.hpp"

namespace mien::emotions {

/// A classifier that load_network() loads: ONNX, Caffe or TensorFlow. Checks the files and runs
/// it once. Throws Error or what cv::dnn throws. Loads are serialised inside; any thread.
std::unique_ptr<EmotionModel> load_network_classifier(const models::ModelCard& card);

}  // namespace mien::emotions
