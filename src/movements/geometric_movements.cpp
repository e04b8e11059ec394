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
  float strongest;  ///< the change that is 1, with its sign
  float other_way;  ///< the change that is -1, with its sign
  Measure second = Measure::mouth_opening;
  float share = 0;
};

// An open jaw takes the corners of the mouth down with it, by that share of the opening.
constexpr float kCornersWithJaw = 0.22F;

// The strongest changes are those that `mien_movement_truth responses` prints.
constexpr Formula kFormulas[] = {
    {"eye_opening_right", Measure::eye_opening_right, 0.05F, -0.08F},
    {"eye_opening_left", Measure::eye_opening_left, 0.05F, -0.08F},
    {"corner_height_right", Measure::corner_height_right, 6, -3, Measure::mouth_opening,
     kCornersWithJaw},
    {"corner_height_left", Measure::corner_height_left, 6, -3, Measure::mouth_opening,
     kCornersWithJaw},
    {"mouth_opening", Measure::mouth_opening, 26, -26},
    {"mouth_width", Measure::mouth_width, 14, -5},
};
constexpr float kFarthest = 2;  // beyond it a mesh is wrong rather than a face strong

}  // namespace

const Measures& population_neutral() {
  static const Measures kMeans = {0.27F, 0.27F, -25.5F, -25.5F, 3.0F, 48.0F};
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
    const float forward = moved / formula.strongest;
    values[*index] =
        std::clamp(forward >= 0 ? forward : -moved / formula.other_way, -kFarthest, kFarthest);
  }
  return values;
}

}  // namespace mien::movements
