#pragma once

#include <chrono>
#include <cstddef>
#include <unordered_map>
#include <vector>

namespace mien::emotions {

/// Smooths each person's probabilities over time: an exponential average with a time constant,
/// in real time, not frames (1 - exp(-passed / constant), the step response of a first-order
/// low-pass filter). One thread.
///
/// The default passes half of a step in 100 ms, so that a change of label shows within 250 ms
/// at 15 frames a second and more, and takes two thirds off a frame's noise at 30.
class Smoother {
 public:
  explicit Smoother(std::chrono::nanoseconds time_constant = std::chrono::milliseconds{150});

  /// The smoothed probabilities of `person` after this frame's `raw` ones.
  std::vector<float> update(int person, const std::vector<float>& raw,
                            std::chrono::nanoseconds time);

  /// Forgets people not seen for five seconds.
  void forget_absent(std::chrono::nanoseconds now);
  void reset();
  std::size_t remembered() const { return people_.size(); }

 private:
  struct State {
    std::vector<float> probabilities;
    std::chrono::nanoseconds time{0};
  };
  std::chrono::nanoseconds time_constant_;
  std::unordered_map<int, State> people_;
};

}  // namespace mien::emotions
