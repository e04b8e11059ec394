#include "mien/synthesis/rng.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mien::synthesis {

double Rng::uniform(double low, double high) {
  return low + (high - low) * static_cast<double>(next() >> 11) * 0x1p-53;
}

double Rng::normal() {
  const double radius = std::sqrt(-2 * std::log(1 - uniform(0, 1)));
  return std::clamp(radius * std::cos(2 * std::numbers::pi * uniform(0, 1)), -3.0, 3.0);
}

}  // namespace mien::synthesis
