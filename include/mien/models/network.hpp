#pragma once

#include <functional>

#include <opencv2/dnn.hpp>

#include "mien/models/model_card.hpp"

namespace mien::models {

/// The network of a card in a format that cv::dnn reads (ONNX, Caffe, TensorFlow).
///
/// Its files are read and checked by read_model_files(). An ONNX file is checked (check_onnx())
/// and written with operators that OpenCV 4.6 supports; the shapes of the others are sent
/// through their layers, which OpenCV does not do before it runs them. `first_run` then gets
/// the network to run it once, which allocates: loading and the first run of two networks race
/// in OpenCV, so one is loaded at a time. Throws Error, cv::Exception or what `first_run`
/// throws. Any thread; the network then belongs to one.
cv::dnn::Net load_network(const ModelCard& card,
                          const std::function<void(cv::dnn::Net&)>& first_run);

/// The input of a network's first run, under the name that its card gives it; no name means the
/// only input. Throws Error when the network has none of that name.
void set_first_input(cv::dnn::Net& net, const cv::Mat& input, const ModelCard& card);

/// The layout of the picture that load_network()'s network takes: the card's for ONNX; cv::dnn
/// brings all others to nchw, whatever the card says of the file.
ModelCard::Layout network_layout(const ModelCard& card);

}  // namespace mien::models
