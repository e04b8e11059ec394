#pragma once

#include <string>
#include <string_view>

#include "mien/base/model_card.hpp"

namespace mien {

/// What check_onnx() is for ONNX: refuses what would end OpenCV 4.6 rather than make it throw.
/// Only the layers of classifiers pass, each with as many inputs and weights as it has, numbers
/// that make sense, and data of the size that is promised. check_network_shapes() then looks at
/// what needs the loaded network. Any thread. Throw Error that names the file.

/// Layers (text) and weights (binary) of a Caffe network. The first layer's picture must be
/// what `input` says.
void check_caffe(std::string_view layers, const std::string& layers_file,
                 std::string_view weights, const std::string& weights_file,
                 const ModelCard::Input& input);

/// A frozen graph of TensorFlow 1.
void check_tensorflow(std::string_view graph, const std::string& file,
                      const ModelCard::Input& input);

}  // namespace mien
