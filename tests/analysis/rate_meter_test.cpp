#include "rate_meter.hpp"

#include <gtest/gtest.h>

namespace mien::analysis {
namespace {

using namespace std::chrono_literals;
const RateMeter::Clock::time_point kStart{};

TEST(RateMeter, ReadsTheRateOfTheLastSecond) {
  RateMeter meter;
  for (int i = 0; i < 100; ++i) meter.add(kStart + i * 100ms);          // 10 a second for 10 s
  for (int i = 1; i <= 60; ++i) meter.add(kStart + 9900ms + i * 20ms);  // then 50 a second
  EXPECT_NEAR(meter.rate(kStart + 11100ms), 50, 1);
}

TEST(RateMeter, IsZeroWithoutEventsAndLongAfterTheLast) {
  RateMeter meter;
  EXPECT_EQ(meter.rate(kStart), 0);
  meter.add(kStart);
  EXPECT_EQ(meter.rate(kStart), 0);
  meter.add(kStart + 100ms);
  EXPECT_NEAR(meter.rate(kStart + 200ms), 10, 0.1);
  EXPECT_EQ(meter.rate(kStart + 5s), 0);
}

TEST(RateMeter, TakesTheMedianOfEachStage) {
  RateMeter meter;
  for (const double ms : {1.0, 2.0, 90.0}) {
    meter.add(kStart, {.detect = ms, .align = 2 * ms, .classify = 3 * ms, .total = 6 * ms});
  }
  const base::StageTimes medians = meter.medians();
  EXPECT_EQ(medians.detect, 2);
  EXPECT_EQ(medians.align, 4);
  EXPECT_EQ(medians.classify, 6);
  EXPECT_EQ(medians.total, 12);
}

}  // namespace
}  // namespace mien::analysis
