#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "mien/base/statistics.hpp"

namespace mien {

/// The median over the last second of how old pictures were when they could be seen.
class LatencyMeter {
 public:
  using Clock = std::chrono::steady_clock;

  void add(Clock::time_point arrived, Clock::time_point seen) {
    values_.emplace_back(seen,
                         std::chrono::duration<double, std::milli>(seen - arrived).count());
  }

  /// None when nothing was shown in the last second.
  std::optional<double> median_ms(Clock::time_point now) {
    while (!values_.empty() && now - values_.front().first > std::chrono::seconds{1}) {
      values_.pop_front();
    }
    if (values_.empty()) return std::nullopt;
    std::vector<double> ages;
    for (const auto& value : values_) ages.push_back(value.second);
    return percentile(std::move(ages), 0.5);
  }

 private:
  std::deque<std::pair<Clock::time_point, double>> values_;
};

}  // namespace mien
