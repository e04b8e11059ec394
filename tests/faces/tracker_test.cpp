#include "mien/faces/tracker.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mien {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;

Face at(float x, float y, float side = 50) { return {{x, y, side, side}, 0.9F, std::nullopt}; }

TEST(Tracker, NumbersInOrderOfAppearanceAndKeepsThem) {
  Tracker tracker;
  EXPECT_THAT(tracker.update({}, milliseconds(0)), ElementsAre());
  EXPECT_THAT(tracker.update({at(0, 0), at(200, 0)}, milliseconds(0)), ElementsAre(1, 2));
  // In another order, a little further.
  EXPECT_THAT(tracker.update({at(205, 3), at(6, 2)}, milliseconds(33)), ElementsAre(2, 1));
  EXPECT_THAT(tracker.update({at(400, 0), at(210, 3), at(9, 2)}, milliseconds(66)),
              ElementsAre(3, 2, 1));
}

TEST(Tracker, FollowsOneWhoGrowsAndMovesFast) {
  Tracker tracker;
  for (int i = 0; i < 60; ++i) {
    const float side = 40 + 2.0F * static_cast<float>(i);
    EXPECT_THAT(
        tracker.update({at(12.0F * static_cast<float>(i), 10, side)}, milliseconds(33 * i)),
        ElementsAre(1));
  }
}

TEST(Tracker, WaitsTwoSecondsAndNeverGivesANumberTwice) {
  Tracker tracker;
  EXPECT_THAT(tracker.update({at(100, 100)}, milliseconds(0)), ElementsAre(1));
  for (int t = 100; t <= 1900; t += 100) tracker.update({}, milliseconds(t));
  EXPECT_THAT(tracker.update({at(110, 100)}, milliseconds(1950)), ElementsAre(1));
  for (int t = 2000; t <= 4500; t += 100) tracker.update({}, milliseconds(t));
  EXPECT_THAT(tracker.update({at(110, 100)}, milliseconds(4600)), ElementsAre(2));
}

TEST(Tracker, SomeoneFarAwayOrOfAnotherSizeIsNew) {
  Tracker tracker;
  tracker.update({at(0, 0)}, milliseconds(0));
  EXPECT_THAT(tracker.update({at(120, 0)}, milliseconds(33)), ElementsAre(2));
  EXPECT_THAT(tracker.update({at(100, 0, 150)}, milliseconds(66)), ElementsAre(3));
}

TEST(Tracker, TheNearestOfTwoGetsTheNumber) {
  Tracker tracker;
  tracker.update({at(100, 100)}, milliseconds(0));
  EXPECT_THAT(tracker.update({at(125, 100), at(102, 100)}, milliseconds(33)),
              ElementsAre(2, 1));
}

TEST(Tracker, ClockThatJumpsBackStartsAnewWithFreshNumbers) {
  Tracker tracker;
  tracker.update({at(0, 0)}, milliseconds(5000));
  EXPECT_THAT(tracker.update({at(0, 0)}, milliseconds(0)), ElementsAre(2));
  EXPECT_THAT(tracker.update({at(0, 0)}, milliseconds(33)), ElementsAre(2));
  tracker.reset();
  EXPECT_THAT(tracker.update({at(0, 0)}, milliseconds(10)), ElementsAre(3));
}

TEST(Tracker, ThirtyPeopleWhoSwayKeepTheirNumbers) {
  Tracker tracker;
  std::vector<int> first;
  for (int frame = 0; frame < 200; ++frame) {
    std::vector<Face> faces;
    for (int i = 0; i < 30; ++i) {
      const float sway = 12 * static_cast<float>(std::sin(0.2 * frame + i));
      faces.push_back(at(60.0F * static_cast<float>(i % 10) + sway,
                         80.0F * static_cast<float>(i / 10) - sway / 2));
    }
    std::rotate(faces.begin(), faces.begin() + frame % 30, faces.end());
    auto people = tracker.update(faces, milliseconds(33 * frame));
    std::rotate(people.begin(), people.end() - frame % 30, people.end());
    if (frame == 0) first = people;
    ASSERT_EQ(people, first) << "frame " << frame;
  }
  EXPECT_EQ(std::set<int>(first.begin(), first.end()).size(), 30U);
}

}  // namespace
}  // namespace mien
