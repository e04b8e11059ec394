#pragma once

#include <limits>
#include <optional>

#include <opencv2/core.hpp>

#include "mien/base/face.hpp"
#include "mien/base/face_mesh.hpp"

namespace mien::emotions {

/// What a measured face says of how far it can be read.
struct FaceShape {
  float yaw = 0;         ///< degrees, to either side
  float chin_down = 0;   ///< degrees; negative: up
  float closed_for = 0;  ///< seconds for which both eyes have seemed closed
  /// 0..1, how far the less closed eye is shut by the network of movements: a laugh narrows
  /// eyes as far as some close them, and it tells the two apart. 0 without that network.
  float eyes_shut = 0;
  bool mouth_covered = false;
};

/// Nothing when the pose is not known.
std::optional<FaceShape> shape_of(const base::FaceGeometry& geometry);

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
  /// Of a face that was measured: not found here. It stands in for `turn`.
  std::optional<FaceShape> shape{};
};

/// Measures a face in an 8-bit BGR picture. A tenth of a millisecond. Any thread.
PictureQuality measure_quality(const cv::Mat& bgr, const base::Face& face);

}  // namespace mien::emotions
