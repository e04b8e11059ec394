#include "measures.hpp"

#include <gmock/gmock.h>

#include "support/recorded_fixture.hpp"

namespace mien::reports {
namespace {

/// A person who is measured a hundred times: yaw goes from -50 to 49, the smile from 0 to 0.99.
sessions::RecordedSession turning() {
  sessions::RecordedSession session;
  session.labels = {"neutral", "happiness"};
  session.columns = sessions::Columns::movements;
  session.movements = {"smile_right", "nobody_knows"};
  for (int i = 0; i < 100; ++i) {
    auto row = testing::made_row(static_cast<std::uint64_t>(i) + 1, 1, 0.1 * i, {0.9F, 0.1F},
                                 "neutral");
    auto& geometry = row.geometry.emplace();
    geometry.presence = 0.9F;
    geometry.pitch = 7;
    geometry.yaw = static_cast<float>(i - 50);
    geometry.roll = 0;
    geometry.movements = {static_cast<float>(i) / 100, sessions::RowGeometry::kNothing};
    geometry.eyes_open = 1;
    session.rows.push_back(row);
  }
  return session;
}

std::optional<PersonMeasures> of_first(const sessions::RecordedSession& session) {
  return measures_of(session, summarize_people(session).at(0));
}

TEST(PersonMeasures, RangesLeaveOutTheFewThatAreFarOff) {
  auto session = turning();
  session.rows[3].geometry->yaw = 170;  // one wrong mesh
  const auto measures = of_first(session);
  ASSERT_TRUE(measures);
  EXPECT_EQ(measures->rows, 100U);
  EXPECT_EQ(measures->meshes, 100U);
  EXPECT_NEAR(measures->yaw->low, -45, 1.5);
  EXPECT_NEAR(measures->yaw->middle, 0, 1.5);
  EXPECT_NEAR(measures->yaw->high, 45, 1.5);
  EXPECT_EQ(measures->pitch->low, 7);
  EXPECT_EQ(measures->pitch->high, 7);
  ASSERT_EQ(measures->movements.size(), 1U) << "what is never known has no range";
  EXPECT_EQ(measures->movements[0].id, "smile_right");
  EXPECT_NEAR(measures->movements[0].range.middle, 0.5, 0.011);
  EXPECT_NEAR(measures->movements[0].range.high, 0.95, 0.011);
}

TEST(PersonMeasures, OnlyMeshesCountForWhatAMeshTells) {
  auto session = turning();
  for (std::size_t i = 0; i < 100; ++i) {
    auto& geometry = *session.rows[i].geometry;
    if (i < 60) {
      geometry = {};
      geometry.presence = 0.1F;
      geometry.no_mesh = "no face for the mesh";
    } else {
      geometry.eyes_closed = i < 70;
    }
  }
  session.rows[99].geometry.reset();  // nobody measured it
  const auto measures = of_first(session);
  ASSERT_TRUE(measures);
  EXPECT_EQ(measures->rows, 99U);
  EXPECT_EQ(measures->meshes, 39U);
  EXPECT_EQ(measures->no_mesh,
            (std::map<std::string, std::size_t>{{"no face for the mesh", 60}}));
  EXPECT_NEAR(measures->closed_share.value(), 10.0 / 39, 1e-9);
  EXPECT_GT(measures->yaw->low, 9);
}

TEST(PersonMeasures, WithoutAMeshThereAreNoRanges) {
  auto session = turning();
  for (auto& row : session.rows) {
    row.geometry = sessions::RowGeometry{};
    row.geometry->presence = 0.1F;
    row.geometry->no_mesh = "no face for the mesh";
  }
  const auto measures = of_first(session);
  ASSERT_TRUE(measures);
  EXPECT_EQ(measures->meshes, 0U);
  EXPECT_FALSE(measures->yaw);
  EXPECT_FALSE(measures->pitch);
  EXPECT_TRUE(measures->movements.empty());
  EXPECT_FALSE(measures->closed_share);
}

TEST(PersonMeasures, EyesThatAreNotSeenAreNotOpen) {
  auto session = turning();
  for (std::size_t i = 0; i < 100; ++i) {
    auto& geometry = *session.rows[i].geometry;
    geometry.eyes_closed = i < 10;
    if (i >= 40) geometry.eyes_open = sessions::RowGeometry::kNothing;  // turned away
  }
  EXPECT_NEAR(of_first(session)->closed_share.value(), 10.0 / 40, 1e-9);
}

TEST(PersonMeasures, WhoWasNotMeasuredHasNone) {
  auto session = turning();
  for (auto& row : session.rows) row.geometry.reset();
  EXPECT_FALSE(of_first(session));
}

TEST(PersonMeasures, BlinksAreThoseOfTheSession) {
  auto session = turning();
  // The counter began long before the recording did.
  for (std::size_t i = 0; i < 100; ++i) {
    session.rows[i].geometry->blinks = 40 + static_cast<int>(i / 25);
  }
  EXPECT_EQ(of_first(session)->blinks, 3);
  // Another landmarks model: everybody's counter begins anew.
  for (std::size_t i = 60; i < 100; ++i) {
    session.rows[i].geometry->blinks = i < 80 ? 0 : 1;
  }
  EXPECT_EQ(of_first(session)->blinks, 2 + 1);
  // From the beginning on, as `mien analyze` counts.
  for (std::size_t i = 0; i < 100; ++i) {
    session.rows[i].geometry->blinks = static_cast<int>(i / 50);
  }
  EXPECT_EQ(of_first(session)->blinks, 1);
}

sessions::SessionEvent neutral(std::uint64_t frame, int person, const char* text = "set") {
  return {.kind = sessions::SessionEvent::Kind::neutral,
          .frame = frame,
          .timestamp = 0.1 * static_cast<double>(frame - 1),
          .person = person,
          .text = text};
}

TEST(PersonMeasures, MovementsAreThoseSinceTheLastNeutralFace) {
  auto session = turning();
  for (std::size_t i = 0; i < 60; ++i) session.rows[i].geometry->movements[0] += 5;
  session.events = {neutral(61, 1)};
  const auto measures = of_first(session);
  ASSERT_EQ(measures->movements.size(), 1U);
  EXPECT_NEAR(measures->movements[0].range.low, 0.62, 0.011);
  EXPECT_NEAR(measures->movements[0].range.middle, 0.8, 0.011);
  ASSERT_TRUE(measures->movements_of);
  EXPECT_DOUBLE_EQ(measures->movements_of->from, 6);
  EXPECT_DOUBLE_EQ(measures->movements_of->to, 9.9);
  EXPECT_EQ(measures->movements_of->meshes, 40U);
  EXPECT_EQ(measures->meshes, 100U);
  EXPECT_NEAR(measures->yaw->low, -45, 1.5) << "what has no neutral face is of the whole time";
}

TEST(PersonMeasures, ANeutralFaceThatHardlyCountedIsLeftOut) {
  auto session = turning();
  // The last stretch that is long enough lies between the first two.
  session.events = {neutral(31, 1), neutral(92, 1, "cleared"), neutral(93, 1)};
  auto measures = of_first(session);
  ASSERT_TRUE(measures->movements_of);
  EXPECT_DOUBLE_EQ(measures->movements_of->from, 3);
  EXPECT_DOUBLE_EQ(measures->movements_of->to, 9);
  EXPECT_NEAR(measures->movements[0].range.middle, 0.6, 0.011);
  // Five seconds are enough, however long the rest is.
  session = turning();
  for (std::size_t i = 0; i < 900; ++i) {
    auto row = session.rows[i];
    row.frame = 101 + i;
    row.timestamp = 10 + 0.1 * static_cast<double>(i);
    session.rows.push_back(row);
  }
  session.events = {neutral(949, 1)};
  measures = of_first(session);
  EXPECT_EQ(measures->meshes, 1000U);
  EXPECT_EQ(measures->movements_of.value().meshes, 52U);
  session.events = {neutral(960, 1)};
  EXPECT_EQ(of_first(session)->movements_of.value().meshes, 959U) << "four are not";
}

TEST(PersonMeasures, WhereNoStretchIsLongEnoughItIsTheLongest) {
  auto session = turning();
  for (std::uint64_t frame = 7; frame < 50; frame += 6)
    session.events.push_back(neutral(frame, 1));
  session.events.push_back(neutral(53, 1));
  for (std::uint64_t frame = 60; frame <= 100; frame += 6) {
    session.events.push_back(neutral(frame, 1));
  }
  const auto measures = of_first(session);
  EXPECT_EQ(measures->movements_of.value().meshes, 7U);
  EXPECT_DOUBLE_EQ(measures->movements_of->from, 5.2);
}

TEST(PersonMeasures, OthersNeutralFacesAndThoseFromTheBeginningCutNothing) {
  auto session = turning();
  session.events = {neutral(1, 1), neutral(61, 2), neutral(61, 1)};
  session.events.back().value = sessions::kNeutralExpressions;
  EXPECT_FALSE(of_first(session)->movements_of);
  EXPECT_NEAR(of_first(session)->movements[0].range.middle, 0.5, 0.011);
}

TEST(PersonMeasures, AnotherMeshCutsAsANeutralFaceDoes) {
  auto session = turning();
  session.events = {{.kind = sessions::SessionEvent::Kind::landmarks,
                     .frame = 61,
                     .timestamp = 6,
                     .text = "another"}};
  EXPECT_EQ(of_first(session)->movements_of.value().meshes, 40U);
  session.events = {neutral(61, 1)};
  session.events.back().value = sessions::kNeutralMovements;
  EXPECT_EQ(of_first(session)->movements_of.value().meshes, 40U);
}

TEST(PersonMeasures, OfTheGazeWhatIsKnownCounts) {
  auto session = turning();
  EXPECT_FALSE(of_first(session)->camera_share);
  EXPECT_EQ(of_first(session)->gaze_known, 0);
  for (std::size_t i = 0; i < 80; ++i) session.rows[i].geometry->looks_at_camera = i < 20;
  EXPECT_DOUBLE_EQ(of_first(session)->camera_share.value(), 0.25);
  EXPECT_DOUBLE_EQ(of_first(session)->gaze_known, 0.8);
}

TEST(PersonMeasures, EverybodyHasTheirOwn) {
  auto session = turning();
  for (std::size_t i = 50; i < 100; ++i) session.rows[i].person = 2;
  const auto people = summarize_people(session);
  ASSERT_EQ(people.size(), 2U);
  EXPECT_LT(measures_of(session, people[0])->yaw->high, 0);
  EXPECT_GE(measures_of(session, people[1])->yaw->low, 0);
}

}  // namespace
}  // namespace mien::reports
