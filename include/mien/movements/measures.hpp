#pragma once

#include <array>
#include <vector>

#include <opencv2/core.hpp>

namespace mien::movements {

/// What is measured on a face whose pose and size are taken away (HeadFit::face). Lengths are
/// millimetres of a face of the canonical one's size. Right and left are the person's.
enum class Measure {
  eye_opening_right,  ///< distance of the lids over the width of the eye; no unit
  eye_opening_left,
  brow_inner_right,  ///< of the brow's inner end above the inner corner of the eye
  brow_inner_left,
  brow_outer_right,  ///< of the brow's outer end above the outer corner of the eye
  brow_outer_left,
  brow_gap,             ///< between the brows' inner ends
  mouth_opening,        ///< between the lips' inner edges
  mouth_width,          ///< from corner to corner, where the lips' inner edges meet
  corner_height_right,  ///< of the mouth's corner above the nose's base; negative
  corner_height_left,
  corner_out_right,  ///< of the mouth's corner from the middle of the face
  corner_out_left,
  upper_lip_drop,  ///< of the upper lip's edge below the nose's base
  lower_lip_drop,  ///< of the lower lip's edge below the nose's base
  lip_thickness,   ///< of both lips
  lip_protrusion,  ///< of the lips' middle before their corners
  chin_drop,       ///< of the chin below the nose's base
  chin_left,       ///< of the chin from the middle of the face, to the person's left
};
inline constexpr int kMeasures = 19;
const char* to_string(Measure measure);

using Measures = std::array<float, kMeasures>;
inline float value(const Measures& measures, Measure measure) {
  return measures[static_cast<std::size_t>(measure)];
}

/// `face` has base::kMeshPoints points in the axes of the canonical face.
Measures measure_face(const std::vector<cv::Point3f>& face);

}  // namespace mien::movements
