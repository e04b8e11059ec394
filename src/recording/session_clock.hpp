#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "mien/base/reading.hpp"

namespace mien {

/// The session's time: milliseconds since its first frame, rising from frame to frame.
class SessionClock {
 public:
  /// The frame's timestamp; none for a frame that does not come after the last one, or
  /// longer after the first than a session may last. Two frames
  /// within one millisecond get one each. Another source has another clock: the session's time
  /// goes on by what passed between the arrivals.
  std::optional<std::int64_t> place(const AnalyzedFrame& frame);

  /// The most milliseconds by which a frame's written time is later than its own.
  std::int64_t largest_delay() const { return largest_delay_; }

 private:
  bool started_ = false;
  std::chrono::nanoseconds first_{0};  ///< the session's time 0 on the source's clock
  std::chrono::nanoseconds last_{0};
  std::chrono::steady_clock::time_point arrived_{};
  std::uint64_t source_ = 0;
  std::int64_t last_milliseconds_ = 0;
  std::int64_t largest_delay_ = 0;
};

}  // namespace mien
