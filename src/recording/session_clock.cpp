#include "session_clock.hpp"

#include <algorithm>
#include <utility>

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
  source_ = frame.source;
  arrived_ = frame.frame->arrived;
  last_ = time;
  const auto exact = std::chrono::round<milliseconds>(time - first_).count();
  return last_milliseconds_ =
             first ? exact : std::max<std::int64_t>(exact, last_milliseconds_ + 1);
}

}  // namespace mien
