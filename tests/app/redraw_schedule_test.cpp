#include "redraw_schedule.hpp"

#include <gtest/gtest.h>

namespace mien::app {
namespace {

using namespace std::chrono_literals;

const RedrawSchedule::Clock::time_point kFirstRedraw{100s};

/// Until nothing is to be drawn any more.
RedrawSchedule settled() {
  RedrawSchedule schedule;
  schedule.begin();
  for (int i = 0; i < 3; ++i) schedule.drawn(kFirstRedraw, false);
  return schedule;
}

TEST(RedrawSchedule, DrawsSoonWhenSomethingIsNewAndRarelyElse) {
  auto schedule = settled();
  EXPECT_FALSE(schedule.is_due(kFirstRedraw + 500ms, true, false));
  EXPECT_DOUBLE_EQ(schedule.seconds_to_wait(kFirstRedraw, true), 0.25);
  EXPECT_TRUE(schedule.is_due(kFirstRedraw + 1s, true, false)) << "figures go on";
  EXPECT_TRUE(schedule.is_due(kFirstRedraw + 250ms, true, true))
      << "those of a recording sooner";
  schedule.request();
  EXPECT_TRUE(schedule.is_due(kFirstRedraw + 20ms, true, false));
  EXPECT_FALSE(schedule.is_due(kFirstRedraw + 5ms, true, false))
      << "not faster than any screen";
  EXPECT_LT(schedule.seconds_to_wait(kFirstRedraw, true), 0.02);
  EXPECT_GE(schedule.seconds_to_wait(kFirstRedraw + 10s, true), 0);
  schedule.begin();
  schedule.drawn(kFirstRedraw, false);
  EXPECT_FALSE(schedule.is_due(kFirstRedraw + 500ms, true, false));
}

TEST(RedrawSchedule, WhatIsRequestedWhileItDrawsNeedsAnotherRedraw) {
  auto schedule = settled();
  schedule.begin();
  schedule.request();
  schedule.drawn(kFirstRedraw, false);
  EXPECT_TRUE(schedule.is_due(kFirstRedraw + 20ms, true, false));
}

TEST(RedrawSchedule, AnInputIsDrawnUntilItHasSettled) {
  auto schedule = settled();
  schedule.request_several();
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(schedule.is_due(kFirstRedraw + 20ms, true, false)) << i;
    schedule.begin();
    schedule.drawn(kFirstRedraw, false);
  }
  EXPECT_FALSE(schedule.is_due(kFirstRedraw + 20ms, true, false));
  schedule.drawn(kFirstRedraw, true);
  EXPECT_TRUE(schedule.is_due(kFirstRedraw + 20ms, true, false)) << "something moves";
}

TEST(RedrawSchedule, AMinimisedWindowIsNotDrawn) {
  RedrawSchedule schedule;
  EXPECT_FALSE(schedule.is_due(kFirstRedraw, false, true));
  EXPECT_DOUBLE_EQ(schedule.seconds_to_wait(kFirstRedraw, false), 0.25);
}

}  // namespace
}  // namespace mien::app
