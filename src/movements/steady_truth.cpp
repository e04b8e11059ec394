#include "mien/movements/steady_truth.hpp"

#include <cmath>

namespace mien::movements {

void SteadyTruth::begin(bool now) {
  share_ = now ? 1 : 0;
  holds_ = now;
}

bool SteadyTruth::update(bool now, double seconds) {
  const auto step = static_cast<float>(1 - std::exp(-seconds / time_constant_));
  share_ += ((now ? 1.0F : 0.0F) - share_) * step;
  holds_ = share_ >= (holds_ ? ends_ : begins_);
  return holds_;
}

}  // namespace mien::movements
