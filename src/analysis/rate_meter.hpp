#pragma once

#include <chrono>
#include <deque>

#include "mien/base/reading.hpp"

namespace mien::analysis {

/// What happened within the last second: how often, and the median of each stage. One thread,
/// or under its owner's lock.
class RateMeter {
 public:
  using Clock = std::chrono::steady_clock;

  void add(Clock::time_point now, const base::StageTimes& times = {});
  void clear() { events_.clear(); }

  /// Events a second. 0 when nothing came within the last second.
  double rate(Clock::time_point now) const;
  /// Of the last second that had any: a still picture keeps its figures.
  base::StageTimes medians() const;

 private:
  struct Event {
    Clock::time_point time;
    base::StageTimes times;
  };
  std::deque<Event> events_;
};

}  // namespace mien::analysis
