#pragma once

#include <vector>

#include <opencv2/dnn.hpp>

#include "mien/base/model_card.hpp"

namespace mien {

/// The network of a card from what read_checked_onnx() gave. Call with network_load_mutex()
/// held. Throws Error: for what OpenCV 4.6 does not read it names the layer and what to do.
cv::dnn::Net read_onnx_network(const ModelCard& card, const std::vector<unsigned char>& bytes);

}  // namespace mien
