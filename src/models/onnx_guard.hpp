#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "mien/models/model_card.hpp"
#include "mien/models/model_process.hpp"

namespace mien::models {

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
  bool takes_bytes = false;  ///< its first layers bring 0 to 255 into another range themselves
};

/// Checks the file as check_onnx() does and reads its outline. Throws Error, also when it has
/// more than one input or output. Any thread.
OnnxOutline outline_onnx(std::string_view bytes, const std::string& where);

/// As outline_onnx() of a file, in a process of its own, because nobody knows yet what the file
/// is. Throws Error. Any thread.
OnnxOutline inspect_onnx(const std::filesystem::path& file, ModelLimits limits = {});

/// An outline as it comes from that process. to_outline() throws what nlohmann::json throws.
std::string to_text(const OnnxOutline& outline);
OnnxOutline to_outline(const std::string& text);

/// The card's ONNX file, checked by read_model_files() and check_onnx(). The bytes are the same
/// network with operators that OpenCV 4.6 supports (it may come with opsets 7 to 18, weights in
/// other files of the card, an open batch), and with narrow depthwise convolutions widened,
/// which OpenCV computes faster. Throws Error. Any thread.
std::vector<unsigned char> read_checked_onnx(const ModelCard& card);

}  // namespace mien::models
