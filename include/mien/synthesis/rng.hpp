#pragma once

#include <cstdint>

namespace mien::synthesis {

/// Random numbers (splitmix64) that are the same on every platform; those of <random>'s
/// distributions are not.
class Rng {
 public:
  explicit Rng(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {  // splitmix64 (Steele et al., 2014)
    std::uint64_t value = state_ += 0x9E3779B97F4A7C15;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
    return value ^ (value >> 31);
  }
  double uniform(double low, double high);
  /// With the mean 0 and the deviation 1, within three of it.
  double normal();
  bool chance(double share) { return uniform(0, 1) < share; }
  int below(int count) { return static_cast<int>(next() % static_cast<std::uint64_t>(count)); }

 private:
  std::uint64_t state_;
};

}  // namespace mien::synthesis
