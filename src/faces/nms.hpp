#pragma once

#include <vector>

#include "mien/base/face.hpp"

namespace mien::faces {

/// Non-maximum suppression that blends, as MediaPipe does: every group of faces that overlap
/// the most confident one by more than `overlap_threshold` becomes one face, the mean of its
/// boxes and landmarks weighted by confidence. Steadier from frame to frame than keeping the
/// best alone. Most confident first.
std::vector<base::Face> blend_overlapping(std::vector<base::Face> faces,
                                          float overlap_threshold);

/// Non-maximum suppression: of two boxes the more confident stays when their intersection over
/// union is above `most_iou`, or their intersection covers more than the share `most_inside` of
/// the smaller one. Most confident first.
std::vector<base::Face> suppress_overlapping(std::vector<base::Face> faces, float most_iou,
                                             float most_inside);

}  // namespace mien::faces
