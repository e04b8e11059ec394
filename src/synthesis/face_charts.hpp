#pragma once

#include <array>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/synthesis/expressions.hpp"
#include "mien/synthesis/rendered_face.hpp"

namespace mien {

/// Folds of the skin, each with a left and a right half of its own weight.
enum class Fold {
  frown,           ///< upright lines between the brows
  forehead_inner,  ///< level lines over the inner brows
  forehead_outer,  ///< level lines over the outer brows
  nose_root,       ///< across the nose's root and down its sides
  nasolabial,      ///< from the nostril past the mouth's corner
  nose_wing,       ///< the fold's upper end, beside the nostril
  crows_feet,      ///< from the eye's outer corner
  under_eye,       ///< the furrow under the lower lid
  lid_crease,      ///< over the upper lid
  corner_dimple,   ///< beside the mouth's corner
  marionette,      ///< down from the mouth's corner
  chin_crease,     ///< between the lower lip and the chin
  chin_dimples,    ///< the chin's orange peel
  lip_lines,       ///< upright lines around the mouth
  kCount
};
inline constexpr int kFolds = static_cast<int>(Fold::kCount);

/// How deep each fold is, 0..1, [0] the person's right half and [1] the left.
using FoldWeights = std::array<std::array<float, 2>, kFolds>;
FoldWeights fold_weights(const FaceLook& look, const Expression& expression);

/// Maps over the undeformed face as it is seen from the front: x and y in decimetres from the
/// middle of the eyes. Drawn once; read-only then.
class FaceCharts {
 public:
  FaceCharts();

  static constexpr int kSide = 256;
  static constexpr float kLeft = -0.8f, kBottom = -1.2f, kWidth = 1.6f, kHeight = 2.1f;

  /// 0..1 at a place, between the map's points; 0 outside.
  static float at(const cv::Mat& map, float x, float y);

  const cv::Mat& lips() const { return lips_; }
  const cv::Mat& lip_line() const { return lip_line_; }
  const cv::Mat& flush() const { return flush_; }  ///< cheeks, nose tip, chin
  const cv::Mat& lids() const { return lids_; }    ///< the upper lids
  const cv::Mat& lid_edges() const { return lid_edges_; }
  const cv::Mat& under_eyes() const { return under_eyes_; }

  /// Sum of the folds: depth (positive is deep) as 32 bit floats.
  cv::Mat folded(const FoldWeights& weights) const;

  /// Hair of the brow at a place of the head, 0..1.
  float brow(int style, float thickness, float x, float y) const;

  /// Even noise that repeats every 1, 0..1 with the mean 0.5: of single points, and of clouds.
  float grain(float u, float v) const;
  float cloud(float u, float v) const;

 private:
  void draw_masks();
  void draw_folds();
  void draw_brows();
  void draw_noise();

  cv::Mat lips_, lip_line_, flush_, lids_, lid_edges_, under_eyes_;
  std::array<cv::Mat, kFolds> folds_;  // the left half; the right one is mirrored
  std::array<cv::Mat, kFolds> mirrored_;
  std::vector<cv::Mat> brows_;
  cv::Mat grain_, cloud_;
};

}  // namespace mien
