#pragma once

#include <opencv2/core.hpp>

#include "mien/models/model_card.hpp"

namespace mien::emotions {

/// Turns a face into a network's input exactly as the card says. Reuses its buffers; one
/// thread.
class Preprocessor {
 public:
  explicit Preprocessor(const models::ModelCard& card);

  /// `face` is 8-bit BGR of any size. The result (1 x C x H x W or 1 x H x W x C floats) is
  /// overwritten by the next call. Throws Error when the face is empty or not BGR.
  const cv::Mat& operator()(const cv::Mat& face);

 private:
  models::ModelCard::Channels channels_;
  models::ModelCard::Layout layout_;
  bool equalize_;
  cv::Size size_;
  cv::Scalar scale_;  // per channel: value = pixel * scale + shift
  cv::Scalar shift_;
  cv::Mat resized_;
  cv::Mat converted_;
  cv::Mat floats_;
  cv::Mat blob_;
};

}  // namespace mien::emotions
