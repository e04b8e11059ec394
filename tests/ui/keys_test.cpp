#include <fstream>

#include <gmock/gmock.h>
#include <imgui_internal.h>

#include "mien/recording/session_writer.hpp"

#include "support/fakes.hpp"
#include "support/temporary_folder.hpp"
#include "ui/ui_fixture.hpp"

namespace mien::ui {
namespace {

constexpr Key kEscape = Key::escape;
constexpr Key kSpace = Key::space;
constexpr Key kF1 = Key::f1;
constexpr Key kF11 = Key::f11;

class Keys : public UiTest {
 protected:
  void SetUp() override {
    open(1280, 800, 1);
    view_ = sample_view(1);
    frames(view_, 2);
  }
  static bool popup_open() {
    return ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
  }
  ViewModel view_;
};

TEST_F(Keys, SpacePausesGoesOnAndPlaysAgain) {
  auto asked = only<action::Pause>(press(view_, kSpace));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_TRUE(asked[0].on);
  view_.status.state = analysis::LiveStatus::State::paused;
  asked = only<action::Pause>(press(view_, kSpace));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_FALSE(asked[0].on);
  view_.status.state = analysis::LiveStatus::State::ended;
  EXPECT_EQ(only<action::RestartSource>(press(view_, kSpace)).size(), 1u);
}

TEST_F(Keys, ASessionThatIsStillReadIsShownAndEscapeGivesItUp) {
  view_.replay_opening = "2026-11-22_07-15-00";
  view_.status.state = analysis::LiveStatus::State::paused;
  EXPECT_TRUE(press(view_, kSpace).empty()) << "the live picture waits for the session";
  EXPECT_TRUE(shows("Opening the session 2026-11-22_07-15-00…"));
  EXPECT_FALSE(shows("Paused"));
  const auto asked = press(view_, kEscape);
  EXPECT_EQ(only<action::CloseSession>(asked).size(), 1u);
  EXPECT_TRUE(only<action::Quit>(asked).empty());
  view_.picture = 0;  // before the first live picture, too
  frames(view_, 1);
  EXPECT_TRUE(shows("Opening the session 2026-11-22_07-15-00…"));
}

TEST_F(Keys, RStartsAndStopsARecordingButNotWhileFilesAreClosed) {
  auto asked = only<action::Record>(press(view_, 'R'));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_TRUE(asked[0].on);
  view_.recording.active = true;
  asked = only<action::Record>(press(view_, 'R'));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_FALSE(asked[0].on);
  view_.recording.active = false;
  view_.recording.finishing = true;
  EXPECT_TRUE(press(view_, 'R').empty());
  EXPECT_TRUE(shows("saving"));
}

TEST_F(Keys, CShiftMAndDGoRound) {
  const auto cameras = only<action::OpenSource>(press(view_, 'C'));
  ASSERT_EQ(cameras.size(), 1u);
  EXPECT_EQ(cameras[0].spec, "/dev/v4l/by-id/second");
  set_key(Key::left_shift, true);
  auto models = only<action::UseModel>(press(view_, 'M'));
  ASSERT_EQ(models.size(), 1u);
  EXPECT_EQ(models[0].id, "other");
  view_.status.model_id = "other";
  models = only<action::UseModel>(press(view_, 'M'));
  ASSERT_EQ(models.size(), 1u);
  EXPECT_EQ(models[0].id, "mien-base");
  set_key(Key::left_shift, false);
  const auto detectors = only<action::UseDetector>(press(view_, 'D'));
  ASSERT_EQ(detectors.size(), 1u);
  EXPECT_EQ(detectors[0].id, "haar");
}

TEST_F(Keys, MAsksForTheMarkersTextAndKeysAreTypedThere) {
  EXPECT_TRUE(press(view_, 'M').empty()) << "no other model";
  frames(view_, 3);
  EXPECT_TRUE(popup_open());
  ImGui::GetIO().AddInputCharactersUTF8("question 3");
  EXPECT_TRUE(press(view_, 'R').empty());
  const auto before = std::chrono::steady_clock::now();
  const auto asked = only<action::Marker>(press(view_, Key::enter));  // Enter
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].text, "question 3");
  EXPECT_LT(asked[0].at, before) << "it is of the moment of the key";
  frames(view_, 3);
  EXPECT_FALSE(popup_open());
  EXPECT_TRUE(shows("question 3"));
}

