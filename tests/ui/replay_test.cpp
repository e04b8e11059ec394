// A past session in the panels.

#include "mien/ui/replay.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "mien/base/movements.hpp"

#include "ui/ui_fixture.hpp"

namespace mien::ui {
namespace {

/// Twenty seconds, ten frames a second: P1 neutral, then happy from 8 s on; P2 (Ada) from 5 to
/// 9 s, not sure. A marker at 12 s.
std::shared_ptr<const sessions::RecordedSession> recorded() {
  auto session = std::make_shared<sessions::RecordedSession>();
  session->folder = "/sessions/2026-11-22_07-15-00";
  for (const auto label : base::canonical_labels()) session->labels.emplace_back(label);
  for (std::uint64_t i = 0; i <= 200; ++i) {
    sessions::SessionRow row;
    row.frame = i + 1;
    row.timestamp = static_cast<double>(i) / 10;
    row.person = 1;
    row.success = true;
    row.box = {100, 100, 120, 120};
    row.verdict = i < 80 ? "neutral" : "happiness";
    row.certainty = 0.9F;
    row.probabilities.assign(8, 0.0F);
    row.probabilities[i < 80 ? 0 : 1] = 0.9F;
    row.valence = i < 80 ? 0 : 0.9F;
    session->rows.push_back(row);
    if (i < 50 || i > 90) continue;
    row.person = 2;
    row.box.x = 500;
    row.verdict = sessions::kNotSure;
    row.reason = base::describe(base::Doubt::too_dark);
    session->rows.push_back(row);
  }
  session->events.push_back({sessions::SessionEvent::Kind::neutral, 51, 5.0, 2, 0, "set"});
  session->events.push_back(
      {sessions::SessionEvent::Kind::marker, 121, 12.0, 0, 0, "question 3"});
  session->names[2] = "Ada";
  return session;
}

class Replay : public UiTest {
 protected:
  void SetUp() override {
    open(1280, 800, 1);
    at(0);
  }
  void at(double position) {
    view_ = sample_view(0);
    view_.status.source = {};
    view_.status.source.name = "Session";
    view_.status.source.kind = "session";
    view_.replay = ReplayView{session_, position, 20, false};
    view_.names = session_->names;
    const auto frames = recorded_frames(*session_);
    const auto index = static_cast<std::size_t>(position * 10);
    view_.analysis =
        replayed_frame(*session_, frames[index], sessions::blinks_in_session(*session_),
                       std::make_shared<const std::vector<std::string>>(session_->labels),
                       cv::Mat(720, 1280, CV_8UC3, cv::Scalar::all(90)));
  }
  int count(const std::string& panel, const std::string& words) const {
    int found = 0;
    for (const auto& text : placed_) found += text.panel == panel && text.text == words;
    return found;
  }
  ImVec2 middle_of(const std::string& words) const {
    for (const auto& text : placed_) {
      if (text.panel != "timeline" || text.text != words) continue;
      return {(text.area.min.x + text.area.max.x) / 2, (text.area.min.y + text.area.max.y) / 2};
    }
    return {-1, -1};
  }
  std::shared_ptr<const sessions::RecordedSession> session_ = recorded();
  ViewModel view_;
};

TEST_F(Replay, FramesComeBackAsTheyWereRecorded) {
  const auto frames = recorded_frames(*session_);
  ASSERT_EQ(frames.size(), 201u);
  const auto labels = std::make_shared<const std::vector<std::string>>(session_->labels);
  const auto frame =
      replayed_frame(*session_, frames[60], sessions::blinks_in_session(*session_), labels);
  ASSERT_EQ(frame->readings.size(), 2u);
  EXPECT_EQ(frame->frame->time, std::chrono::milliseconds(6000));
  EXPECT_EQ(frame->readings[0].verdict.label, 0);
  EXPECT_TRUE(frame->readings[0].verdict.sure());
  EXPECT_EQ(frame->readings[1].person, 2);
  EXPECT_EQ(frame->readings[1].verdict.doubt, base::Doubt::too_dark);
  EXPECT_EQ(frame->readings[1].face.box.x, 500);
}

TEST_F(Replay, ShowsTheWholeSessionAndWhereItIs) {
  at(6);
  frames(view_, 3);
  EXPECT_EQ(count("timeline", "00:00:06 of 00:00:20"), 1);
  EXPECT_EQ(count("timeline", "question 3"), 1);
  EXPECT_EQ(count("timeline", "Ada: neutral face set"), 1);
  EXPECT_GE(count("people", "Ada"), 1);
  EXPECT_TRUE(shows("too little light") || shows("dark"));
  EXPECT_EQ(count("people", "Rename"), 0) << "there is nothing to be set any more";
  EXPECT_EQ(count("picture", "P1 · neutral 90%"), 0) << "the recorded picture has its boxes";
  view_.replay->unpainted = true;
  frames(view_, 3);
  EXPECT_EQ(count("picture", "P1 · neutral 90%"), 1);
}

TEST_F(Replay, AClickOnTheTimelineGoesThere) {
  frames(view_, 3);
  const Area area = compute_layout({1280, 800}, 1, base::Settings{}).timeline;
  const auto asked = only<action::Seek>(
      click(view_, {(area.min.x + area.max.x) / 2, (area.min.y + area.max.y) / 2}));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_NEAR(asked[0].position, 10, 0.3);
}

TEST_F(Replay, JumpsBetweenMarkersAndEpisodes) {
  at(2);
  frames(view_, 3);
  auto asked = only<action::Seek>(click(view_, middle_of("Marker →")));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_NEAR(asked[0].position, 12, 1e-6);
  asked = only<action::Seek>(click(view_, middle_of("Episode →")));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_NEAR(asked[0].position, 8, 1e-6);
  at(15);
  frames(view_, 3);
  asked = only<action::Seek>(click(view_, middle_of("← ")));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_NEAR(asked[0].position, 12, 1e-6);
}

TEST_F(Replay, KeysPauseSeekAndLeave) {
  frames(view_, 3);
  EXPECT_EQ(only<action::Pause>(press(view_, Key::space)).size(), 1u);
  at(7);
  auto asked = only<action::Seek>(press(view_, Key::left));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_NEAR(asked[0].position, 2, 1e-6);
  asked = only<action::Seek>(press(view_, Key::right));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_NEAR(asked[0].position, 12, 1e-6);
  EXPECT_TRUE(press(view_, 'R').empty());
  EXPECT_TRUE(press(view_, 'N').empty());
  frames(view_, 3);
  EXPECT_TRUE(shows("past session"));
  const auto left = press(view_, Key::escape);
  EXPECT_EQ(only<action::CloseSession>(left).size(), 1u);
  EXPECT_TRUE(only<action::Quit>(left).empty());
}

TEST(ReplayedGeometry, IsAsTheTableHasIt) {
  sessions::RecordedSession session;
  session.labels = {"neutral"};
  session.columns = sessions::Columns::movements;
  // Of an older version, in another order, with one that is not known here.
  session.movements = {"jaw_drop", "ear_wiggle", "mouth_width"};
  for (int i = 0; i < 4; ++i) {
    sessions::SessionRow row;
    row.frame = static_cast<std::uint64_t>(i + 1);
    row.timestamp = i * 0.1;
    row.person = 1;
    row.success = true;
    row.verdict = "neutral";
    row.probabilities = {1};
    auto& geometry = row.geometry.emplace();
    geometry.presence = 0.9F;
    geometry.blinks = i < 2 ? 3 : 4;
    if (i == 3) {
      geometry.no_mesh = base::describe(base::MeshDoubt::cut_off);
    } else {
      geometry.pitch = 4;
      geometry.yaw = -20;
      geometry.roll = 1;
      geometry.movements = {0.75F, 1, -0.25F};
      geometry.eyes_open = 1;
      if (i > 0) geometry.looks_at_camera = i == 1;
    }
    session.rows.push_back(row);
  }
  const auto labels = std::make_shared<const std::vector<std::string>>(session.labels);
  std::vector<bool> blinked;
  std::vector<int> counts;
  const auto blinks = sessions::blinks_in_session(session);
  for (const auto& frame : recorded_frames(session)) {
    const auto replayed = replayed_frame(session, frame, blinks, labels);
    ASSERT_TRUE(replayed->readings.at(0).geometry);
    blinked.push_back(replayed->readings[0].geometry->eyes.blinked);
    counts.push_back(replayed->readings[0].geometry->eyes.blinks);
  }
  EXPECT_EQ(blinked, (std::vector<bool>{false, false, true, false}));
  EXPECT_EQ(counts, (std::vector<int>{0, 0, 1, 1})) << "three were before the recording";
  const auto frames = recorded_frames(session);
  const auto first = *replayed_frame(session, frames[0], blinks, labels)->readings[0].geometry;
  ASSERT_TRUE(first.pose);
  EXPECT_EQ(first.pose->yaw, -20);
  EXPECT_EQ(first.movements.at(*base::movement_index("jaw_drop")), 0.75F);
  EXPECT_EQ(first.movements.at(*base::movement_index("mouth_width")), -0.25F);
  EXPECT_TRUE(std::isnan(first.movements.at(*base::movement_index("mouth_opening"))));
  const auto gaze = [&](std::size_t frame) {
    return replayed_frame(session, frames[frame], blinks, labels)
        ->readings[0]
        .geometry->towards_camera;
  };
  EXPECT_EQ(gaze(0), std::nullopt);
  EXPECT_EQ(gaze(1), true);
  EXPECT_EQ(gaze(2), false);
  const auto last = *replayed_frame(session, frames[3], blinks, labels)->readings[0].geometry;
  EXPECT_FALSE(last.pose);
  EXPECT_EQ(last.doubt, base::MeshDoubt::cut_off);
}

}  // namespace
}  // namespace mien::ui
