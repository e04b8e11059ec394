// The Send menu, the chip that says what is sent, and markers that others set.

#include <functional>

#include <gtest/gtest.h>
#include <imgui_internal.h>

#include "ui/ui_fixture.hpp"

namespace mien::ui {
namespace {

using State = OutputView::State;

class SendMenu : public UiTest {
 protected:
  void SetUp() override {
    open(1280, 800, 1);
    view_ = sample_view(1);
    view_.outputs = {{.word = "osc",
                      .name = "OSC",
                      .description = "for avatars",
                      .form = "HOST:PORT",
                      .argument = "127.0.0.1:9000"},
                     {.word = "web", .name = "Web", .description = "for browsers"}};
    frames(view_, 3);
  }

  static bool popup_open() { return GImGui->OpenPopupStack.Size > 0; }
  void close_menus() {
    while (popup_open()) press(view_, Key::escape);
  }
  /// Clicks on the menu's lines, each after opening it anew, until `found` holds of what was
  /// asked for.
  bool click_until(const std::function<bool(const std::vector<Action>&)>& found) {
    for (float y = 6; y < 220; y += 8) {
      open_menu(view_, "Send");
      if (!popup_open()) return false;
      const ImGuiWindow* menu = GImGui->OpenPopupStack.back().Window;
      const auto asked = click(view_, {menu->Pos.x + 40, menu->Pos.y + y});
      if (found(asked)) return true;
      close_menus();
    }
    return false;
  }

  ViewModel view_;
};

TEST_F(SendMenu, SwitchesEachProtocolOnAndOff) {
  const auto asks = [](const char* word, bool on) {
    return [=](const std::vector<Action>& asked) {
      const auto sent = only<action::Send>(asked);
      return sent.size() == 1 && sent[0].word == word && sent[0].on == on;
    };
  };
  const auto choosing = [&](const char* item) {
    open_menu(view_, "Send");
    auto asked = choose(view_, item);
    close_menus();
    return asked;
  };
  EXPECT_TRUE(asks("osc", true)(choosing("OSC")));
  EXPECT_TRUE(asks("web", true)(choosing("Web")));
  view_.outputs[0].state = State::sending;
  view_.outputs[1].state = State::failed;
  view_.outputs[1].problem = "The port 8080 is taken; choose another one.";
  EXPECT_TRUE(asks("osc", false)(choosing("OSC")));
  EXPECT_TRUE(asks("web", false)(choosing("Web")));
}

TEST_F(SendMenu, TakesAnotherPlace) {
  ASSERT_TRUE(click_until([](const std::vector<Action>& asked) {
    return asked.empty() && ImGui::GetIO().WantTextInput;
  }));
  EXPECT_TRUE(press(view_, 'R').empty()) << "keys do not act in it";
  set_key(Key::left_control, true);
  press(view_, 'A');
  set_key(Key::left_control, false);
  ImGui::GetIO().AddInputCharactersUTF8(" studio:7000 ");
  frames(view_, 3);
  const auto sent = only<action::SendTo>(press(view_, Key::enter));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].word, "osc");
  EXPECT_EQ(sent[0].before, "127.0.0.1:9000");
  EXPECT_EQ(sent[0].argument, "studio:7000");
  EXPECT_FALSE(sent[0].on) << "a place that is typed is only remembered";
}

TEST_F(SendMenu, OffersThePlacesThatThereAre) {
  view_.outputs[0].places = {{"/dev/video2", "Loop"}, {"/dev/video2,blurred", "Loop, blurred"}};
  view_.outputs[0].argument = "/dev/video2";
  EXPECT_TRUE(click_until([](const std::vector<Action>& asked) {
    const auto sent = only<action::SendTo>(asked);
    return sent.size() == 1 && sent[0].word == "osc" && sent[0].before == "/dev/video2" &&
           sent[0].argument == "/dev/video2,blurred" && sent[0].on;
  })) << "whoever picks one by its name expects it on";
  const auto picks_the_chosen_one = [](const std::vector<Action>& asked) {
    const auto sent = only<action::SendTo>(asked);
    return sent.size() == 1 && sent[0].argument == "/dev/video2" && sent[0].on;
  };
  EXPECT_TRUE(click_until(picks_the_chosen_one)) << "chosen before, but off";
  close_menus();
  view_.outputs[0].state = State::sending;
  EXPECT_FALSE(click_until(picks_the_chosen_one)) << "it is on there already";
  close_menus();
  view_.outputs[0].argument.clear();
  EXPECT_TRUE(click_until(picks_the_chosen_one)) << "on somewhere else";
  close_menus();
  view_.outputs[0].place = "/dev/video2";
  EXPECT_FALSE(click_until(picks_the_chosen_one)) << "the first of them is taken already";
}

