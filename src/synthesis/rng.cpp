#include "mien/synthesis/rng.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mien::synthesis {

std::uint64_t Rng::next() {  // splitmix64 (Steele et al., 2014)
  std::uint64_t value = state_ += 0x9E3779B97F4A7C15;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
  return value ^ (value >> 31);
}

double Rng::uniform(double low, double high) {
  return low + (high - low) * static_cast<double>(next() >> 11) * 0x1p-53;
}

double Rng::normal() {
  const double radius = std::sqrt(-2 * std::log(1 - uniform(0, 1)));
  return std::clamp(radius * std::cos(2 * std::numbers::pi * uniform(0, 1)), -3.0, 3.0);
}

}  // namespace mien::synthesis
