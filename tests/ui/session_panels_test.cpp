// The first-run notice, the question about broken sessions, and the list of past ones.

#include <functional>

#include <gtest/gtest.h>
#include <imgui_internal.h>

#include "ui/ui_fixture.hpp"

namespace mien::ui {
namespace {

sessions::SessionEntry entry(const std::string& name, sessions::SessionEntry::State state) {
  sessions::SessionEntry session;
  session.folder = "/sessions/" + name;
  session.started = std::chrono::system_clock::from_time_t(1'795'332'900);
  session.seconds = 761;
  session.people = 2;
  session.frames = 22'830;
  session.bytes = 214'000'000;
  session.source = "HD Pro Webcam C920";
  session.video = true;
  session.state = state;
  return session;
}

class SessionPanels : public UiTest {
 protected:
  void SetUp() override {
    open(1280, 800, 1);
    view_ = sample_view(1);
  }
  static ImGuiWindow* dialog() { return ImGui::GetTopMostPopupModal(); }

  /// Clicks on the dialog's buttons, from its bottom, until `found` holds of what was asked
  /// for.
  bool click_until(const std::function<bool(const std::vector<Action>&)>& found) {
    const ImGuiWindow* window = dialog();
    if (window == nullptr) return false;
    const ImVec2 from = window->Pos;
    const ImVec2 size = window->Size;
    for (float y = from.y + size.y - 30; y > from.y + size.y - 60; y -= 12) {
      for (float x = from.x + 30; x < from.x + size.x - 10; x += 20) {
        if (found(click(view_, {x, y}))) return true;
        if (dialog() == nullptr) return false;
      }
    }
    return false;
  }
  /// The list of past sessions, with a broken one of 2 people and a finished one of 3.
  void open_list_of_two() {
    press(view_, 'L');
    view_.sessions_known = true;
    view_.sessions = {entry("two", sessions::SessionEntry::State::broken),
                      entry("one", sessions::SessionEntry::State::finished)};
    view_.sessions[1].people = 3;
    frames(view_, 3);
  }
  /// A point in the row that has these words.
  ImVec2 row(const char* words) const {
    const Area area = find(words)->area;
    return {area.min.x + 3, area.min.y + 3};
  }
  ViewModel view_;
};

TEST_F(SessionPanels, TheFirstRunNoticeIsAcceptedOnceAndNotGotRound) {
  view_.first_run = true;
  frames(view_, 3);
  ASSERT_NE(dialog(), nullptr);
  EXPECT_TRUE(press(view_, 'R').empty()) << "nothing is switched behind it";
  EXPECT_EQ(only<action::Quit>(press(view_, Key::escape)).size(), 1u);
  ASSERT_NE(dialog(), nullptr);
  ASSERT_TRUE(click_until([](const auto& asked) {
    const auto changes = only<action::ChangeSetting>(asked);
    return !changes.empty() && changes[0].setting == &base::Settings::notice_acknowledged &&
           changes[0].on;
  }));
  view_.first_run = false;
  frames(view_, 3);
  EXPECT_EQ(dialog(), nullptr);
  EXPECT_EQ(only<action::Record>(press(view_, 'R')).size(), 1u);
}

TEST_F(SessionPanels, TheNoticeSaysThatARecordingWaitsForIt) {
  view_.first_run = true;
  frames(view_, 3);
  const float without = dialog()->Size.y;
  view_.record_at_acceptance = true;
  frames(view_, 3);
  EXPECT_GT(dialog()->Size.y, without + 40) << "a heading and a sentence more";
  ASSERT_TRUE(click_until([](const auto& asked) {
    const auto changes = only<action::ChangeSetting>(asked);
    return !changes.empty() && changes[0].setting == &base::Settings::notice_acknowledged &&
           changes[0].on;
  }));
}

TEST_F(SessionPanels, ABrokenSessionIsAskedAboutAfterTheNotice) {
  view_.broken_session = entry("2026-11-22_07-15-00", sessions::SessionEntry::State::broken);
  view_.first_run = true;
  frames(view_, 3);
  view_.first_run = false;
  frames(view_, 3);
  using Answer = action::AnswerRecovery::Answer;
  for (const auto answer : {Answer::recover, Answer::later, Answer::never}) {
    frames(view_, 3);
    ASSERT_NE(dialog(), nullptr);
    // One click each; the others close it too, so it is tried until this one was meant.
    bool given = false;
    for (float x = 40; x < 470 && !given; x += 30) {
      frames(view_, 3);
      ASSERT_NE(dialog(), nullptr);
      const ImVec2 at{dialog()->Pos.x + x, dialog()->Pos.y + dialog()->Size.y - 32};
      const auto asked = only<action::AnswerRecovery>(click(view_, at));
      given = !asked.empty() && asked[0].answer == answer;
      if (!asked.empty()) {
        EXPECT_EQ(asked[0].folder, view_.broken_session->folder);
      }
    }
    EXPECT_TRUE(given) << static_cast<int>(answer);
  }
  view_.broken_session.reset();
  frames(view_, 3);
  EXPECT_EQ(dialog(), nullptr);
}

TEST_F(SessionPanels, ThePastSessionsAreListedAndOpened) {
  EXPECT_EQ(only<action::ListSessions>(press(view_, 'L')).size(), 1u);
  ASSERT_NE(dialog(), nullptr);
  view_.sessions_known = true;
  view_.sessions = {entry("one", sessions::SessionEntry::State::finished),
                    entry("two", sessions::SessionEntry::State::broken),
                    entry("three", sessions::SessionEntry::State::recording)};
  view_.sessions[0].people = 3;
  frames(view_, 3);
  for (const auto* words :
       {"00:12:41", "3 people", "214 MB", "HD Pro", "not finished", "being recorded"}) {
    EXPECT_TRUE(shows(words)) << words;
  }
  const Area row = find("3 people")->area;
  const ImVec2 at{row.min.x + 3, row.min.y + 3};
  click(view_, at);
  frames(view_, 40);  // no double click with the next one
  ASSERT_TRUE(click_until([](const auto& asked) {
    const auto opened = only<action::OpenSession>(asked);
    return !opened.empty() && opened[0].folder == "/sessions/one";
  }));
}

TEST_F(SessionPanels, ADoubleClickOpensWhatIsFinishedOnly) {
  open_list_of_two();
  EXPECT_TRUE(only<action::OpenSession>(click(view_, row("2 people"), 2)).empty());
  frames(view_, 40);
  EXPECT_EQ(only<action::OpenSession>(click(view_, row("3 people"), 2)).size(), 1u);
  frames(view_, 3);
  EXPECT_EQ(dialog(), nullptr);
}

TEST_F(SessionPanels, EnterOpensWhatIsChosen) {
  open_list_of_two();
  const auto opened = [this](Key key) {
    return only<action::OpenSession>(press(view_, key)).size();
  };
  EXPECT_EQ(opened(Key::enter), 0u) << "nothing is chosen";
  click(view_, row("2 people"));
  EXPECT_EQ(opened(Key::enter), 0u) << "it is broken";
  frames(view_, 40);
  click(view_, row("3 people"));
  EXPECT_EQ(opened(Key::enter), 1u);
  EXPECT_EQ(dialog(), nullptr);
  press(view_, 'L');
  frames(view_, 40);
  click(view_, row("3 people"));
  EXPECT_EQ(opened(Key::keypad_enter), 1u);
}

TEST_F(SessionPanels, WhatWasDoneStaysInTheDialog) {
  press(view_, 'L');
  view_.sessions_known = true;
  view_.sessions = {entry("one", sessions::SessionEntry::State::finished)};
  frames(view_, 3);
  const auto list_height = [] {
    for (const ImGuiWindow* window : ImGui::GetCurrentContext()->Windows) {
      const std::string_view name = window->Name;
      if (name.find("##past-sessions/##sessions") != name.npos) return window->Size.y;
    }
    return 0.0F;
  };
  const float before = list_height();
  ASSERT_GT(before, 100);
  // The app gives a notice once; the dialog makes room for it and keeps it.
  view_.notices = {{base::Notice::Level::error,
                    "No program of this desktop opens /sessions/one; open it yourself."}};
  frames(view_, 1);
  view_.notices.clear();
  frames(view_, 5);
  EXPECT_LT(list_height(), before - 10);
  ASSERT_NE(dialog(), nullptr);
  ImGui::ClosePopupsOverWindow(nullptr, false);
  frames(view_, 3);
  press(view_, 'L');
  frames(view_, 3);
  EXPECT_EQ(list_height(), before) << "what is old is not said again";
}

TEST_F(SessionPanels, DeletingIsAskedForTwice) {
  press(view_, 'L');
  view_.sessions_known = true;
  view_.sessions = {entry("one", sessions::SessionEntry::State::finished)};
  frames(view_, 3);
  const Area row = find("2 people")->area;
  click(view_, {row.min.x + 3, row.min.y + 3});
  frames(view_, 40);
  // A click on each place of the row of buttons; what it was is told by what is asked for.
  bool revealed = false;
  for (float x = 300; x < 660; x += 20) {
    ASSERT_NE(dialog(), nullptr);
    const ImVec2 row_of_buttons{dialog()->Pos.x, dialog()->Pos.y + dialog()->Size.y - 36};
    const auto asked = click(view_, {row_of_buttons.x + x, row_of_buttons.y});
    EXPECT_TRUE(only<action::DeleteSession>(asked).empty()) << "at the first click";
    revealed = revealed || !only<action::OpenFolder>(asked).empty();
    if (!revealed || !only<action::OpenFolder>(asked).empty()) continue;
    // Beyond "Show files": the gap, or "Delete…".
    const auto second = click(view_, {row_of_buttons.x + 60, row_of_buttons.y});
    const auto deleted = only<action::DeleteSession>(second);
    if (deleted.empty()) {
      press(view_, 'L');
      frames(view_, 40);
      click(view_, {row.min.x + 3, row.min.y + 3});
      frames(view_, 40);
      continue;
    }
    EXPECT_EQ(deleted[0].folder, "/sessions/one");
    return;
  }
  FAIL() << "nothing asked for it to be deleted";
}

TEST_F(SessionPanels, TheStatusBarSaysWhatARecordingKeepsAndHowLongThereIsRoom) {
  view_.recording = {true, false, 12, 5'000'000, sessions::Privacy::blurred_faces, 7'300.0};
  frames(view_, 3);
  EXPECT_TRUE(shows("faces blurred"));
  EXPECT_TRUE(shows("room for 2 h 1 min"));
  view_.recording.privacy = sessions::Privacy::data_only;
  view_.recording.seconds_left = 59;
  frames(view_, 3);
  EXPECT_TRUE(shows("data only"));
  EXPECT_TRUE(shows("room for 59 s"));
}

}  // namespace
}  // namespace mien::ui
