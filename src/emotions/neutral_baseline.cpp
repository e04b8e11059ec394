#include "mien/emotions/neutral_baseline.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/labels.hpp"

namespace mien::emotions {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

constexpr float kRestingShare = 0.15F;  // of neutral, that another label may keep
constexpr float kCap = 2.5F;            // natural logarithm
constexpr float kMinResting = 1e-4F;    // a probability whose logarithm is still taken
constexpr int kMinReadings = 8;
constexpr nanoseconds kMaxStep = 250ms;  // counted for one reading, so that gaps do not
constexpr nanoseconds kGiveUpAfter = 15s;
constexpr nanoseconds kForgetPersonAfter = 60s;

std::size_t neutral_of(const std::vector<std::string>& labels) {
  return static_cast<std::size_t>(std::find_if(labels.begin(), labels.end(),
                                               [](const auto& label) {
                                                 return base::canonical_label(label) ==
                                                        "neutral";
                                               }) -
                                  labels.begin());
}

}  // namespace

std::string baseline_model(const models::ModelCard& card) {
  return card.reading == card.default_reading ? card.id : card.id + '/' + card.reading;
}

std::vector<float> baseline_offsets(const NeutralBaseline& baseline) {
  std::vector<float> offsets(baseline.resting.size(), 0);
  const std::size_t neutral = neutral_of(baseline.labels);
  if (neutral >= baseline.resting.size()) return offsets;
  const auto log_of = [&](std::size_t i) {
    return std::log(std::max(baseline.resting[i], kMinResting));
  };
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    if (i == neutral) continue;
    const float excess = log_of(i) - log_of(neutral) - std::log(kRestingShare);
    offsets[i] = -std::clamp(excess, 0.0F, kCap);
  }
  return offsets;
}

std::vector<float> offset_probabilities(const std::vector<float>& probabilities,
                                        const std::vector<float>& offsets) {
  if (offsets.size() != probabilities.size()) return probabilities;
  std::vector<float> result = probabilities;
  float sum = 0;
  for (std::size_t i = 0; i < result.size(); ++i) sum += result[i] *= std::exp(offsets[i]);
  if (!(sum > 0)) return probabilities;
  for (float& value : result) value /= sum;
  return result;
}

void NeutralBaselines::use_model(std::string model_id, std::vector<std::string> labels) {
  if (model_id != model_id_ || labels != labels_) people_.clear();
  model_id_ = std::move(model_id);
  labels_ = std::move(labels);
}

void NeutralBaselines::begin(int person) {
  if (neutral_of(labels_) == labels_.size()) {
    throw base::Error(
        "The model " + model_id_ +
        " has no label \"neutral\" that a resting face could be set to; choose another "
        "model.");
  }
  people_[person].collecting = Collecting{};
}

void NeutralBaselines::clear(int person) { people_.erase(person); }

std::vector<float> NeutralBaselines::update(int person, const std::vector<float>& raw,
                                            nanoseconds time, bool usable) {
  const auto found = people_.find(person);
  if (found == people_.end() || raw.size() != labels_.size()) return raw;
  State& state = found->second;
  state.seen = time;
  if (state.collecting) collect(state, raw, time, usable);
  return state.baseline ? offset_probabilities(raw, state.offsets) : raw;
}

void NeutralBaselines::collect(State& state, const std::vector<float>& raw, nanoseconds time,
                               bool usable) {
  Collecting& collecting = *state.collecting;
  if (!collecting.started || time < collecting.last) {
    collecting = {std::vector<double>(raw.size(), 0), 0, 0s, time, time};
  }
  const nanoseconds passed = std::min(time - collecting.last, kMaxStep);
  collecting.last = time;
  if (usable) {
    for (std::size_t i = 0; i < raw.size(); ++i) {
      collecting.log_sum[i] += std::log(std::max(raw[i], kMinResting));
    }
    ++collecting.readings;
    collecting.collected += passed;
  }
  if (collecting.collected >= kCollectFor && collecting.readings >= kMinReadings) {
    NeutralBaseline baseline{model_id_, labels_, {}};
    double sum = 0;
    for (double& value : collecting.log_sum) {
      sum += value = std::exp(value / collecting.readings);
    }
    for (const double value : collecting.log_sum) {
      baseline.resting.push_back(static_cast<float>(value / sum));
    }
    state.offsets = baseline_offsets(baseline);
    state.baseline = std::move(baseline);
    state.number = ++begun_;
    state.collecting.reset();
  } else if (time - *collecting.started > kGiveUpAfter) {
    state.collecting.reset();
  }
}

base::Calibration NeutralBaselines::state(int person) const {
  const auto found = people_.find(person);
  if (found == people_.end()) return base::Calibration::none;
  if (found->second.collecting) return base::Calibration::collecting;
  return found->second.baseline ? base::Calibration::set : base::Calibration::none;
}

float NeutralBaselines::progress(int person) const {
  const auto found = people_.find(person);
  if (found == people_.end() || !found->second.collecting) return 0;
  const std::chrono::duration<float> collected = found->second.collecting->collected;
  return std::clamp(collected / std::chrono::duration<float>(kCollectFor), 0.0F, 1.0F);
}

std::uint32_t NeutralBaselines::number(int person) const {
  const auto found = people_.find(person);
  return found == people_.end() ? 0 : found->second.number;
}

std::optional<NeutralBaseline> NeutralBaselines::get(int person) const {
  const auto found = people_.find(person);
  return found == people_.end() ? std::nullopt : found->second.baseline;
}

void NeutralBaselines::set(int person, NeutralBaseline baseline) {
  if (baseline.model_id != model_id_ || baseline.labels != labels_) {
    throw base::Error("The neutral face was kept with the model " + baseline.model_id +
                      " and does not fit " + model_id_ +
                      "; choose that model, or set it again.");
  }
  float sum = 0;
  bool sound = baseline.resting.size() == labels_.size();
  for (const float value : baseline.resting) {
    sound = sound && value >= 0 && value <= 1;
    sum += value;
  }
  if (!sound || !(std::abs(sum - 1) < 0.01F)) {
    throw base::Error("The kept neutral face is damaged; set it again.");
  }
  State& state = people_[person];
  state.collecting.reset();
  state.offsets = baseline_offsets(baseline);
  state.baseline = std::move(baseline);
  state.number = ++begun_;
}

void NeutralBaselines::forget_absent(nanoseconds now) {
  // Asked for before the first reading, or the clock went back: counted from now.
  for (auto& [person, state] : people_) {
    if (!state.seen || now < *state.seen) state.seen = now;
  }
  std::erase_if(people_, [&](const auto& entry) {
    return now - *entry.second.seen > kForgetPersonAfter;
  });
}

void NeutralBaselines::reset() { people_.clear(); }

}  // namespace mien::emotions
