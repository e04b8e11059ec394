#pragma once

#include <opencv2/core.hpp>

#include "mien/base/face.hpp"
#include "mien/models/model_card.hpp"

namespace mien::faces {

/// Cuts a face out as a square BGR picture of side `side` pixels.
///
/// The square is centred on the box, its side is the mean of the box's sides times
/// (1 + 2 * crop.margin). With Align::eyes and landmarks, it is rotated about its centre so
/// that the line between the eyes is level. With Align::arcface and landmarks, square and turn
/// are those at which eyes, nose and mouth lie nearest to where ArcFace's training pictures
/// have them (with a margin around, if any); with Align::fer2013, those at which the eyes and
/// the mouth lie where FER2013's pictures have them on average; without landmarks, the box
/// made 1.2 times as large. Where it leaves the picture, the edge is repeated. One affine warp
/// (area-averaged first when the face is much larger than `side`, so that nothing aliases).
/// With a `view`, the square's side is so many times as large, the square is moved as it says,
/// and the result is mirrored at last if it asks for that.
cv::Mat align_face(const cv::Mat& bgr, const base::Face& face,
                   const models::ModelCard::Crop& crop, int side,
                   const models::ModelCard::Crop::View& view = {});

/// The view of a face that was cut out before: of the same size, BGR; larger squares repeat the
/// edge. What changes nothing is the same picture, not a copy.
cv::Mat view_of(const cv::Mat& face_bgr, const models::ModelCard::Crop::View& view);

}  // namespace mien::faces
