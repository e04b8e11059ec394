#include "capture_clock.hpp"

#include <algorithm>

namespace mien::outputs {
namespace {

using namespace std::chrono_literals;

/// Something was paused, or is played again: no way of a picture is that long.
constexpr std::chrono::nanoseconds kLongestWay = 1s;
/// A device's clock may be slower than this machine's: for each second that passes, the
/// shortest way counts as this much longer, ten times what quartzes differ by.
constexpr std::int64_t kDrift = 2000;  // 1/2000: 0.5 ms

}  // namespace

CaptureClock::Clock::time_point CaptureClock::taken(const base::AnalyzedFrame& frame) {
  const auto time = frame.frame->time;
  // Frames that were made up have no arrival.
  const auto arrived =
      frame.frame->arrived == Clock::time_point{} ? Clock::now() : frame.frame->arrived;
  const auto beginning = arrived - time;
  const bool other = !known_ || frame.source != source_ || time < time_;
  if (!other) beginning_ += (time - time_) / kDrift;
  if (other || beginning < beginning_ || beginning - beginning_ > kLongestWay) {
    beginning_ = beginning;
  }
  known_ = true;
  source_ = frame.source;
  time_ = time;
  last_ = std::max(last_, beginning_ + time);
  return last_;
}

std::chrono::system_clock::time_point wall_time(std::chrono::steady_clock::time_point moment) {
  using namespace std::chrono;
  const auto now = system_clock::now();
  if (moment == steady_clock::time_point{}) return now;
  return now - duration_cast<system_clock::duration>(steady_clock::now() - moment);
}

}  // namespace mien::outputs
