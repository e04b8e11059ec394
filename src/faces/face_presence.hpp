#pragma once

#include <string>

#include <opencv2/core.hpp>

#include "mien/base/face.hpp"
#include "mien/base/model_card.hpp"

#include "square_network.hpp"

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
  float presence() const;  ///< the last run's

  std::string id_;
  SquareNetwork network_;
  double scale_;
  cv::Mat crop_;
};

}  // namespace mien