TEST_F(SendMenu, CopiesAnAddress) {
  view_.outputs[1].state = State::sending;
  view_.outputs[1].address = "http://127.0.0.1:8080/?token=abc";
  EXPECT_TRUE(click_until([](const std::vector<Action>&) {
    const char* copied = ImGui::GetClipboardText();
    return copied != nullptr && copied == std::string("http://127.0.0.1:8080/?token=abc");
  }));
}

TEST_F(SendMenu, TheStatusBarSaysWhatIsSent) {
  EXPECT_TRUE(shows("all local"));
  view_.outputs[0].state = State::sending;
  view_.outputs[1].state = State::sending;
  view_.outputs[1].listeners = "2 listeners";
  frames(view_, 3);
  EXPECT_TRUE(shows("sending: OSC, Web (2 listeners)"));
  EXPECT_FALSE(shows("all local"));
  view_.outputs[0].state = State::opening;
  frames(view_, 3);
  EXPECT_TRUE(shows("sending: OSC (opening…), Web (2 listeners)"));
  view_.outputs[0].state = State::failed;
  view_.outputs[0].problem = "Nobody knows the host; check its name.";
  frames(view_, 3);
  EXPECT_TRUE(shows("not sending: OSC · sending: Web (2 listeners)"));
  view_.outputs[1].problem = "It is crowded.";
  frames(view_, 3);
  EXPECT_TRUE(shows("not sending: OSC · sending: Web (problem)"));
  view_.outputs[1].state = State::off;
  view_.outputs[1].problem.clear();
  frames(view_, 3);
  EXPECT_TRUE(shows("not sending: OSC"));
}

TEST_F(SendMenu, WhatIsSentIsSeenInTheSmallestWindowToo) {
  ImGui::GetIO().DisplaySize = {900, 600};
  view_.recording.active = true;
  view_.recording.seconds = 36'000;
  view_.recording.bytes = 123'456'789'000;
  view_.recording.privacy = sessions::Privacy::blurred_faces;
  view_.recording.seconds_left = 100;
  view_.status.source.name = "A camera with a very long name from a very long shop";
  view_.outputs[0].state = State::sending;
  view_.outputs[0].listeners = "nobody listens";
  frames(view_, 3);
  EXPECT_TRUE(shows("sending: OSC (nobody listens)"));
}

TEST_F(SendMenu, TheStatusBarLeavesOutListenersBeforeNames) {
  ImGui::GetIO().DisplaySize = {900, 600};
  view_.outputs[0].state = State::sending;
  view_.outputs[0].listeners = "nobody listens at that address";
  view_.outputs[1].state = State::failed;
  frames(view_, 3);
  EXPECT_TRUE(shows("not sending: Web · sending: OSC"));
  EXPECT_FALSE(shows("nobody listens"));
}

TEST_F(SendMenu, ARiskIsAskedAbout) {
  view_.send_question = SendQuestion{.word = "web",
                                     .before = "8600",
                                     .argument = "0.0.0.0:8600,open",
                                     .risk = "Every computer of your network can read it."};
  frames(view_, 3);
  ASSERT_TRUE(popup_open());
  std::vector<bool> answers;
  const ImGuiWindow* dialog = GImGui->OpenPopupStack.back().Window;
  const float y = dialog->Pos.y + dialog->Size.y - 36;
  for (const float x : {60.0F, 270.0F}) {
    const auto asked = only<action::AnswerSendQuestion>(click(view_, {dialog->Pos.x + x, y}));
    for (const auto& one : asked) answers.push_back(one.allowed);
    frames(view_, 3);  // asked again, as nobody took the answer
  }
  EXPECT_EQ(answers, (std::vector<bool>{false, true}));
  const auto escaped = only<action::AnswerSendQuestion>(press(view_, Key::escape));
  ASSERT_EQ(escaped.size(), 1U);
  EXPECT_FALSE(escaped[0].allowed);
  view_.send_question.reset();
  frames(view_, 3);
  EXPECT_FALSE(popup_open());
}

TEST_F(SendMenu, MarkersOfOthersAreOnTheTimeline) {
  frames(view_, 120);
  view_.markers = {
      {"a stimulus", std::chrono::steady_clock::now() - std::chrono::milliseconds{500}}};
  frame(view_);
  view_.markers.clear();
  frames(view_, 3);
  EXPECT_TRUE(shows("a stimulus"));
}

}  // namespace
}  // namespace mien::ui
