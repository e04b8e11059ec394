#include "mien/emotions/smoothing.hpp"

#include <cmath>

namespace mien::emotions {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds kForgetFaceAfter = std::chrono::seconds(5);

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
    return now < entry.second.time || now - entry.second.time > kForgetFaceAfter;
  });
}

void Smoother::reset() { people_.clear(); }

}  // namespace mien::emotions
