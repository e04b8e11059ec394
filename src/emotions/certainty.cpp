#include "mien/emotions/certainty.hpp"

#include <algorithm>
#include <limits>

namespace mien::emotions {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

constexpr nanoseconds kForgetCertaintyAfter = 5s;
constexpr nanoseconds kAwayAfter = 500ms;
// Hysteresis: by how much the limits are relaxed while a label is shown as certain.
constexpr float kLessProbability = 0.1F;
// A less probable label is never shown, not even during kHoldTime.
constexpr float kUnlikely = 0.45F;
constexpr float kSlack = 0.15F;  // share of the limits on pictures
constexpr float kNoLimit = std::numeric_limits<float>::max();

std::size_t likeliest(const std::vector<float>& probabilities) {
  return static_cast<std::size_t>(std::max_element(probabilities.begin(), probabilities.end()) -
                                  probabilities.begin());
}

float strongest_other(const std::vector<float>& probabilities, std::size_t label) {
  float strongest = 0;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    if (i != label) strongest = std::max(strongest, probabilities[i]);
  }
  return strongest;
}

bool turned_away(const PictureQuality& quality, const CertaintyRules& rules) {
  if (!quality.shape) return quality.turn > rules.most_turn;
  return quality.shape->yaw > rules.most_yaw || quality.shape->chin_down > rules.most_chin_down;
}

// The fault that hides most of the face comes first.
base::Doubt doubt_of_picture(const PictureQuality& quality, const CertaintyRules& rules) {
  if (quality.visible < rules.least_visible) return base::Doubt::cut_off;
  if (quality.side < rules.least_side) return base::Doubt::too_small;
  if (quality.highlights < rules.least_highlights) return base::Doubt::too_dark;
  if (quality.washed_out > rules.most_washed_out) return base::Doubt::too_bright;
  if (turned_away(quality, rules)) return base::Doubt::turned_away;
  if (quality.shape && quality.shape->closed_for > rules.longest_closed &&
      quality.shape->eyes_shut > rules.most_shut) {
    return base::Doubt::eyes_closed;
  }
  if (quality.sharpness < rules.least_sharpness) return base::Doubt::blurred;
  // Last, since a model may take a dark or blurred face for a covered one, and hidden features
  // for a face unlike those that it learned from.
  if (quality.shape && quality.shape->mouth_covered) return base::Doubt::mouth_covered;
  if (quality.covered > rules.most_covered) return base::Doubt::covered;
  if (quality.distance > rules.most_distance) return base::Doubt::unlike;
  return base::Doubt::none;
}

base::Doubt doubt_of_probability(const std::vector<float>& probabilities, std::size_t label,
                                 const CertaintyRules& rules) {
  const float probability = probabilities[label];
  if (probability - strongest_other(probabilities, label) < rules.least_lead) {
    return base::Doubt::close_labels;
  }
  return probability < rules.least_probability ? base::Doubt::low_probability
                                               : base::Doubt::none;
}

base::Doubt doubt_of(const std::vector<float>& probabilities, std::size_t label,
                     const PictureQuality& quality, const CertaintyRules& rules) {
  const base::Doubt picture = doubt_of_picture(quality, rules);
  return picture != base::Doubt::none ? picture
                                      : doubt_of_probability(probabilities, label, rules);
}

CertaintyRules relaxed(CertaintyRules rules) {
  rules.least_probability -= kLessProbability;
  rules.least_lead -= kLessProbability;
  for (float* least : {&rules.least_side, &rules.least_visible, &rules.least_sharpness,
                       &rules.least_highlights}) {
    *least *= 1 - kSlack;
  }
  for (float* most : {&rules.most_turn, &rules.most_yaw, &rules.most_chin_down,
                      &rules.longest_closed, &rules.most_shut, &rules.most_washed_out}) {
    *most *= 1 + kSlack;
  }
  // Relative to the distance from 1, which a limit on a probability must not exceed.
  if (rules.most_covered < 1) rules.most_covered += kSlack * (1 - rules.most_covered);
  if (rules.most_distance < kNoLimit) rules.most_distance *= 1 + kSlack;
  return rules;
}

}  // namespace

base::Verdict judge(const std::vector<float>& probabilities, const PictureQuality& quality,
                    const CertaintyRules& rules) {
  if (probabilities.empty()) return {.doubt = base::Doubt::low_probability};
  const std::size_t label = likeliest(probabilities);
  return {static_cast<int>(label), probabilities[label],
          doubt_of(probabilities, label, quality, rules)};
}

CertaintyRules rules_for(const models::ModelCard& card) {
  CertaintyRules rules;
  if (!card.output.covered.name.empty()) rules.most_covered = card.output.covered.above;
  if (!card.output.unlike.name.empty()) rules.most_distance = card.output.unlike.above;
  return rules;
}

SteadyVerdicts::SteadyVerdicts(CertaintyRules rules)
    : rules_(rules), relaxed_(relaxed(rules)) {}

base::Verdict SteadyVerdicts::update(int person, const std::vector<float>& smoothed,
                                     const PictureQuality& quality, nanoseconds time) {
  const base::Verdict now = judge(smoothed, quality, rules_);
  if (now.label < 0) return now;
  State& state = people_[person];
  const bool is_new = state.label < 0 || state.labels != smoothed.size() || time < state.time ||
                      time - state.time > kAwayAfter;
  state.time = time;
  if (is_new) {
    state = {now.label, smoothed.size(), now.doubt, now.doubt, time, time};
    return now;
  }

  const auto best = static_cast<std::size_t>(now.label);
  const bool another = smoothed[best] - smoothed[static_cast<std::size_t>(state.label)] > kLead;
  if (another) state.label = now.label;
  const auto label = static_cast<std::size_t>(state.label);
  base::Doubt doubt = doubt_of(smoothed, label, quality, rules_);
  if (another) {
    // The certainty shown so far was that of the previous label.
    state.shown = state.pending = doubt;
    state.since = time;
    return {state.label, smoothed[label], doubt};
  }
  if (doubt != base::Doubt::none && state.shown == base::Doubt::none) {
    doubt = doubt_of(smoothed, label, quality, relaxed_);
  }
  if (doubt != state.pending) {
    state.pending = doubt;
    state.since = time;
  }
  // The hold time bridges a short dip; it must not show a label that has become unlikely.
  const bool at_once = doubt == base::Doubt::none || smoothed[label] < kUnlikely;
  if (at_once || time - state.since >= kHoldTime) state.shown = doubt;
  return {state.label, smoothed[label], state.shown};
}

void SteadyVerdicts::forget_absent(nanoseconds now) {
  std::erase_if(people_, [&](const auto& entry) {
    return now < entry.second.time || now - entry.second.time > kForgetCertaintyAfter;
  });
}

void SteadyVerdicts::reset() { people_.clear(); }

}  // namespace mien::emotions