TEST_F(Keys, EscapeLeavesTheMarkerWithoutText) {
  press(view_, 'M');
  frames(view_, 3);
  ImGui::GetIO().AddInputCharactersUTF8("half a text");
  const auto asked = press(view_, kEscape);
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(only<action::Marker>(asked)[0].text, "") << "the marker stays, without a text";
  frames(view_, 3);
  EXPECT_FALSE(popup_open());
  EXPECT_FALSE(shows("half a"));
  EXPECT_EQ(only<action::Quit>(press(view_, kEscape)).size(), 1u);
}

TEST_F(Keys, NSetsNeutralForTheLargestFace) {
  auto view = sample_view(3);
  auto analysis = std::make_shared<base::AnalyzedFrame>(*view.analysis);
  analysis->readings[1].face.box.width *= 3;
  view.analysis = analysis;
  frames(view, 90);  // the card of the first view is gone
  const auto asked = only<action::SetNeutral>(press(view, 'N'));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].person, 2);
}

TEST_F(Keys, NWithoutAFaceSaysSo) {
  auto view = sample_view(0);
  frames(view, 90);
  EXPECT_TRUE(press(view, 'N').empty());
  frames(view, 3);
  EXPECT_TRUE(shows("No face in view"));
}

TEST_F(Keys, TTogglesTheTimeline) {
  const auto asked = only<action::ChangeSetting>(press(view_, 'T'));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].setting, &base::Settings::show_timeline);
  EXPECT_FALSE(asked[0].on);
}

TEST_F(Keys, CWithoutACameraSaysSo) {
  view_.cameras.clear();
  EXPECT_TRUE(press(view_, 'C').empty());
  frames(view_, 3);
  EXPECT_TRUE(shows("No camera was found; plug one in"));
}

TEST_F(Keys, BAndF11ChangeSettings) {
  auto asked = only<action::ChangeSetting>(press(view_, 'B'));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].setting, &base::Settings::show_bars);
  EXPECT_FALSE(asked[0].on);
  asked = only<action::ChangeSetting>(press(view_, kF11));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].setting, &base::Settings::fullscreen);
  EXPECT_TRUE(asked[0].on);
}

TEST_F(Keys, TwoWithinOneRedrawAreTwoChanges) {
  set_key(key_of('T'), true);
  set_key(key_of('B'), true);
  const auto asked = only<action::ChangeSetting>(frames(view_, 1));
  set_key(key_of('T'), false);
  set_key(key_of('B'), false);
  ASSERT_EQ(asked.size(), 2u);
  base::Settings settings = view_.settings;
  for (const auto& change : asked) settings.*change.setting = change.on;
  EXPECT_FALSE(settings.show_timeline);
  EXPECT_FALSE(settings.show_bars);
}

TEST_F(Keys, AHeldKeyActsOnce) {
  set_key(key_of('S'), true);
  EXPECT_EQ(only<action::TakeScreenshot>(frames(view_, 90)).size(), 1u);
}

TEST_F(Keys, LettersWithControlDoNothing) {
  set_key(Key::left_control, true);
  EXPECT_TRUE(press(view_, 'R').empty());
}

TEST_F(Keys, EscapeClosesWhatIsOpenBeforeItQuits) {
  press(view_, kF1);
  frames(view_, 2);
  EXPECT_TRUE(popup_open());
  EXPECT_TRUE(only<action::Quit>(press(view_, 'Q')).empty()) << "behind the help";
  EXPECT_TRUE(press(view_, kEscape).empty());
  EXPECT_FALSE(popup_open());
  EXPECT_EQ(only<action::Quit>(press(view_, kEscape)).size(), 1u);
}

