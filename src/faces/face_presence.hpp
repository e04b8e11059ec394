#pragma once

#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>

#include "mien/base/face.hpp"
#include "mien/base/model_card.hpp"

namespace mien {

/// How surely there is a face in a box: the presence score of a face mesh network, which looks
/// at the whole of it (brows, eyes, nose, mouth, chin) where a detector looks for something
/// that resembles one. Belongs to one thread.
class FacePresence {
 public:
  /// A card of task landmarks. Loads the network, weights verified. Throws Error.
  explicit FacePresence(const ModelCard& card);

  /// 0 to 1; 0 when the box lies outside the picture. `bgr` must be 8-bit BGR, not empty.
  float of(const cv::Mat& bgr, const Face& face);

 private:
  std::string id_;
  int side_;
  std::string input_name_;
  double scale_;
  cv::dnn::Net net_;
  std::vector<cv::String> output_names_;
  cv::Mat crop_, input_;
  std::vector<cv::Mat> outputs_;
};

}  // namespace mien
