#pragma once

#include <memory>

#include "mien/base/model_card.hpp"
#include "mien/emotions/emotion_model.hpp"

namespace mien {

/// One loader a format, networks through cv::dnn: each checks the files, loads and runs once.
/// Throw Error or what cv::dnn throws.
std::unique_ptr<EmotionModel> load_onnx_classifier(const ModelCard& card);
/// `files` lists a .prototxt and a .caffemodel, in any order.
std::unique_ptr<EmotionModel> load_caffe_classifier(const ModelCard& card);
/// `files` starts with a frozen graph (.pb).
std::unique_ptr<EmotionModel> load_tensorflow_classifier(const ModelCard& card);
/// `files` starts with a forest of cv::ml::RTrees (.yml or .xml, also .gz). One that judges by
/// an embedding looks for that model in ModelLibrary::standard().
std::unique_ptr<EmotionModel> load_forest_classifier(const ModelCard& card);

}  // namespace mien
