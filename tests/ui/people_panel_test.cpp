#include <functional>

#include <gtest/gtest.h>

#include "ui/ui_fixture.hpp"

namespace mien::ui {
namespace {

class PeoplePanel : public UiTest {
 protected:
  void SetUp() override { open(1280, 800, 1); }
  int count(const std::string& words) const {
    int found = 0;
    for (const auto& text : placed_) found += text.panel == "people" && text.text == words;
    return found;
  }
};

TEST_F(PeoplePanel, EveryLabelHasItsBarAndItsNumber) {
  auto view = sample_view(1);
  frames(view, 2);
  for (const auto label : base::canonical_labels()) {
    const std::string word(base::display_word(label));
    EXPECT_GE(count(word), 1) << word;
  }
  EXPECT_EQ(count("2%"), 7);
  EXPECT_EQ(count("86%"), 2);  // beside the verdict and beside its bar
  EXPECT_TRUE(shows("valence +0.94"));
}

/// Redraws with a frame of its own each, a thirtieth of a second apart.
void run(ViewModel& view, int times, const std::function<void()>& redraw) {
  for (int i = 0; i < times; ++i) {
    auto analysis = std::make_shared<base::AnalyzedFrame>(*view.analysis);
    auto next = std::make_shared<base::Frame>(*analysis->frame);
    next->time += std::chrono::milliseconds(33);
    analysis->frame = next;
    view.analysis = analysis;
    redraw();
  }
}

void show(ViewModel& view, std::size_t label, float share, std::size_t second) {
  auto analysis = std::make_shared<base::AnalyzedFrame>(*view.analysis);
  auto& reading = analysis->readings[0];
  reading.smoothed.assign(8, 0);
  reading.smoothed[label] = share;
  reading.smoothed[second] = 1 - share;
  reading.verdict = {static_cast<int>(label), share, base::Doubt::none};
  view.analysis = analysis;
}

TEST_F(PeoplePanel, TheCardSumsUpWhatWasShown) {
  auto view = sample_view(1);
  const auto redraw = [&] { frame(view); };
  show(view, 1, 0.99F, 2);  // happy
  run(view, 91, redraw);
  EXPECT_EQ(count("no change"), 1);
  show(view, 2, 0.7F, 1);  // surprised, and still a little happy
  run(view, 30, redraw);
  EXPECT_EQ(count("surprised 70, happy 30 · 1 change"), 1);
  ASSERT_EQ(count("so far"), 1);
  const Area row = find("so far")->area;
  ImGui::GetIO().MousePos = {row.min.x + 2, row.min.y + 2};
  run(view, 3, redraw);
  const auto tip = [this](const std::string& words) {
    for (const auto& text : placed_) {
      if (text.panel == "tip" && text.text == words) return true;
    }
    return false;
  };
  // 91 steps happy and 33 surprised, less the one between the last frame and none.
  EXPECT_TRUE(tip("P1 · seen for 4 s"));
  EXPECT_TRUE(tip("74.0%"));
  EXPECT_TRUE(tip("26.0%"));
  EXPECT_TRUE(tip("changes of expression"));
}

TEST_F(PeoplePanel, LearningTheRestingFaceShowsHowFarItIs) {
  auto view = sample_view(1);
  auto analysis = std::make_shared<base::AnalyzedFrame>(*view.analysis);
  analysis->readings[0].calibration = base::Calibration::collecting;
  analysis->readings[0].calibration_progress = 0.4F;
  view.analysis = analysis;
  frames(view, 3);
  EXPECT_TRUE(shows("Rest your face… 40% · Cancel"));
  // Given up: the picture was never good enough.
  analysis = std::make_shared<base::AnalyzedFrame>(*analysis);
  analysis->readings[0].calibration = base::Calibration::none;
  view.analysis = analysis;
  frames(view, 30);
  EXPECT_TRUE(shows("could not be measured"));
}

TEST_F(PeoplePanel, CancellingIsNoFailure) {
  auto view = sample_view(1);
  auto analysis = std::make_shared<base::AnalyzedFrame>(*view.analysis);
  analysis->readings[0].calibration = base::Calibration::collecting;
  view.analysis = analysis;
  frames(view, 3);
  const auto* button = find("· Cancel");
  ASSERT_NE(button, nullptr);
  EXPECT_EQ(
      only<action::ClearNeutral>(click(view, {button->area.min.x + 4, button->area.min.y + 4}))
          .size(),
      1u);
  analysis = std::make_shared<base::AnalyzedFrame>(*analysis);
  analysis->readings[0].calibration = base::Calibration::none;
  view.analysis = analysis;
  frames(view, 30);
  EXPECT_FALSE(shows("could not be measured"));
}

TEST_F(PeoplePanel, NotSureSaysWhy) {
  auto view = sample_view(2);
  frames(view, 2);
  EXPECT_TRUE(shows("not sure"));
  EXPECT_TRUE(shows("low probability"));
}

TEST_F(PeoplePanel, BarsEaseTowardsTheReadingAndArrive) {
  auto view = sample_view(1);
  frames(view, 5);
  EXPECT_FALSE(result_.animating);
  auto analysis = std::make_shared<base::AnalyzedFrame>(*view.analysis);
  analysis->readings[0].smoothed = {0.1F, 0.02F, 0.02F, 0.02F, 0.02F, 0.02F, 0.02F, 0.78F};
  view.analysis = analysis;
  frame(view);
  EXPECT_TRUE(result_.animating);
  EXPECT_EQ(count("78%"), 0);
  frames(view, 60);
  EXPECT_EQ(count("78%"), 1);
  EXPECT_FALSE(result_.animating);
}

TEST_F(PeoplePanel, ACardStaysAMomentAfterItsFaceLeft) {
  auto view = sample_view(1);
  frames(view, 5);
  auto analysis = std::make_shared<base::AnalyzedFrame>(*view.analysis);
  analysis->readings.clear();
  view.analysis = analysis;
  frames(view, 10);
  EXPECT_TRUE(shows("P1"));
  frames(view, 110);  // all in all two seconds
  EXPECT_EQ(count("P1"), 0) << "its line stays on the timeline, its card does not";
  EXPECT_TRUE(shows("No face in view"));
}

TEST_F(PeoplePanel, AfterAWhileWithoutAFaceItSaysWhatHelps) {
  auto view = sample_view(0);
  frames(view, 30);
  EXPECT_TRUE(shows("Expressions appear here"));
  frames(view, 240);
  EXPECT_TRUE(shows("Detector > Automatic"));
  view.status.detector_id = "auto";
  frames(view, 2);
  EXPECT_TRUE(shows("Detector > Far and groups"));
}

TEST_F(PeoplePanel, AModelWithItsOwnLabelsIsDrawnAsItIs) {
  auto view = sample_view(1);
  auto analysis = std::make_shared<base::AnalyzedFrame>(*view.analysis);
  analysis->labels =
      std::make_shared<std::vector<std::string>>(std::vector<std::string>{"bored", "awake"});
  analysis->readings[0].smoothed = {0.3F, 0.7F};
  analysis->readings[0].raw = {0.3F, 0.7F};
  analysis->readings[0].verdict = {1, 0.7F, base::Doubt::none};
  view.analysis = analysis;
  frames(view, 60);
  EXPECT_GE(count("awake"), 2);
  EXPECT_EQ(count("30%"), 1);
}

TEST_F(PeoplePanel, TwentyPeopleAreInSightAtOnce) {
  auto view = sample_view(20);
  frames(view, 3);
  const Area area = compute_layout({1280, 800}, 1, view.settings).people;
  for (int person = 1; person <= 20; ++person) {
    const std::string name = "P" + std::to_string(person);
    bool whole = false;
    for (const auto& text : placed_) {
      whole = whole ||
              (text.panel == "people" && text.text == name && text.area.max.y <= area.max.y);
    }
    EXPECT_TRUE(whole) << name;
  }
}

TEST_F(PeoplePanel, CanBeTurnedOff) {
  auto view = sample_view(1);
  view.settings.show_panel = false;
  frames(view, 3);
  EXPECT_EQ(count("P1"), 0);
}

TEST_F(PeoplePanel, BarsBesideTheFacesCanBeTurnedOff) {
  auto view = sample_view(1);
  frames(view, 2);
  const auto words = [this] {
    int found = 0;
    for (const auto& text : placed_) found += text.panel == "picture" && text.text == "angry";
    return found;
  };
  EXPECT_EQ(words(), 1);
  view.settings.show_bars = false;
  frames(view, 2);
  EXPECT_EQ(words(), 0);
}

TEST_F(PeoplePanel, ReadingsTooOldAreNotDrawnOverThePicture) {
  auto view = sample_view(1);
  view.reading_strength = 0;
  frames(view, 2);
  for (const auto& text : placed_) EXPECT_NE(text.panel, "picture") << text.text;
}

TEST_F(PeoplePanel, ShowsHowTheHeadIsHeldOrWhyThatIsNotKnown) {
  auto view = sample_view(1);
  frames(view, 2);
  EXPECT_FALSE(shows("yaw")) << "nothing was measured";
  measure_faces(view);
  frames(view, 2);
  EXPECT_TRUE(shows("yaw +34° · pitch −5°"));
  EXPECT_TRUE(shows("12 blinks · 18 a minute"));
  EXPECT_EQ(count("movements"), 0) << "only when they are asked for";
  auto analysis = std::make_shared<base::AnalyzedFrame>(*view.analysis);
  analysis->readings[0].geometry->eyes.closed = true;
  view.analysis = analysis;
  frames(view, 2);
  EXPECT_TRUE(shows("closed · 12 blinks"));
  analysis = std::make_shared<base::AnalyzedFrame>(*view.analysis);
  analysis->readings[0].geometry.emplace().doubt = base::MeshDoubt::cut_off;
  view.analysis = analysis;
  frames(view, 2);
  EXPECT_FALSE(shows("yaw +34°"));
  EXPECT_TRUE(shows(base::describe(base::MeshDoubt::cut_off)));
}

/// Says of the first face whether it looks at the camera.
void say_looks(ViewModel& view, std::optional<bool> looks) {
  auto analysis = std::make_shared<base::AnalyzedFrame>(*view.analysis);
  analysis->readings[0].geometry->towards_camera = looks;
  view.analysis = analysis;
}

TEST_F(PeoplePanel, SaysWhetherSomebodyLooksAtTheCameraOnceThatHolds) {
  auto view = sample_view(1);
  measure_faces(view);
  const auto say = [&](std::optional<bool> looks, int times) {
    say_looks(view, looks);
    run(view, times, [&] { frames(view, 2); });
  };
  say(std::nullopt, 2);
  EXPECT_FALSE(shows("at camera"));
  EXPECT_FALSE(shows("looks away"));
  say(true, 2);
  EXPECT_TRUE(shows("yaw +34° · pitch −5° · at camera")) << "not shortened";
  say(false, 3);
  EXPECT_TRUE(shows("at camera")) << "a frame or two may be wrong";
  say(false, 20);
  EXPECT_TRUE(shows("pitch −5° · looks away"));
  say(std::nullopt, 6);
  EXPECT_TRUE(shows("looks away")) << "not known in a frame or two";
  say(std::nullopt, 20);
  EXPECT_FALSE(shows("looks away"));
}

TEST_F(PeoplePanel, AFrameThatIsDrawnForLongSaysNoMoreOfTheGazeThanOne) {
  auto view = sample_view(1);
  measure_faces(view);
  say_looks(view, true);
  run(view, 10, [&] { frame(view); });
  say_looks(view, false);
  run(view, 1, [&] { frames(view, 200); });  // the session is paused
  EXPECT_TRUE(shows("at camera"));
}

TEST_F(PeoplePanel, WhoeverIsMeasuredAgainLooksAnew) {
  auto view = sample_view(1);
  const auto without = view.analysis;
  measure_faces(view);
  say_looks(view, true);
  run(view, 10, [&] { frame(view); });
  const auto with = view.analysis;
  view.analysis = without;
  frames(view, 60);
  view.analysis = with;
  say_looks(view, false);
  run(view, 1, [&] { frame(view); });
  EXPECT_TRUE(shows("looks away"));
}

TEST_F(PeoplePanel, BetweenTwoMeasuredFramesTheCardStaysAsItIs) {
  auto view = sample_view(1);
  const auto without = view.analysis;
  measure_faces(view);
  frames(view, 2);
  view.analysis = without;
  frames(view, 6);  // a tenth of a second
  EXPECT_TRUE(shows("yaw +34°"));
  frames(view, 60);
  EXPECT_FALSE(shows("yaw +34°")) << "that was a second ago";
}

TEST_F(PeoplePanel, NothingMovesWhenSecondOpinionsComeAndGo) {
  auto view = sample_view(2);
  measure_faces(view);
  view.opinions =
      std::make_shared<const movements::OpinionRules>(movements::OpinionRules::parse(
          "[turned right]\ncolour = #E69F00\nwhen = pose_yaw > 50\n"
          "[and nods]\ncolour = #56B4E9\nwhen = pose_yaw > 50 and pose_pitch > 10\n",
          "a test"));
  const auto turn = [&](float yaw, float pitch) {
    auto analysis = std::make_shared<base::AnalyzedFrame>(*view.analysis);
    auto& pose = *analysis->readings[0].geometry->pose;
    pose.yaw = yaw;
    pose.pitch = pitch;
    view.analysis = analysis;
    run(view, 90, [&] { frame(view); });
  };
  const auto place = [this](const std::string& words) {
    for (const auto& text : placed_) {
      if (text.panel == "people" && text.text == words) return text.area.min;
    }
    return ImVec2(-1, -1);
  };
  turn(34, 0);
  ASSERT_EQ(count("turned right"), 0);
  const ImVec2 below = place("P2");
  ASSERT_GE(below.y, 0);
  turn(60, 0);
  ASSERT_EQ(count("turned right"), 1);
  EXPECT_EQ(place("P2").y, below.y);
  EXPECT_LT(place("turned right").y, below.y) << "within its card";
  turn(60, 20);
  EXPECT_EQ(place("P2").y, below.y);
  EXPECT_EQ(count("and nods"), 0) << "one row; the pointer has both";
  const ImVec2 row = place("turned right");
  ImGui::GetIO().MousePos = {row.x + 2, row.y + 2};
  run(view, 3, [&] { frame(view); });
  int told = 0;
  for (const auto& text : placed_) {
    told += text.panel == "tip" && (text.text == "turned right" || text.text == "and nods");
  }
  EXPECT_EQ(told, 2);
}

TEST_F(PeoplePanel, ThePointerOnAMovementHasItsNumberOfFacsAsAHint) {
  auto view = sample_view(1);
  measure_faces(view);
  view.settings.show_movements = true;
  frames(view, 2);
  const auto tips = [this] {
    std::vector<std::string> all;
    for (const auto& text : placed_) {
      if (text.panel == "tip") all.push_back(text.text);
    }
    return all;
  };
  const auto over = [&](const std::string& words, float height) {
    ImVec2 at{-1, -1};
    for (const auto& text : placed_) {
      if (text.panel == "people" && text.text == words) {
        at = {text.area.min.x + 2, text.area.min.y + height * text.area.height()};
      }
    }
    ImGui::GetIO().MousePos = at;
    run(view, 3, [&] { frame(view); });
    return tips();
  };
  EXPECT_EQ(
      over("mouth corner up", 0.5F),
      (std::vector<std::string>{"mouth corner up: like AU12, AU15", base::kNoFacsCoding}));
  EXPECT_EQ(over("brows up inside", 0.5F),
            (std::vector<std::string>{"brows up inside: like AU1", base::kNoFacsCoding}));
  EXPECT_TRUE(over("movements", 0.5F).empty()) << "no row";
}

TEST_F(PeoplePanel, MovementsLieOnTheSideOnWhichThePictureShowsThem) {
  auto view = sample_view(1);
  measure_faces(view);
  view.settings.show_movements = true;
  frames(view, 2);
  ASSERT_EQ(count("movements"), 1);
  EXPECT_EQ(count("mouth corner up"), 1) << "a row for both sides";
  ASSERT_EQ(count("right"), 1);
  ASSERT_EQ(count("left"), 1);
  EXPECT_LT(find("right")->area.min.x, find("left")->area.min.x);
  view.mirrored = true;
  frames(view, 2);
  const auto at = [this](const std::string& words) {
    for (const auto& text : placed_) {
      if (text.panel == "people" && text.text == words) return text.area.min.x;
    }
    return -1.0F;
  };
  EXPECT_GT(at("right"), at("left"));
}

}  // namespace
}  // namespace mien::ui
