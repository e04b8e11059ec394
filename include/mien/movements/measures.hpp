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
  corner_height_right,  ///< of the mouth's corner above the nose's base; negative
  corner_height_left,
  mouth_opening,  ///< between the lips' inner edges
  mouth_width,    ///< from corner to corner, where the lips' inner edges meet
};
inline constexpr int kMeasures = 6;
const char* to_string(Measure measure);

using Measures = std::array<float, kMeasures>;
inline float value(const Measures& measures, Measure measure) {
  return measures[static_cast<std::size_t>(measure)];
}

/// `face` has base::kMeshPoints points in the axes of the canonical face.
Measures measure_face(const std::vector<cv::Point3f>& face);

}  // namespace mien::movements
