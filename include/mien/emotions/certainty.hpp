#pragma once

#include <chrono>
#include <cstddef>
#include <limits>
#include <unordered_map>
#include <vector>

#include "mien/base/reading.hpp"
#include "mien/emotions/picture_quality.hpp"
#include "mien/models/model_card.hpp"

namespace mien::emotions {

/// When the program shows a label, and when *not sure*: the one place that decides. Each limit
/// with its reason; docs/signals.md has the measurements behind them.
struct CertaintyRules {
  /// On FER+ validation the smallest step of 0.05 with which nine of ten shown labels are
  /// right.
  float least_probability = 0.6F;
  /// Between the two likeliest labels: below it, chance decides which one is first.
  float least_lead = 0.1F;
  /// Source pixels. With half the pixels that the model was trained on it is wrong one time in
  /// four, with all of them one time in six.
  float least_side = 24;
  /// Of the box. With less, the mouth or an eye is gone.
  float least_visible = 0.85F;
  /// In distances between the eyes. Up to 0.6 labels are as often right as from the front (of
  /// 59 web faces between 0.28 and 0.6, 85 %; see docs/signals.md); beyond, two of three, with
  /// few faces to tell from: profiles, of which the far half of the mouth is not seen.
  float most_turn = 0.6F;
  /// Degrees from the line of sight, where the face was measured, instead of the turn. Of
  /// rendered heads turned by 40 to 50 degrees two of three are beyond it, of those below 35
  /// none; labels are right as often as from the front up to 40 (docs/movements.md).
  float most_yaw = 45;
  /// Degrees, likewise. Of 34 rendered faces beyond 30 a quarter is read right, of 44 between
  /// 20 and 30 one in two. A raised chin costs less: up to 40, one in two is right.
  float most_chin_down = 34;
  /// Seconds: longer is no blink.
  float longest_closed = 0.5F;
  /// FaceShape::eyes_shut, of the less closed eye: both must be beyond it. Rendered eyes that
  /// close fully exceed it in seven of ten people, laughing ones in none of 24.
  float most_shut = 0.4F;
  /// Half of the faces fall below it when blurred by 1.5 pixels of 48 (where the model is wrong
  /// one time in three), hardly any by 1 (one in five).
  float least_sharpness = 0.03F;
  /// Of 255. Darkened until nothing exceeds 30, three answers in ten are wrong; 60,
  /// fewer than two.
  float least_highlights = 40;
  /// Share. Half of the faces exceed it when lit twice too brightly (one in four wrong).
  float most_washed_out = 0.5F;
  /// Of a covered face and of one unlike what the model learned: each model's own, see
  /// rules_for(); without limits there is no such doubt.
  float most_covered = std::numeric_limits<float>::max();
  float most_distance = std::numeric_limits<float>::max();
};

/// The rules with the limits that the model's card sets.
CertaintyRules rules_for(const models::ModelCard& card);

/// The verdict for one face by itself: the likeliest label, and the doubt, if any. A fault of
/// the picture comes before the probabilities, as it says what to do about it.
base::Verdict judge(const std::vector<float>& probabilities, const PictureQuality& quality = {},
                    const CertaintyRules& rules = {});

/// Verdicts that do not flicker, for each person and in real time, not frames. One thread.
///
/// Hysteresis: the shown label changes only to one that leads by kLead, and the new label does
/// not inherit the certainty of the old one. A label shown as certain becomes *not sure* after
/// it has missed slightly relaxed limits for kHoldTime, or at once when its probability falls
/// below 0.45; from *not sure* back to a label there is no delay. A person who is new, or was
/// away for more than half a second, starts without history.
class SteadyVerdicts {
 public:
  static constexpr float kLead = 0.1F;
  static constexpr std::chrono::nanoseconds kHoldTime = std::chrono::milliseconds{200};

  explicit SteadyVerdicts(CertaintyRules rules = {});

  base::Verdict update(int person, const std::vector<float>& smoothed,
                       const PictureQuality& quality, std::chrono::nanoseconds time);

  /// Forgets people not seen for five seconds.
  void forget_absent(std::chrono::nanoseconds now);
  void reset();
  std::size_t remembered() const { return people_.size(); }

 private:
  struct State {
    int label = -1;
    std::size_t labels = 0;
    base::Doubt shown = base::Doubt::none;
    base::Doubt pending = base::Doubt::none;  ///< shown once it has lasted for kHoldTime
    std::chrono::nanoseconds since{0};        ///< when `pending` began
    std::chrono::nanoseconds time{0};
  };
  CertaintyRules rules_;
  CertaintyRules relaxed_;
  std::unordered_map<int, State> people_;
};

}  // namespace mien::emotions
