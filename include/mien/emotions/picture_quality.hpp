#pragma once

#include <limits>

#include <opencv2/core.hpp>

#include "mien/base/face.hpp"

namespace mien::emotions {

/// What a face's picture itself says of how far it can be read. The defaults are of a perfect
/// one, so that what could not be measured raises no doubt.
struct PictureQuality {
  float side = std::numeric_limits<float>::max();  ///< mean of the box's sides, source pixels
  float visible = 1;                               ///< share of the box inside the picture
  /// How far the nose is from the middle of the eyes, along their line, in distances between
  /// the eyes: 0 from the front, about 0.25 in three-quarter view. 0 without landmarks.
  float turn = 0;
  /// Variance of the Laplacian of the face at 48x48 (Pech-Pacheco et al., "Diatom
  /// autofocusing in brightfield microscopy", 2000) over the variance of its brightness, so
  /// that dim light alone does not look like blur.
  float sharpness = std::numeric_limits<float>::max();
  /// The brightness, 0..255, that a twentieth of the face exceeds. The mean would call dark
  /// skin dark light; on every skin something shines.
  float highlights = 255;
  float washed_out = 0;  ///< share of the face at the top of the range, where detail is lost
  // What the model itself says of the picture (ModelAnswer): not measured here, 0 when unknown.
  float covered = 0;   ///< probability that the face is covered
  float distance = 0;  ///< from the faces that the model learned from
};

/// Measures a face in an 8-bit BGR picture. A tenth of a millisecond. Any thread.
PictureQuality measure_quality(const cv::Mat& bgr, const base::Face& face);

}  // namespace mien::emotions
