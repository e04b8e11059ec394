#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/synthesis/expressions.hpp"
#include "mien/synthesis/rendered_face.hpp"

#include "face_geometry.hpp"

namespace mien::synthesis {

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
  static constexpr float kLeft = -0.8F, kBottom = -1.2F, kWidth = 1.6F, kHeight = 2.1F;

  /// What is painted on a place, each 0..1.
  struct Masks {
    float lips = 0, flush = 0;  ///< flush: cheeks, nose tip, chin
    float lids = 0;             ///< the upper lids
    float lid_edges = 0, under_eyes = 0;
  };
  /// Between the map's points; nothing outside.
  Masks masks(float x, float y) const;

  /// How deep the folds are at a place (positive is deep), and how much they bend the normal
  /// along the head's x and y.
  struct Folds {
    float depth = 0, bend_x = 0, bend_y = 0;
  };
  /// Sums of all folds, for folds_at().
  using FoldSheet = std::vector<cv::Vec4f>;
  FoldSheet folded(const FoldWeights& weights) const;
  static Folds folds_at(const FoldSheet& sheet, float x, float y);

  /// Hair of the brow at a place of the head, 0..1, averaged over about `footprint` decimetres.
  float brow(int style, float thickness, float x, float y, float footprint) const;

  /// Even noise that repeats every 1, 0..1 with the mean 0.5: of single points, and of clouds.
  float grain(float u, float v) const { return repeated(grain_, u, v); }
  float cloud(float u, float v) const { return repeated(cloud_, u, v); }

 private:
  void draw_masks();
  void draw_folds();
  void draw_brows();
  void draw_noise();

  /// Between the points of a map of noise. They are bytes, so that all of it stays in a
  /// processor's nearest memory.
  static float repeated(const std::vector<std::uint8_t>& map, float u, float v) {
    // Far enough to the positive side that cutting off the digits rounds down.
    const float x = (u + 64) * kNoiseSide, y = (v + 64) * kNoiseSide;
    const int x0 = static_cast<int>(x), y0 = static_cast<int>(y);
    const float fx = x - static_cast<float>(x0), fy = y - static_cast<float>(y0);
    const auto* a = map.data() + std::ptrdiff_t{y0 & (kNoiseSide - 1)} * kNoiseSide;
    const auto* b = map.data() + std::ptrdiff_t{(y0 + 1) & (kNoiseSide - 1)} * kNoiseSide;
    const int xa = x0 & (kNoiseSide - 1), xb = (x0 + 1) & (kNoiseSide - 1);
    return mix(mix(a[xa], a[xb], fx), mix(b[xa], b[xb], fx), fy) * (1 / 255.F);
  }

  static constexpr int kNoiseSide = 256;
  /// The part of the chart that a fold touches: depth, bend along x and y.
  struct FoldPatch {
    cv::Rect where;
    cv::Mat values;  // CV_32FC4
  };
  static FoldPatch patch_of(const cv::Mat& depth);

  using MaskPoint = cv::Vec<std::uint8_t, 8>;
  std::vector<MaskPoint> masks_;
  std::array<std::array<FoldPatch, 2>, kFolds> folds_;  // the right half, then the left
  std::vector<std::vector<cv::Mat>> brows_;             // by style, then ever softer
  std::vector<std::uint8_t> grain_, cloud_;
};

}  // namespace mien::synthesis
