#include "session_clock.hpp"

#include <algorithm>
#include <utility>

#include "mien/sessions/session_bounds.hpp"

namespace mien {

using std::chrono::milliseconds;

std::optional<std::int64_t> SessionClock::place(const AnalyzedFrame& frame) {
  const auto time = frame.frame->time;
  const bool first = !std::exchange(started_, true);
  if (first) {
    first_ = time;
  } else if (frame.source != source_) {
    const auto passed =
        std::max<std::chrono::nanoseconds>(frame.frame->arrived - arrived_, milliseconds{1});
    first_ = time - (last_ - first_) - passed;
  } else if (time <= last_) {
    return std::nullopt;
  }
  const auto exact = std::chrono::round<milliseconds>(time - first_).count();
  // Files with broken times say such things, and readers of sessions refuse them.
  if (static_cast<double>(exact) > kLongestSessionSeconds * 1000 - 1) return std::nullopt;
  source_ = frame.source;
  arrived_ = frame.frame->arrived;
  last_ = time;
  last_milliseconds_ = first ? exact : std::max<std::int64_t>(exact, last_milliseconds_ + 1);
  largest_delay_ = std::max(largest_delay_, last_milliseconds_ - exact);
  return last_milliseconds_;
}

}  // namespace mien
