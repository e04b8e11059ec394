#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "mien/base/model_card.hpp"
#include "mien/base/thread_annotations.hpp"

namespace mien {

/// Checks an ONNX file's structure before OpenCV sees it. OpenCV 4.6 trusts what the file says
/// of itself: a tensor whose sizes exceed its data, or a stride of zero, ends the whole
/// program. Refuses what cannot be parsed, tensors whose data does not fit their sizes, sizes
/// that are zero, negative or absurd, data kept outside the file, attributes that OpenCV would
/// divide by, layers against ONNX's rules, and graphs whose shapes contradict each other.
/// `input_shape`, unless empty, is what its one input must be, which OpenCV does not check
/// either. `where` names the file in the Error. Any thread.
void check_onnx(std::string_view bytes, const std::string& where,
                const std::vector<int>& input_shape = {});

/// What an ONNX file says of its input and output; enough to begin a card with.
struct OnnxOutline {
  std::string input;             ///< name of the one input that is not a weight
  std::vector<int> input_shape;  ///< a size that the file leaves open is -1
  std::string output;            ///< name of the one output
  std::vector<int> output_shape;
  bool ends_in_softmax = false;  ///< the output comes out of a Softmax layer
};

/// Checks the file as check_onnx() does and reads its outline. Throws Error, also when it has
/// more than one input or output. Any thread.
OnnxOutline outline_onnx(std::string_view bytes, const std::string& where);

/// Reads the card's ONNX file once, after verify_model_files() and check_onnx(), so that what
/// was checked is what is loaded: give the bytes to cv::dnn::readNetFromONNX. They are the
/// file's, or the same network with its narrow depthwise convolutions widened, which OpenCV 4.6
/// computes faster. Throws Error.
std::vector<unsigned char> read_checked_onnx(const ModelCard& card);

/// To be held while a cv::dnn::Net is loaded and first run: loads raced in older versions.
Mutex& network_load_mutex();

}  // namespace mien
