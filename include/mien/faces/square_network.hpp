#pragma once

#include <string>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>

#include "mien/models/model_card.hpp"

namespace mien::faces {

/// A network that takes one square picture with three channels, in nhwc or nchw. Its input is
/// allocated once. Belongs to one thread.
class SquareNetwork {
 public:
  /// Loads it, weights verified, and runs it once on zeros, which allocates. Throws Error.
  explicit SquareNetwork(const models::ModelCard& card);

  int side() const { return side_; }  ///< of its input, pixels
  /// The input, side x side of CV_32FC3 whatever the layout; what is written there is read by
  /// run().
  cv::Mat& input() { return pixels_; }
  void run();
  /// That output of the last run that has `count` numbers: outputs are told apart by their
  /// size, since converters name and order them as they please. Null when none has.
  const float* output(int count) const;

 private:
  int side_;
  std::string input_name_;
  cv::Mat blob_;
  cv::Mat pixels_;               ///< the blob's memory, unless there are planes
  std::vector<cv::Mat> planes_;  ///< of a blob in nchw, its memory; else none
  cv::dnn::Net net_;
  std::vector<cv::String> output_names_;
  std::vector<cv::Mat> outputs_;
};

}  // namespace mien::faces
