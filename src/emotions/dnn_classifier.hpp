#pragma once

#include <memory>

#include <opencv2/dnn.hpp>

#include "mien/emotions/emotion_model.hpp"

namespace mien {

/// How a network of cv::dnn wants its picture.
struct NetworkInput {
  ModelCard::Layout layout = ModelCard::Layout::nchw;  ///< of the blob that cv::dnn is given
  bool check_shapes = false;  ///< call check_network_shapes() before the first run
};

/// A loaded network with its card, run once. Call with network_load_mutex() held. Throws Error.
std::unique_ptr<EmotionModel> make_dnn_classifier(const ModelCard& card,
                                                  const cv::dnn::Net& net,
                                                  const NetworkInput& input);

/// Sends `shape` through the network's layers without running them: sizes that do not fit
/// together, weights that are fewer than the channels that they are for, and results that are
/// absurdly large are an Error or a cv::Exception here and would be the end of the program
/// there.
void check_network_shapes(cv::dnn::Net& net, const std::vector<int>& shape,
                          const std::string& where);

}  // namespace mien
