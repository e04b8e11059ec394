#pragma once

#include <optional>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/face.hpp"

namespace mien::faces {

/// Moves the boxes and landmarks of known faces along with the picture, between two detections:
/// a few points inside each box are followed by pyramidal Lucas-Kanade (Bouguet, 2000) on a
/// small gray picture; the box moves by the median of their shifts and grows by the median of
/// the ratios of their mutual distances; points that do not find back to where they came from
/// do not count (Kalal, Mikolajczyk and Matas, "Forward-Backward Error", 2010). Does not see
/// new faces. One thread.
class FaceFollower {
 public:
  /// What was found in a picture: where following starts.
  void start(const cv::Mat& bgr, const std::vector<base::Face>& faces);

  /// The faces in the next picture, in the same order. Nothing when one of them is lost (most
  /// of its points are, or it left the picture), when nothing was started or the picture has
  /// another size: then it is the detector's turn.
  std::optional<std::vector<base::Face>> follow(const cv::Mat& bgr);

  void reset();

 private:
  cv::Mat small_gray(const cv::Mat& bgr) const;

  cv::Size picture_;
  double scale_ = 1;              ///< of the small picture
  std::vector<cv::Mat> pyramid_;  ///< of the newest picture
  std::vector<base::Face> faces_;
};

}  // namespace mien::faces
