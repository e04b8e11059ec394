#include <gmock/gmock.h>

#include "ui/ui_fixture.hpp"

namespace mien::ui {
namespace {

class TimelinePanel : public UiTest {
 protected:
  void SetUp() override { open(1280, 800, 1); }

  /// Seconds of a session, every redraw with an analysis of its own.
  std::vector<Action> run(ViewModel& view, double seconds) {
    std::vector<Action> asked;
    for (int i = 0; i < static_cast<int>(seconds * 60); ++i) {
      if (view.analysis) view.analysis = std::make_shared<base::AnalyzedFrame>(*view.analysis);
      for (const auto& action : frame(view)) asked.push_back(action);
    }
    return asked;
  }
  int count(const std::string& words) const {
    int found = 0;
    for (const auto& text : placed_) found += text.panel == "timeline" && text.text == words;
    return found;
  }
  const PlacedText* in_timeline(const std::string& words) const {
    for (const auto& text : placed_) {
      if (text.panel == "timeline" && text.text == words) return &text;
    }
    return nullptr;
  }
  ImVec2 middle_of(const std::string& words) const {
    const auto* text = in_timeline(words);
    if (text == nullptr) return {-1, -1};
    return {(text->area.min.x + text->area.max.x) / 2,
            (text->area.min.y + text->area.max.y) / 2};
  }
  Area area() const { return compute_layout({1280, 800}, 1, base::Settings{}).timeline; }
  ImVec2 in_plot(float share) const {
    return {area().min.x + share * area().width(), (area().min.y + area().max.y) / 2};
  }
};

TEST_F(TimelinePanel, ShowsTheChosenPersonsLinesAndTheAxis) {
  auto view = sample_view(1);
  run(view, 3);
  EXPECT_EQ(count("P1"), 1);
  EXPECT_EQ(count("neutral"), 1) << "the only label that reaches a twentieth";
  EXPECT_EQ(count("happy"), 0);
  EXPECT_EQ(count("now"), 1);
  EXPECT_EQ(count("−10 s"), 1);
}

TEST_F(TimelinePanel, EveryoneHasALaneWithTheirLabels) {
  auto view = sample_view(3);
  view.settings.timeline_lanes = true;
  run(view, 10);
  for (const auto* words : {"P1", "P2", "P3", "neutral", "not sure", "surprised"}) {
    EXPECT_EQ(count(words), 1) << words;
  }
}

TEST_F(TimelinePanel, AClickOnALaneChoosesThePerson) {
  auto view = sample_view(3);
  view.settings.timeline_lanes = true;
  run(view, 10);
  click(view, middle_of("surprised"));
  const auto asked = only<action::SetNeutral>(press(view, 'N'));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].person, 3);
}

TEST_F(TimelinePanel, TheWheelZooms) {
  auto view = sample_view(1);
  run(view, 2);
  auto& io = ImGui::GetIO();
  io.MousePos = in_plot(0.5F);
  run(view, 0.1);
  for (int i = 0; i < 5; ++i) {
    io.MouseWheel = 1;
    run(view, 0.02);
  }
  io.MouseWheel = 0;
  run(view, 0.05);
  EXPECT_EQ(count("−10 s"), 1);
  EXPECT_EQ(count("−50 s"), 0);
  for (int i = 0; i < 40; ++i) {
    io.MouseWheel = -1;
    run(view, 0.02);
  }
  EXPECT_EQ(count("last 15 min"), 1) << "and not beyond what is kept";
}

TEST_F(TimelinePanel, DraggingLooksBackAndTheButtonReturns) {
  auto view = sample_view(1);
  run(view, 40);
  auto& io = ImGui::GetIO();
  io.MousePos = in_plot(0.3F);
  run(view, 0.05);
  io.MouseDown[0] = true;
  run(view, 0.05);
  io.MousePos = in_plot(0.5F);
  run(view, 0.05);
  io.MouseDown[0] = false;
  run(view, 0.05);
  EXPECT_EQ(count("now"), 0);
  ASSERT_EQ(count("Back to now"), 1);
  // What is looked at stands still while time goes on.
  const auto* tick = in_timeline("−20 s");
  ASSERT_NE(tick, nullptr);
  click(view, middle_of("Back to now"));
  run(view, 0.05);
  EXPECT_EQ(count("now"), 1);
  EXPECT_EQ(count("Hold"), 1);
}

