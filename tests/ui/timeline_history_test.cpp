#include "timeline_history.hpp"

#include <cmath>

#include <gmock/gmock.h>

#include "mien/base/movements.hpp"

#include "curves.hpp"

namespace mien::ui {
namespace {

const auto kLabels = std::make_shared<const std::vector<std::string>>(
    std::vector<std::string>{"neutral", "happiness"});

base::AnalyzedFrame reading_of(std::vector<int> people, float happy = 0.8F) {
  base::AnalyzedFrame analysis;
  analysis.labels = kLabels;
  for (const int person : people) {
    base::FaceReading reading;
    reading.person = person;
    reading.smoothed = reading.raw = {1 - happy, happy};
    reading.verdict = {happy > 0.5F ? 1 : 0, std::max(happy, 1 - happy), base::Doubt::none};
    reading.valence = happy;
    analysis.readings.push_back(reading);
  }
  return analysis;
}

TEST(TimelineHistory, GivesBackWhatWasShownThen) {
  TimelineHistory history;
  for (int i = 0; i < 300; ++i) {
    const double now = 100 + i / 30.0;
    history.add(reading_of({1}, now < 105 ? 0.2F : 0.8F), now);
  }
  // Thirty readings a second are ten samples.
  EXPECT_NEAR(static_cast<double>(history.lane(1)->samples.size()), 100, 1);
  ASSERT_NE(history.at(1, 102), nullptr);
  EXPECT_NEAR(history.at(1, 102)->share(1), 0.2, 0.01);
  EXPECT_EQ(history.at(1, 102)->label, 0);
  EXPECT_NEAR(history.at(1, 107)->share(1), 0.8, 0.01);
  EXPECT_EQ(history.labels_of(*history.at(1, 107))[1], "happiness");
  EXPECT_EQ(history.at(1, 99), nullptr);
  EXPECT_EQ(history.at(1, 111), nullptr) << "nobody was there any more";
  EXPECT_EQ(history.at(2, 105), nullptr);
  EXPECT_NEAR(history.oldest(110), 100, 0.11);
}

TEST(TimelineHistory, AShortAbsenceIsAGapButNotANewVisit) {
  TimelineHistory history;
  history.add(reading_of({1}), 10);
  history.add(reading_of({1}), 12);
  EXPECT_EQ(history.at(1, 11), nullptr);
  EXPECT_EQ(history.lane(1)->in_view_since, 10);
  history.add(reading_of({1}), 20);
  EXPECT_EQ(history.lane(1)->in_view_since, 20);
}

TEST(TimelineHistory, KeepsTenMinutesAndNoMoreThanItSays) {
  TimelineHistory history;
  for (int i = 0; i < 3600 * 10; ++i) history.add(reading_of({1}), i * 0.1);
  EXPECT_NE(history.at(1, 3599 - 600), nullptr);
  EXPECT_NE(history.at(1, 3599 - 890), nullptr);
  EXPECT_EQ(history.at(1, 3599 - 905), nullptr);
  EXPECT_LE(history.lane(1)->samples.size(), 9002U);
}

TEST(TimelineHistory, StaysBoundedWhileThousandsComeAndGo) {
  TimelineHistory history;
  for (int i = 0; i < 5000; ++i) history.add(reading_of({i, i + 1, i + 2}), i * 0.1);
  EXPECT_EQ(history.lanes().size(), TimelineHistory::kMaxPeople);
  EXPECT_NE(history.lane(5001), nullptr) << "the newest stay";
  // Everyone leaves: after a quarter of an hour nothing is kept.
  history.add(reading_of({}), 500 + TimelineHistory::kSpan + 1);
  EXPECT_TRUE(history.lanes().empty());
}

TEST(TimelineHistory, AClockThatStandsStillOrJumpsBackDoesNoHarm) {
  TimelineHistory history;
  for (const double now : {5.0, 5.0, 5.0, 4.0, 5.2}) history.add(reading_of({1}), now);
  EXPECT_EQ(history.lane(1)->samples.size(), 2U);
}

TEST(TimelineHistory, AnotherModelsLabelsKeepTheirNames) {
  TimelineHistory history;
  history.add(reading_of({1}), 1);
  auto other = reading_of({1});
  other.labels = std::make_shared<const std::vector<std::string>>(
      std::vector<std::string>{"bored", "awake"});
  history.add(other, 2);
  EXPECT_EQ(history.labels_of(*history.at(1, 1.05))[1], "happiness");
  EXPECT_EQ(history.labels_of(*history.at(1, 2.05))[1], "awake");
}

TEST(TimelineHistory, ManyLabelsAreCutAndNotWrittenBeyond) {
  TimelineHistory history;
  auto analysis = reading_of({1});
  analysis.labels = std::make_shared<const std::vector<std::string>>(40, "x");
  analysis.readings[0].smoothed.assign(40, 1.0F / 40);
  analysis.readings[0].verdict.label = 39;
  history.add(analysis, 1);
  EXPECT_EQ(history.at(1, 1)->label, 39);
  EXPECT_EQ(history.at(1, 1)->share(39), 0);
}

TEST(TimelineHistory, MarkersAreNamedLaterAndBounded) {
  TimelineHistory history;
  const auto id = history.add_marker(3, "");
  history.name_marker(id, "question 3");
  EXPECT_EQ(history.markers().back().text, "question 3");
  for (int i = 0; i < 2000; ++i) history.add_marker(4, "m");
  EXPECT_EQ(history.markers().size(), TimelineHistory::kMaxMarkers);
  history.name_marker(id, "gone");  // is no longer there: nothing happens
  history.add(reading_of({}), 4 + TimelineHistory::kSpan + 1);
  EXPECT_TRUE(history.markers().empty());
}

base::AnalyzedFrame measured(float yaw, float jaw, bool blinked = false) {
  auto analysis = reading_of({1});
  analysis.landmarks_id = "mesh";
  auto& geometry = analysis.readings[0].geometry.emplace();
  geometry.pose = base::HeadPose{.pitch = -7, .yaw = yaw, .roll = 0, .translation = {}};
  geometry.movements.assign(base::movements().size(), std::nanf(""));
  geometry.movements[*base::movement_index("jaw_drop")] = jaw;
  geometry.eyes.blinked = blinked;
  return analysis;
}

TEST(TimelineHistory, KeepsWhatWasMeasured) {
  TimelineHistory history;
  const auto jaw = *base::movement_index("jaw_drop");
  history.add(reading_of({1}), 9);
  history.add(measured(-31, 1.25F), 10);
  EXPECT_TRUE(std::isnan(history.at(1, 9)->yaw())) << "nothing was measured then";
  const auto* sample = history.at(1, 10);
  ASSERT_NE(sample, nullptr);
  EXPECT_NEAR(sample->yaw(), -31, 0.51);
  EXPECT_NEAR(sample->pitch(), -7, 0.51);
  EXPECT_NEAR(sample->movement(jaw), 1.25, 0.01);
  EXPECT_TRUE(std::isnan(sample->movement(0)));
  EXPECT_TRUE(std::isnan(sample->movement(1000)));
  // Between two frames that are measured others are not.
  auto between = reading_of({1});
  between.landmarks_id = "mesh";
  history.add(between, 10.1);
  EXPECT_NEAR(history.at(1, 10.1)->yaw(), -31, 0.51);
  history.add(between, 11);
  EXPECT_TRUE(std::isnan(history.at(1, 11)->yaw())) << "that is over";
  history.add(measured(500, -9), 12);
  EXPECT_NEAR(history.at(1, 12)->yaw(), 127, 0.51) << "no number overflows";
  EXPECT_NEAR(history.at(1, 12)->movement(jaw), -2.1, 0.02);
}

TEST(TimelineHistory, WhatWasMeasuredIsOverSoonHoweverManyFramesFollow) {
  TimelineHistory history;
  history.add(measured(-31, 1.25F), 10);
  auto between = reading_of({1});
  between.landmarks_id = "mesh";
  for (int i = 1; i <= 100; ++i) history.add(between, 10.03 + i * 0.033);
  EXPECT_NEAR(history.at(1, 10.2)->yaw(), -31, 0.51);
  EXPECT_TRUE(std::isnan(history.at(1, 10.45)->yaw()));
  EXPECT_TRUE(std::isnan(history.at(1, 13)->yaw()));
}

TEST(TimelineHistory, HasRoomForEveryMovementAndIgnoresMore) {
  ASSERT_LE(base::movements().size(), TimelineHistory::kMaxMovements);
  TimelineHistory history;
  auto many = measured(0, 0);
  many.readings[0].geometry->movements.assign(TimelineHistory::kMaxMovements + 5, 0.5F);
  history.add(many, 10);
  const auto* sample = history.at(1, 10);
  ASSERT_NE(sample, nullptr);
  EXPECT_NEAR(sample->movement(base::movements().size() - 1), 0.5, 0.01);
  EXPECT_NEAR(sample->movement(TimelineHistory::kMaxMovements - 1), 0.5, 0.01);
  EXPECT_TRUE(std::isnan(sample->movement(TimelineHistory::kMaxMovements)));
}

TEST(TimelineHistory, NoBlinkIsLostBetweenTwoFramesOfAStep) {
  TimelineHistory history;
  history.add(measured(0, 0, true), 10.01);
  history.add(measured(0, 0), 10.04);
  EXPECT_TRUE(history.at(1, 10)->blinked);
  history.add(measured(0, 0), 10.15);
  EXPECT_FALSE(history.at(1, 10.15)->blinked);
}

TEST(Curves, HaveNamesValuesAndPlaces) {
  TimelineHistory history;
  history.add(measured(30, 0.5F), 10);
  const auto& sample = *history.at(1, 10);
  const auto chosen = chosen_curves({"jaw_drop", "something of a later version", "yaw"});
  ASSERT_EQ(chosen.size(), 2U) << "in the menu's order";
  EXPECT_EQ(curves()[chosen[0]].id, "yaw");
  EXPECT_EQ(curve_text(sample, chosen[0]), "+30°");
  EXPECT_FLOAT_EQ(curve_height(sample, chosen[0]), 0.75F);
  EXPECT_EQ(curves()[chosen[1]].name, "jaw down");
  EXPECT_NE(curves()[chosen[1]].description.find("like AU26, AU27. "), std::string::npos);
  EXPECT_NE(curves()[chosen[1]].description.find("no FACS coding"), std::string::npos);
  EXPECT_EQ(curve_text(sample, chosen[1]), "+0.50");
  EXPECT_FLOAT_EQ(curve_height(sample, chosen[1]), 0.75F);
  const auto unknown = chosen_curves({"mouth_width"});
  EXPECT_EQ(curve_text(sample, unknown.at(0)), "?");
  EXPECT_TRUE(std::isnan(curve_height(sample, unknown.at(0))));
}

}  // namespace
}  // namespace mien::ui
