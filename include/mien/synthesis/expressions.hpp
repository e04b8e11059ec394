#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mien/synthesis/rng.hpp"

namespace mien::synthesis {

/// What one face shows: movements, where it looks, and how people would name it.
struct Expression {
  /// A distribution in the order of `canonical_labels()`; sums to 1.
  std::array<float, 8> label{};
  /// One for each of `movements()`, 0 to 1 and for some movements a bit above; limited already.
  std::vector<float> weights;
  float gaze_x = 0;  ///< -1 (about 30 degrees to the person's right) .. 1 (to the left)
  float gaze_y = 0;  ///< -1 (about 25 degrees down) .. 1 (up); the lids follow in `weights`
  float tongue = 0;  ///< 0 .. 1 (well out of the mouth); only with an open jaw
  /// How the head is held, in degrees, to be added to the camera's angle: most are 0.
  float yaw = 0;        ///< to the person's left
  float pitch = 0;      ///< chin up
  float roll = 0;       ///< the head's top towards the person's left shoulder
  std::string variant;  ///< "anger, lips pressed"; of a blend "anger, glare + disgust, nose"
  float intensity = 0;  ///< 0 .. 1
};

/// The names of a label's recipes, each at least once in a few thousand samples. `label` is an
/// index into `canonical_labels()`. Throws std::out_of_range for another.
std::vector<std::string> expression_variants(int label);

/// One recipe as it stands in the table, without any chance: for sheets and for tests.
Expression exact_expression(int label, int variant, float intensity);

/// A recipe of this label drawn by its share, with an intensity (0.15 .. 1), asymmetry, actions
/// left out, others that come along, speech, gaze and head pose. An equal rng gives the same
/// bytes everywhere.
Expression sample_expression(int label, Rng& rng);

/// Two labels at once: the movements of both, the label a distribution over both. Throws
/// std::out_of_range for a label that is none.
Expression sample_blend(int first, int second, Rng& rng);

/// A label by `shares` (eight weights, no sum needed), then a sample of it or, with the chance
/// `blends`, a blend of it with a label that goes with it.
Expression sample_any(std::span<const float> shares, float blends, Rng& rng);

/// A face that says nothing: one to four actions by chance, each at any strength and every
/// other paired one on one side only, so that no movement comes with another. To learn
/// movements from. The label is even over all.
Expression sample_movements(Rng& rng);

/// A resting face without any movement, looking ahead or about; the label as above.
Expression sample_still(Rng& rng);

}  // namespace mien::synthesis