TEST_F(TimelinePanel, HoldStopsItAndTimeGoesOn) {
  auto view = sample_view(1);
  run(view, 5);
  click(view, middle_of("Hold"));
  ImGui::GetIO().MousePos = {-1, -1};
  run(view, 30);
  EXPECT_EQ(count("Back to now"), 1);
  EXPECT_EQ(count("now"), 0) << "it left the picture at the right";
}

TEST_F(TimelinePanel, APausedSessionsTimeStandsStill) {
  auto view = sample_view(1);
  run(view, 3);
  view.status.state = analysis::LiveStatus::State::paused;
  run(view, 60);
  EXPECT_EQ(count("P1"), 1);
  const auto moving = sample_view(0);
  view.analysis = moving.analysis;
  run(view, 3);
  EXPECT_EQ(count("neutral"), 1) << "what was shown is still in sight";
}

TEST_F(TimelinePanel, ThePointerShowsTimeAndValues) {
  auto view = sample_view(1);
  run(view, 40);
  ImGui::GetIO().MousePos = in_plot(0.8F);
  run(view, 0.2);
  const auto tip = [this](const std::string& words) {
    for (const auto& text : placed_) {
      if (text.panel == "tip" && text.text == words) return true;
    }
    return false;
  };
  EXPECT_TRUE(tip("P1"));
  EXPECT_TRUE(tip("neutral"));
  EXPECT_TRUE(tip("86%"));
  EXPECT_TRUE(tip("+0.94"));
  EXPECT_TRUE(tip("−12 s"));
  ImGui::GetIO().MousePos = in_plot(0.1F);
  run(view, 0.2);
  EXPECT_TRUE(tip("not in view"));
}

TEST_F(TimelinePanel, WhoLeftStaysInTheHistory) {
  auto view = sample_view(2);
  view.settings.timeline_lanes = true;
  run(view, 5);
  view.analysis = sample_view(1).analysis;
  run(view, 10);
  EXPECT_EQ(count("P2"), 1);
  for (const auto& text : placed_) {
    EXPECT_FALSE(text.panel == "people" && text.text == "P2");
  }
  run(view, 70);
  EXPECT_EQ(count("P2"), 0) << "its lane left the last minute";
}

TEST_F(TimelinePanel, CanBeTurnedOff) {
  auto view = sample_view(1);
  view.settings.show_timeline = false;
  run(view, 1);
  EXPECT_EQ(count("P1"), 0);
  EXPECT_EQ(count("now"), 0);
}

TEST_F(TimelinePanel, TheButtonGoesFromLinesToLanes) {
  auto view = sample_view(2);
  run(view, 1);
  const auto asked = only<action::ChangeSetting>(click(view, middle_of("Everyone")));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].setting, &base::Settings::timeline_lanes);
  EXPECT_TRUE(asked[0].on);
}

TEST_F(TimelinePanel, DrawsTheCurvesThatAreChosen) {
  auto view = sample_view(1);
  measure_faces(view);
  run(view, 3);
  EXPECT_EQ(count("yaw"), 0);
  view.settings.curves = {"yaw", "jaw_drop", "blinks"};
  run(view, 1);
  for (const auto* words : {"yaw", "blinks", "jaw down"}) EXPECT_EQ(count(words), 1) << words;
  ImGui::GetIO().MousePos = in_plot(0.99F);
  run(view, 0.1);
  EXPECT_TRUE(shows("+34°"));
}

}  // namespace
}  // namespace mien::ui