TEST_F(Keys, F1ClosesTheHelpAgain) {
  press(view_, kF1);
  EXPECT_TRUE(popup_open());
  press(view_, kF1);
  EXPECT_FALSE(popup_open());
}

TEST_F(Keys, EscapeLeavesFullScreenFirst) {
  view_.settings.fullscreen = true;
  const auto asked = press(view_, kEscape);
  EXPECT_TRUE(only<action::Quit>(asked).empty());
  const auto changes = only<action::ChangeSetting>(asked);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].setting, &base::Settings::fullscreen);
  EXPECT_FALSE(changes[0].on);
}

TEST_F(Keys, QQuits) { EXPECT_EQ(only<action::Quit>(press(view_, 'Q')).size(), 1u); }

TEST_F(Keys, MenusAnswerClicks) {
  EXPECT_FALSE(only<action::RefreshLists>(open_menu(view_, "Model")).empty())
      << "what it offers is looked for anew";
  const auto chosen = only<action::UseModel>(choose(view_, "Another model"));
  ASSERT_EQ(chosen.size(), 1u);
  EXPECT_EQ(chosen[0].id, "other");
}

TEST_F(Keys, TheModelMenuOffersItsReadings) {
  view_.status.readings = {{"everyday", "Everyday", {}, 1},
                           {"acted", "Acted on purpose", {}, 1}};
  view_.status.model_reading = "everyday";
  for (const auto& reading : view_.status.readings) {
    open_menu(view_, "Model");
    const auto chosen = only<action::UseReading>(choose(view_, reading.name));
    ASSERT_EQ(chosen.size(), 1u) << reading.name;
    EXPECT_EQ(chosen[0].id, reading.id);
    while (popup_open()) press(view_, kEscape);
  }
}

TEST_F(Keys, TheRecordMenuOffersTheEncodersThatThereAre) {
  for (const auto& encoder : recording::video_encoders()) {
    open_menu(view_, "Record");
    const auto chosen = only<action::ChooseEncoder>(choose(view_, encoder.title));
    ASSERT_EQ(chosen.size(), 1u) << encoder.title;
    EXPECT_EQ(chosen[0].encoder, encoder.name);
    while (popup_open()) press(view_, kEscape);
  }
}

TEST_F(Keys, TheOpenDialogTakesATypedPathAndKeysDoNotActInIt) {
  const testing::TemporaryFolder folder;
  std::ofstream(folder.path() / "clip.mp4") << "x";
  open_menu(view_, "Source");
  choose(view_, "Open video or picture");
  frames(view_, 3);
  ASSERT_TRUE(ImGui::GetIO().WantTextInput) << "no dialog opened";
  EXPECT_TRUE(only<action::Quit>(press(view_, 'Q')).empty());
  EXPECT_TRUE(press(view_, 'R').empty());
  // Replace all that is in the field.
  set_key(Key::left_control, true);
  press(view_, 'A');
  set_key(Key::left_control, false);
  ImGui::GetIO().AddInputCharactersUTF8((folder.path().string() + "/cl").c_str());
  // The folder is listed beside the window.
  ASSERT_TRUE(testing::eventually([&] {
    frames(view_, 1);
    return shows("clip.mp4");
  }));
  press(view_, Key::tab);  // Tab
  frames(view_, 3);
  EXPECT_TRUE(shows("clip.mp4"));
  auto asked = only<action::OpenSource>(press(view_, Key::enter));  // Enter
  EXPECT_TRUE(testing::eventually([&] {
    if (asked.empty()) asked = only<action::OpenSource>(frames(view_, 1));
    return !asked.empty();
  }));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].spec, (folder.path() / "clip.mp4").string());
}

}  // namespace
}  // namespace mien::ui
