#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

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
    std::vector<double> sorted;
    for (const auto& value : values_) sorted.push_back(value.second);
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    return *middle;
  }

 private:
  std::deque<std::pair<Clock::time_point, double>> values_;
};

}  // namespace mien
