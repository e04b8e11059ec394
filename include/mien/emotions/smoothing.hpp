#pragma once

#include <chrono>
#include <unordered_map>
#include <vector>

#include "mien/base/reading.hpp"

namespace mien {

/// Smooths each person's probabilities over time: an exponential average with a time constant,
/// in real time, not frames. One thread.
class Smoother {
 public:
  explicit Smoother(std::chrono::nanoseconds time_constant = std::chrono::milliseconds{120});

  /// The smoothed probabilities of `person` after this frame's `raw` ones.
  std::vector<float> update(int person, const std::vector<float>& raw,
                            std::chrono::nanoseconds time);

  /// Forgets people not seen for five seconds.
  void forget_absent(std::chrono::nanoseconds now);
  void reset();

 private:
  struct State {
    std::vector<float> probabilities;
    std::chrono::nanoseconds time{0};
  };
  std::chrono::nanoseconds time_constant_;
  std::unordered_map<int, State> people_;
};

/// The verdict for smoothed probabilities: the likeliest label, *not sure* when it is below
/// 0.4.
Verdict judge(const std::vector<float>& probabilities);

/// Happiness minus the strongest of sadness, anger, disgust, fear and contempt, as FaceReader
/// defines it; labels that are absent count 0.
float valence(const std::vector<float>& probabilities, const std::vector<std::string>& labels);

}  // namespace mien
