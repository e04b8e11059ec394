#include "mien/movements/geometric_movements.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "mien/base/movements.hpp"

namespace mien::movements {
namespace {

/// One movement: the change of a measure, and of a second one times `share`.
struct Formula {
  std::string_view id;
  Measure measure;
  float strongest;  ///< the change that is 1, and its opposite -1
  Measure second = Measure::mouth_opening;
  float share = 0;
};

// An open jaw takes the corners of the mouth down with it, by that share of the opening.
constexpr float kCornersWithJaw = 0.22F;

// The strongest changes, of both ways the larger, are those that `mien_movement_truth
// responses` prints.
constexpr Formula kFormulas[] = {
    {"eye_opening_right", Measure::eye_opening_right, 0.08F},
    {"eye_opening_left", Measure::eye_opening_left, 0.08F},
    {"corner_height_right", Measure::corner_height_right, 6, Measure::mouth_opening,
     kCornersWithJaw},
    {"corner_height_left", Measure::corner_height_left, 6, Measure::mouth_opening,
     kCornersWithJaw},
    {"mouth_opening", Measure::mouth_opening, 26},
    {"mouth_width", Measure::mouth_width, 12},
};
constexpr float kFarthest = 2;  // beyond it a mesh is wrong rather than a face strong

}  // namespace

const Measures& population_neutral() {
  static const Measures kMeans = {0.27F, 0.27F, -25.5F, -25.5F, 3.0F, 40.5F};
  return kMeans;
}

std::vector<float> geometric_movements(const Measures& measures, const Measures& neutral) {
  std::vector<float> values(base::movements().size(), std::numeric_limits<float>::quiet_NaN());
  const auto change = [&](Measure measure) {
    return value(measures, measure) - value(neutral, measure);
  };
  for (const Formula& formula : kFormulas) {
    const auto index = base::movement_index(formula.id);
    if (!index) continue;
    const float moved = change(formula.measure) + formula.share * change(formula.second);
    values[*index] = std::clamp(moved / formula.strongest, -kFarthest, kFarthest);
  }
  return values;
}

}  // namespace mien::movements
