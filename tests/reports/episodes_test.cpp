#include "episodes.hpp"

#include <random>

#include <gmock/gmock.h>

#include "mien/emotions/signals.hpp"

#include "support/recorded_fixture.hpp"
#include "support/session_fixture.hpp"

namespace mien::reports {
namespace {

using Labels = std::vector<std::string>;

const Labels kLabels = {"neutral", "happiness", "sadness"};

sessions::RecordedSession session_of(std::vector<sessions::SessionRow> rows) {
  sessions::RecordedSession session;
  session.labels = kLabels;
  session.rows = std::move(rows);
  return session;
}

sessions::SessionRow said(std::uint64_t frame, int person, double time,
                          const std::string& verdict, float certainty = 0.8F) {
  auto row = testing::made_row(frame, person, time, {0.2F, 0.2F, 0.6F}, verdict);
  row.certainty = certainty;
  return row;
}

TEST(Episodes, StretchesOfOneVerdict) {
  const auto people = summarize_people(
      session_of({said(1, 1, 0, "neutral"), said(2, 1, 0.5, "neutral", 0.9F),
                  said(3, 1, 1.0, "happiness"), said(4, 1, 1.5, sessions::kNotSure),
                  said(5, 1, 2.0, "happiness"), said(6, 1, 5.0, "happiness")}));
  ASSERT_EQ(people.size(), 1U);
  const auto& person = people[0];
  ASSERT_EQ(person.episodes.size(), 5U);
  EXPECT_EQ(person.episodes[0].label, 0);
  EXPECT_EQ(person.episodes[0].start, 0);
  EXPECT_EQ(person.episodes[0].end, 1.0);
  EXPECT_EQ(person.episodes[0].peak_row, 1U);
  EXPECT_FLOAT_EQ(person.episodes[0].peak, 0.9F);
  EXPECT_EQ(person.episodes[1].end, 1.5);
  EXPECT_EQ(person.episodes[2].label, -1);
  EXPECT_EQ(person.episodes[2].reason, "low probability");
  EXPECT_EQ(person.episodes[3].end, 2.0) << "nobody looked after that";
  EXPECT_EQ(person.episodes[4].start, 5.0);
  EXPECT_EQ(person.episodes[4].seconds(), 0);
  EXPECT_DOUBLE_EQ(person.seconds, 2.0);
  EXPECT_DOUBLE_EQ(person.share(0), 0.5);
  EXPECT_DOUBLE_EQ(person.share(1), 0.25);
  EXPECT_DOUBLE_EQ(person.not_sure_share(), 0.25);
  EXPECT_EQ(person.transition_count(), 1) << "not sure in between is no change";
  EXPECT_EQ(person.transitions.at({0, 1}), 1);
  EXPECT_EQ(person.first_seen, 0);
  EXPECT_EQ(person.last_seen, 5.0);
}

TEST(Episodes, ASinglePictureHasSharesOfReadings) {
  const auto people = summarize_people(
      session_of({said(1, 1, 0, "happiness"), said(1, 4, 0, sessions::kNotSure)}));
  ASSERT_EQ(people.size(), 2U);
  EXPECT_EQ(people[0].seconds, 0);
  EXPECT_EQ(people[0].share(1), 1);
  EXPECT_EQ(people[1].person, 4);
  EXPECT_EQ(people[1].not_sure_share(), 1);
  EXPECT_EQ(people[1].reasons.at("low probability"), 1U);
}

TEST(Episodes, AnotherSourceEndsThem) {
  auto session = session_of({said(1, 1, 0, "neutral"), said(2, 1, 0.5, "neutral"),
                             said(3, 1, 1.0, "happiness"), said(4, 1, 1.5, "happiness")});
  session.events.push_back({.kind = sessions::SessionEvent::Kind::source,
                            .frame = 3,
                            .timestamp = 1.0,
                            .text = "camera 2"});
  const auto people = summarize_people(session);
  ASSERT_EQ(people[0].episodes.size(), 2U);
  EXPECT_EQ(people[0].episodes[0].end, 0.5);
  EXPECT_DOUBLE_EQ(people[0].seconds, 1.0);
  EXPECT_EQ(people[0].transition_count(), 0);
}

TEST(Episodes, FramesWithoutAFaceMakeNoPerson) {
  EXPECT_TRUE(summarize_people(session_of({})).empty());
  EXPECT_TRUE(summarize_people(session_of({testing::made_empty_row(1, 0, 3)})).empty());
}

TEST(Episodes, ValenceIsTheMeanOverTime) {
  auto rows = std::vector<sessions::SessionRow>{
      said(1, 1, 0, "happiness"), said(2, 1, 0.9, "neutral"), said(3, 1, 1.0, "neutral")};
  rows[0].valence = 1;
  rows[1].valence = -1;
  rows[2].valence = -0.5F;
  const auto people = summarize_people(session_of(rows));
  EXPECT_NEAR(people[0].mean_valence, 0.8, 1e-6);
  EXPECT_EQ(people[0].least_valence, -1);
  EXPECT_EQ(people[0].most_valence, 1);
}

/// The window and the report must say the same: Signals from frames, episodes from rows.
TEST(Episodes, SumsAreThoseOfSignals) {
  std::mt19937 random(7);
  emotions::Signals signals;
  std::vector<sessions::SessionRow> rows;
  const auto labels = std::make_shared<const Labels>(kLabels);
  double time = 0;
  for (std::uint64_t frame = 1; frame <= 3000; ++frame) {
    time += frame % 400 == 0 ? 1.7 : 0.02 + 0.001 * static_cast<double>(random() % 60);
    time = std::round(time * 1000) / 1000;
    base::AnalyzedFrame analysis;
    auto picture = std::make_shared<base::Frame>();
    picture->time = std::chrono::nanoseconds(std::llround(time * 1e9));
    analysis.frame = picture;
    analysis.labels = labels;
    for (int person = 1; person <= 3; ++person) {
      if (random() % 10 == 0) continue;
      base::FaceReading face;
      face.person = person;
      face.verdict.label = static_cast<int>(random() % 3);
      face.verdict.doubt = random() % 4 == 0 ? base::Doubt::close_labels : base::Doubt::none;
      face.smoothed = {0.3F, 0.3F, 0.4F};
      analysis.readings.push_back(face);
      rows.push_back(said(frame, person, time,
                          face.verdict.sure()
                              ? kLabels[static_cast<std::size_t>(face.verdict.label)]
                              : std::string(sessions::kNotSure)));
    }
    signals.update(analysis);
  }
  const auto people = summarize_people(session_of(rows));
  ASSERT_EQ(people.size(), 3U);
  for (const auto& person : people) {
    const auto live = signals.of(person.person);
    ASSERT_TRUE(live);
    EXPECT_NEAR(person.seconds, live->seconds, 1e-6);
    EXPECT_NEAR(person.not_sure_seconds, live->not_sure_seconds, 1e-6);
    for (std::size_t i = 0; i < kLabels.size(); ++i) {
      EXPECT_NEAR(person.label_seconds[i], live->label_seconds[i], 1e-6);
      EXPECT_NEAR(person.share(i), live->share(i), 1e-9);
    }
    EXPECT_EQ(person.transition_count(), live->transitions);
  }
}

}  // namespace
}  // namespace mien::reports
