#pragma once

#include <optional>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/face.hpp"
#include "mien/faces/face_patch.hpp"
#include "mien/faces/square_network.hpp"
#include "mien/models/model_card.hpp"

#include "blazeface.hpp"

namespace mien::faces {

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
  std::optional<base::Face> at(const cv::Mat& bgr, const base::Face& candidate, float least);

 private:
  BlazeFace& network_;
  cv::Mat crop_, mirrored_;
};

/// What a face mesh network says of a box: how surely there is a face, since it looks at the
/// whole of it (brows, eyes, nose, mouth, chin) where a detector looks for something that
/// resembles one; and where its eyes and mouth are, more exactly than a detector. Belongs to
/// one thread.
class MeshLook {
 public:
  /// A card of task landmarks. Loads the network, weights verified. Throws Error.
  explicit MeshLook(const models::ModelCard& card);

  /// 0 to 1; 0 when the box lies outside the picture. `bgr` must be 8-bit BGR, not empty.
  float presence(const cv::Mat& bgr, const base::Face& face);

  /// The face's landmarks by the mesh; nothing where the network sees no face, or one that lies
  /// elsewhere than the detector's points. `bgr` as above.
  std::optional<base::Landmarks> landmarks(const cv::Mat& bgr, const base::Face& face);

 private:
  bool run(const cv::Mat& bgr, const FacePatch& patch);  ///< false: outside the picture
  float presence() const;                                ///< the last run's

  std::string id_;
  SquareNetwork network_;
  double scale_;
  cv::Mat crop_;
};

}  // namespace mien::faces
