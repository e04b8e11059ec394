#include "mien/movements/blinks.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mien::movements {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

// Rendered eyes that close fall to 0.56 to 0.9 of their opening, most to less than 0.8;
// docs/movements.md has the figures.
constexpr float kCloses = 0.85F;  // of what they were a moment ago
constexpr float kOpens = 0.91F;
constexpr float kSlowlyClosed = 0.75F;  // of what is usual
constexpr nanoseconds kMoment = 125ms;
constexpr nanoseconds kLongestBlink = 500ms;
// More than half of a step at 12 frames a second, less than one and a half at 30: a frame by
// itself, which may be wrong, is too short, two of them are not.
constexpr nanoseconds kSure = 45ms;
constexpr nanoseconds kHeld = 10s;
constexpr nanoseconds kLongestStep = 250ms;  // between frames: more is a gap
constexpr nanoseconds kUsualFor = 30s;
constexpr nanoseconds kSampleEvery = 50ms;
constexpr float kUsualShare = 0.8F;  // a percentile
constexpr std::size_t kLeastSamples = 8;
constexpr nanoseconds kForgetEyesAfter = 60s;

double seconds(nanoseconds time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

void BlinkCounter::learn(State& state, const EyeOpenings& openings, nanoseconds time) {
  auto& samples = state.samples;
  if (!samples.empty() && time < samples.back().time) samples.clear();  // another clock
  if (!samples.empty() && time - samples.back().time < kSampleEvery) return;
  samples.push_back({time, openings});
  const auto old = std::find_if(samples.begin(), samples.end(), [&](const Sample& sample) {
    return time - sample.time <= kUsualFor;
  });
  samples.erase(samples.begin(), old);
  if (samples.size() < kLeastSamples) return;
  for (float EyeOpenings::*eye : {&EyeOpenings::right, &EyeOpenings::left}) {
    std::vector<float> all;
    all.reserve(samples.size());
    for (const Sample& sample : samples) all.push_back(sample.openings.*eye);
    const auto usual =
        all.begin() + static_cast<std::ptrdiff_t>(kUsualShare * static_cast<float>(all.size()));
    std::nth_element(all.begin(), usual, all.end());
    state.usual.*eye = *usual;
  }
}

base::EyeActivity BlinkCounter::update(int person, const std::optional<EyeOpenings>& openings,
                                       nanoseconds time) {
  State& state = people_[person];
  state.seen = time;
  base::EyeActivity& eyes = state.activity;
  if (!openings || !std::isfinite(openings->right) || !std::isfinite(openings->left)) {
    state.unseen = time;
    base::EyeActivity unknown = eyes;
    unknown.opening = 0;
    unknown.lids_down = unknown.closed = false;
    unknown.closed_for = 0;
    unknown.blinked = false;
    return unknown;
  }
  const nanoseconds step = time - state.last;
  if (state.started && step == 0ns) return eyes;  // the same frame, read anew
  eyes.blinked = false;
  eyes.closed_for = 0;
  // Unless it was this very frame, or the one before, that was read twice.
  const bool unseen = state.unseen && *state.unseen != time && *state.unseen != state.last;
  state.unseen.reset();
  const bool gap = !state.started || step < 0ns || step > kLongestStep;
  const bool steady = !gap && !unseen;
  const nanoseconds half = steady ? step / 2 : 0ns;
  const bool rare = state.started && step > kLongestStep;
  state.started = true;
  state.last = time;
  if (gap) state.recent.clear();
  if (!steady) {  // whatever happened was not seen
    eyes.lids_down = eyes.closed = false;
    state.step = 0ns;
  }
  // A step that is long by chance, as where a frame was lost, does not make its frame sure.
  nanoseconds lasted = steady ? std::min(step, std::exchange(state.step, step)) / 2 : 0ns;
  // Where every step is a gap, a frame is all that there is.
  if (std::exchange(state.rare, rare) && rare) lasted = kSure;
  if (!(state.usual.right > 0 && state.usual.left > 0)) {
    learn(state, *openings, time);
    return eyes;
  }
  eyes.opening =
      std::max(openings->right / state.usual.right, openings->left / state.usual.left);
  if (steady) {
    eyes.observed_seconds += seconds(step);
    if (eyes.lids_down) eyes.closed_seconds += seconds(step);
  }
  // What they were a moment ago; after a gap, and while they open wide, what is usual.
  float before = state.recent.empty() ? 1.0F : state.recent.back().share;
  for (const Recent& each : state.recent) {
    if (time - each.time <= kMoment) before = std::max(before, each.share);
  }
  before = std::min(before, 1.0F);
  const float closes = std::max(kCloses * before, kSlowlyClosed);
  if (!eyes.lids_down && eyes.opening < closes) {
    eyes.lids_down = true;
    state.opens = closes * kOpens / kCloses;
    state.turned = time - half;
    state.closing_seen = steady;
  } else if (eyes.lids_down && eyes.opening > state.opens) {
    eyes.lids_down = false;
    const nanoseconds opened = time - half;
    if (state.closing_seen && opened - state.turned <= kLongestBlink) {
      eyes.blinked = true;
      ++eyes.blinks;
    }
    state.turned = opened;
  } else {
    lasted = time - state.turned;
  }
  if (eyes.closed != eyes.lids_down && lasted >= kSure) {
    eyes.closed = eyes.lids_down;
    state.closed_since = state.turned;
  }
  if (eyes.closed) eyes.closed_for = seconds(time - state.closed_since);
  std::erase_if(state.recent, [&](const Recent& each) {
    return time < each.time || time - each.time > kMoment;
  });
  if (!eyes.lids_down) state.recent.push_back({time, eyes.opening});
  const bool held = eyes.closed && time - state.closed_since > kHeld;
  if (!eyes.lids_down || held) learn(state, *openings, time);
  return eyes;
}

void BlinkCounter::forget_absent(nanoseconds now) {
  for (auto& [person, state] : people_) state.seen = std::min(state.seen, now);
  std::erase_if(people_,
                [&](const auto& entry) { return now - entry.second.seen > kForgetEyesAfter; });
}

}  // namespace mien::movements
