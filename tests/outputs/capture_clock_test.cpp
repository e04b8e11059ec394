#include "capture_clock.hpp"

#include <gtest/gtest.h>

#include "frames.hpp"

namespace mien::outputs {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

const Clock::time_point kStart = Clock::time_point{} + 1000s;

/// Taken `time` after the source opened, and here `arrived` after kStart.
base::AnalyzedFrame frame(std::chrono::nanoseconds time, std::chrono::nanoseconds arrived,
                          std::uint64_t source = 1) {
  auto result = testing::numbered_frame(0);
  auto own = std::make_shared<base::Frame>(*result.frame);
  own->time = time;
  own->arrived = kStart + arrived;
  result.frame = std::move(own);
  result.source = source;
  return result;
}

TEST(CaptureClock, ALateArrivalIsNoLaterPicture) {
  CaptureClock clock;
  EXPECT_EQ(clock.taken(frame(0ms, 5ms)), kStart + 5ms);
  // 30 ms late: the picture was taken when it was taken.
  const auto late = clock.taken(frame(40ms, 75ms)) - kStart;
  EXPECT_GE(late, 45ms);
  EXPECT_LE(late, 46ms);
}

TEST(CaptureClock, TheShortestWayCounts) {
  CaptureClock clock;
  clock.taken(frame(0ms, 30ms));
  EXPECT_EQ(clock.taken(frame(40ms, 42ms)), kStart + 42ms);
  const auto next = clock.taken(frame(80ms, 120ms)) - kStart;
  EXPECT_GE(next, 82ms);
  EXPECT_LE(next, 83ms);
}

TEST(CaptureClock, ASlowDeviceClockIsFollowed) {
  CaptureClock clock;
  // A fifth of a millisecond a second, for ten minutes: 120 ms in all.
  for (int i = 0; i <= 600; ++i) {
    const std::chrono::nanoseconds time = i * 1s;
    const auto arrived = time + i * 200us;
    EXPECT_EQ(clock.taken(frame(time, arrived)), kStart + arrived) << i;
  }
}

TEST(CaptureClock, AfterAPauseItBeginsAnew) {
  CaptureClock clock;
  clock.taken(frame(0ms, 0ms));
  EXPECT_EQ(clock.taken(frame(40ms, 5000ms)), kStart + 5000ms);
}

TEST(CaptureClock, AnotherSourceHasItsOwnBeginning) {
  CaptureClock clock;
  clock.taken(frame(0ms, 0ms));
  EXPECT_EQ(clock.taken(frame(10ms, 200ms, 2)), kStart + 200ms);
  EXPECT_EQ(clock.taken(frame(0ms, 900ms, 2)), kStart + 900ms) << "played again";
}

TEST(CaptureClock, TimeNeverGoesBack) {
  CaptureClock clock;
  const auto first = clock.taken(frame(0ms, 500ms));
  EXPECT_EQ(clock.taken(frame(0ms, 100ms, 2)), first);
}

}  // namespace
}  // namespace mien::outputs
