#pragma once

#include <chrono>
#include <cstdint>

#include "mien/base/reading.hpp"

namespace mien::outputs {

/// When a picture was taken, on std::chrono::steady_clock, for receivers that compare it with
/// what other devices saw. A source's times are exact but have a beginning of their own, and a
/// picture's arrival is late by what its way took: the shortest way of the last minutes tells
/// the beginning. One thread.
class CaptureClock {
 public:
  /// In the order of the frames; never earlier than the one before.
  std::chrono::steady_clock::time_point taken(const base::AnalyzedFrame& frame);

 private:
  using Clock = std::chrono::steady_clock;

  bool known_ = false;
  std::uint64_t source_ = 0;
  std::chrono::nanoseconds time_{0};  ///< of the last frame
  Clock::time_point beginning_{};     ///< of the source's time
  Clock::time_point last_{};          ///< what was returned last
};

/// A moment of the steady clock on the wall's, as that stands now; now where there is no
/// moment. Any thread.
std::chrono::system_clock::time_point wall_time(std::chrono::steady_clock::time_point moment);

}  // namespace mien::outputs
