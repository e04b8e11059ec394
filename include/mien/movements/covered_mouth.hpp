#pragma once

#include <memory>

#include <opencv2/core.hpp>

#include "mien/base/face_mesh.hpp"
#include "mien/models/model_card.hpp"

namespace mien::movements {

/// Pixels of the side of the square around a mouth.
inline constexpr int kMouthSide = 40;

/// The gray square, 8 bits, around a face's mouth: from below the eyes to below the chin, level
/// by the mesh's eyes and as large as its face. `bgr`: 8-bit BGR. Empty when the mesh has no
/// points there or they are no numbers. Any thread.
cv::Mat cut_out_mouth(const cv::Mat& bgr, const base::FaceMesh& mesh);

/// Whether what should be a mouth is hidden, by its square. Belongs to one thread.
class CoveredMouth {
 public:
  virtual ~CoveredMouth() = default;

  /// The probability, 0..1, that more than half of the lips is hidden. `square`: as
  /// cut_out_mouth() gives it. Throws Error when the network fails.
  virtual float probability(const cv::Mat& square) = 0;
  /// From which probability on a mouth counts as covered.
  virtual float limit() const = 0;
};

/// The network that `options.covered_mouth` of a card of task movements names, its file
/// verified. Throws Error with one sentence for one that is not named or listed, missing,
/// changed, damaged or of another shape.
std::unique_ptr<CoveredMouth> load_covered_mouth(const models::ModelCard& card);

}  // namespace mien::movements
