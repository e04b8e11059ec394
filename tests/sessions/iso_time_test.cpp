#include "mien/sessions/iso_time.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace mien::sessions {
namespace {

using std::chrono::system_clock;

TEST(IsoTime, IsReadBackInAnyZone) {
  const auto time = system_clock::from_time_t(1'795'332'900);
  EXPECT_EQ(time_from_iso(iso_time(time)), time);
  EXPECT_EQ(time_from_iso("2026-11-22T07:15:00+01:00"),
            time_from_iso("2026-11-22T06:15:00+00:00"));
  EXPECT_EQ(time_from_iso("2026-11-22T07:15:00-02:30"),
            time_from_iso("2026-11-22T09:45:00+00:00"));
}

TEST(IsoTime, WhatIsNoTimeIsNothing) {
  for (const char* text :
       {"", "yesterday", "2026-11-22", "2026-11-22T07:15:00Z", "9999-11-22T07:15:00+01:00",
        "-999-11-22T07:15:00+01:00", "0001-01-01T00:00:00+00:00", "2026-13-22T07:15:00+01:00",
        "2026-00-22T07:15:00+01:00", "2026-11--9T07:15:00+01:00", "2026-11-22T24:15:00+01:00",
        "2026-11-22T07:60:00+01:00", "2026-11-22T07:15:00+99:00",
        "2026-11-22T07:15:00+01:-1"}) {
    EXPECT_FALSE(time_from_iso(text).has_value()) << text;
  }
}

TEST(IsoTime, SecondsThatTheClockCannotCountAreNothing) {
  EXPECT_EQ(time_from_seconds(0), system_clock::from_time_t(0));
  EXPECT_EQ(time_from_seconds(7'258'118'399), time_from_iso("2199-12-31T23:59:59+00:00"));
  for (const std::int64_t seconds :
       {std::int64_t{-1}, std::int64_t{7'258'118'400}, std::numeric_limits<std::int64_t>::max(),
        std::numeric_limits<std::int64_t>::min()}) {
    EXPECT_FALSE(time_from_seconds(seconds).has_value()) << seconds;
  }
}

}  // namespace
}  // namespace mien::sessions
