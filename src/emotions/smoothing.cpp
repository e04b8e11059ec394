#include "mien/emotions/smoothing.hpp"

#include <algorithm>
#include <cmath>

namespace mien {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds kForgetAfter = std::chrono::seconds(5);
constexpr float kLeastSure = 0.4F;
constexpr const char* kNegative[] = {"sadness", "anger", "disgust", "fear", "contempt"};

}  // namespace

Smoother::Smoother(nanoseconds time_constant) : time_constant_(time_constant) {}

std::vector<float> Smoother::update(int person, const std::vector<float>& raw,
                                    nanoseconds time) {
  State& state = people_[person];
  // Someone new, another model, or a clock that was set back: nothing to average with.
  if (state.probabilities.size() != raw.size() || time < state.time ||
      time_constant_.count() <= 0) {
    state = {raw, time};
    return raw;
  }
  const double passed = std::chrono::duration<double>(time - state.time) / time_constant_;
  const auto share = static_cast<float>(1 - std::exp(-passed));
  for (std::size_t i = 0; i < raw.size(); ++i) {
    state.probabilities[i] += share * (raw[i] - state.probabilities[i]);
  }
  state.time = time;
  return state.probabilities;
}

void Smoother::forget_absent(nanoseconds now) {
  std::erase_if(people_, [&](const auto& entry) {
    return now < entry.second.time || now - entry.second.time > kForgetAfter;
  });
}

void Smoother::reset() { people_.clear(); }

Verdict judge(const std::vector<float>& probabilities) {
  Verdict verdict;
  verdict.doubt = Doubt::low_probability;
  if (probabilities.empty()) return verdict;
  const auto best = std::max_element(probabilities.begin(), probabilities.end());
  verdict.label = static_cast<int>(best - probabilities.begin());
  verdict.certainty = *best;
  if (*best >= kLeastSure) verdict.doubt = Doubt::none;
  return verdict;
}

float valence(const std::vector<float>& probabilities, const std::vector<std::string>& labels) {
  float happiness = 0;
  float negative = 0;
  for (std::size_t i = 0; i < std::min(probabilities.size(), labels.size()); ++i) {
    if (labels[i] == "happiness") happiness = probabilities[i];
    if (std::any_of(std::begin(kNegative), std::end(kNegative),
                    [&](const char* label) { return labels[i] == label; })) {
      negative = std::max(negative, probabilities[i]);
    }
  }
  return happiness - negative;
}

}  // namespace mien
