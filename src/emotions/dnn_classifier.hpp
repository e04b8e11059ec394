#pragma once

#include <memory>
#include <string>
#include <vector>

#include <opencv2/dnn.hpp>

#include "mien/emotions/emotion_model.hpp"

namespace mien {

/// Networks run by cv::dnn, one loader a format: each checks the files, loads and runs once.
/// Throw Error or what cv::dnn throws. Loads are serialised inside; any thread.
std::unique_ptr<EmotionModel> load_onnx_classifier(const ModelCard& card);
/// `files` lists a .prototxt and a .caffemodel, in any order.
std::unique_ptr<EmotionModel> load_caffe_classifier(const ModelCard& card);
/// `files` starts with a frozen graph (.pb).
std::unique_ptr<EmotionModel> load_tensorflow_classifier(const ModelCard& card);

/// Sends `shape` through the network's layers without running them: sizes that do not fit
/// together, weights that are fewer than the channels that they are for, and results that are
/// absurdly large are an Error or a cv::Exception here and would crash the program there.
void check_network_shapes(cv::dnn::Net& net, const std::vector<int>& shape,
                          const std::string& where);

}  // namespace mien
