#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace mien::base {

/// The value at `share` (0..1) of the values in order. There must be at least one value. Any
/// thread.
inline double percentile(std::vector<double> values, double share) {
  const auto place = std::min(
      values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(place);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

/// The value in the middle; of an even number, half-way between the two there. There must be at
/// least one value. Any thread.
inline double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

}  // namespace mien::base
