#pragma once

#include <optional>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/face.hpp"

#include "blazeface.hpp"

namespace mien {

/// Looks at one place of a picture again, closely: it is cut out at twice the face's size,
/// turned so that its eyes are level, and shown to the network, which sees there the size of
/// face that it knows best. Tells faces from what resembles one in a coarse picture, and gives
/// box and landmarks the same framing whatever found the face first.
class SecondLook {
 public:
  /// `network` must outlive it.
  explicit SecondLook(BlazeFace& network) : network_(network) {}

  /// The face at about that place and of about that size, in the pixels of `bgr`; its
  /// confidence is the network's here, the mean of the crop's and of its mirror image's unless
  /// the first leaves no doubt. Nothing when it is below `least`.
  std::optional<Face> at(const cv::Mat& bgr, const Face& candidate, float least);

 private:
  BlazeFace& network_;
  cv::Mat crop_, mirrored_;
};

/// One face for each head: of boxes that overlap by more than 0.35 of their union, or of which
/// one holds most of the other, the more confident stays. Most confident first.
std::vector<Face> one_for_each_head(std::vector<Face> faces);

}  // namespace mien
