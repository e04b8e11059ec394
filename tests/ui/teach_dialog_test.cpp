// "Teach it your face" as the person at the window has it.

#include <gmock/gmock.h>
#include <imgui_internal.h>

#include "ui/ui_fixture.hpp"

namespace mien::ui {
namespace {

class TeachDialogTest : public UiTest {
 protected:
  void SetUp() override {
    open(1280, 800, 1);
    view_ = sample_view(1);
    frames(view_, 2);
  }
  void show() {
    press(view_, 'F');
    frames(view_, 2);
    ASSERT_NE(dialog(), nullptr);
  }
  static ImGuiWindow* dialog() { return ImGui::GetTopMostPopupModal(); }
  std::vector<Action> hold(Key key, int count = 3) {
    set_key(key, true);
    auto asked = frames(view_, count);
    set_key(key, false);
    return asked;
  }
  /// The dialog's first text that says just that.
  const PlacedText* dialog_text(const std::string& words) const {
    for (const auto& text : placed_) {
      if (text.panel == "teach" && text.text == words) return &text;
    }
    throw std::runtime_error("no such text: " + words);
  }
  static ImVec2 middle(const PlacedText& text) {
    return {(text.area.min.x + text.area.max.x) / 2, (text.area.min.y + text.area.max.y) / 2};
  }
  /// Clicks along the row of buttons until `found` holds of what was asked for.
  template <typename Kind>
  std::vector<Kind> click_for() {
    const ImGuiWindow* window = dialog();
    if (window == nullptr) return {};
    const float y = window->Pos.y + window->Size.y - theme_.px(36);
    // From the right end of the name, so that it does not get the keys.
    for (float x = window->Pos.x + theme_.px(24 + 136 + 20);
         x < window->Pos.x + window->Size.x - theme_.px(110); x += theme_.px(20)) {
      const auto asked = only<Kind>(click(view_, {x, y}));
      if (!asked.empty()) return asked;
    }
    return {};
  }
  void give(std::size_t neutral, std::size_t happy) {
    view_.teaching.labels = {{"neutral", neutral, static_cast<int>(neutral)},
                             {"happiness", happy, static_cast<int>(happy)}};
    view_.teaching.thumbnails = 99;
    view_.teaching.thumbnail_grid = {12, 2};
  }
  void learned() {
    view_.teaching.result = TeachingView::TrainingResult{.id = "My-face",
                                                         .name = "My face",
                                                         .examples = 20,
                                                         .labels = 2,
                                                         .accuracy = 0.95,
                                                         .shown = "neutral",
                                                         .answered = "happiness",
                                                         .mistaken = 0.1,
                                                         .current = true};
  }
  ViewModel view_;
};

TEST_F(TeachDialogTest, AHeldDigitShowsTheFaceOfThePersonAndOnlyWhileHeld) {
  EXPECT_TRUE(only<action::AddExample>(hold(key_of('1'))).empty()) << "before it is open";
  show();
  EXPECT_TRUE(only<action::AddExample>(frames(view_, 3)).empty());
  const auto first = only<action::AddExample>(hold(key_of('1')));
  ASSERT_GE(first.size(), 2u);
  EXPECT_EQ(first[0].label, "neutral");
  EXPECT_EQ(first[0].person, 1);
  EXPECT_TRUE(shows("Taking “neutral”"));
  const auto second = only<action::AddExample>(hold(key_of('2')));
  ASSERT_FALSE(second.empty());
  EXPECT_EQ(second.back().label, "happiness");
  EXPECT_TRUE(only<action::AddExample>(hold(key_of('3'))).empty()) << "no third label";
  ASSERT_FALSE(
      only<action::AddExample>(hold(static_cast<Key>(static_cast<int>(Key::keypad_1) + 1)))
          .empty())
      << "the number pad's";
  frames(view_, 2);
  EXPECT_TRUE(only<action::AddExample>(frames(view_, 3)).empty());
  EXPECT_TRUE(shows("hold its number key"));
}

TEST_F(TeachDialogTest, TheMouseHoldsToo) {
  show();
  ImGui::GetIO().MousePos = middle(*dialog_text("2"));
  frames(view_, 2);
  ImGui::GetIO().MouseDown[0] = true;
  const auto asked = only<action::AddExample>(frames(view_, 4));
  ImGui::GetIO().MouseDown[0] = false;
  frames(view_, 2);
  ASSERT_FALSE(asked.empty());
  EXPECT_EQ(asked[0].label, "happiness");
}

TEST_F(TeachDialogTest, NobodyOrSomebodyElseIsSaidAndNotTaken) {
  show();
  give(2, 0);
  frames(view_, 1);
  auto other = std::make_shared<base::AnalyzedFrame>(*view_.analysis);
  other->readings[0].person = 2;
  view_.analysis = other;
  frames(view_, 2);
  EXPECT_TRUE(only<action::AddExample>(hold(key_of('1'))).empty());
  EXPECT_TRUE(shows("P1 is not in view, somebody else is"));
  other = std::make_shared<base::AnalyzedFrame>(*other);
  other->readings.clear();
  view_.analysis = other;
  EXPECT_TRUE(only<action::AddExample>(hold(key_of('1'))).empty());
  EXPECT_TRUE(shows("Nobody is in view."));
  other = std::make_shared<base::AnalyzedFrame>(*sample_view(1).analysis);
  other->readings[0].verdict.doubt = base::Doubt::too_dark;
  view_.analysis = other;
  EXPECT_TRUE(only<action::AddExample>(hold(key_of('1'))).empty());
  EXPECT_TRUE(shows("Not taken: too dark."));
  view_.status.state = analysis::LiveStatus::State::paused;
  EXPECT_TRUE(only<action::AddExample>(hold(key_of('1'))).empty());
  EXPECT_TRUE(shows("The video is paused"));
}

TEST_F(TeachDialogTest, BeforeAnExampleItFollowsWhoeverIsThere) {
  show();
  auto other = std::make_shared<base::AnalyzedFrame>(*view_.analysis);
  other->readings[0].person = 2;
  view_.analysis = other;
  frames(view_, 120);  // P1's card lingers
  const auto asked = only<action::AddExample>(hold(key_of('1')));
  ASSERT_FALSE(asked.empty());
  EXPECT_EQ(asked.back().person, 2);
}

TEST_F(TeachDialogTest, WithSeveralPeopleItIsTheChosenOne) {
  view_ = sample_view(3);
  frames(view_, 5);
  ASSERT_TRUE(shows("P2"));
  click(view_, middle(*find("P2")));
  show();
  const auto asked = only<action::AddExample>(hold(key_of('1')));
  ASSERT_FALSE(asked.empty());
  EXPECT_EQ(asked[0].person, 2);
}

TEST_F(TeachDialogTest, KeysBehindItSwitchNothingAndEscCloses) {
  show();
  EXPECT_TRUE(only<action::Record>(press(view_, 'R')).empty());
  EXPECT_TRUE(only<action::Pause>(press(view_, Key::space)).empty());
  EXPECT_TRUE(only<action::Quit>(press(view_, Key::escape)).empty());
  frames(view_, 2);
  EXPECT_EQ(dialog(), nullptr);
  EXPECT_TRUE(only<action::AddExample>(hold(key_of('1'))).empty());
}

TEST_F(TeachDialogTest, LabelsOfOnesOwnAreTypedAndDigitsInThemAreNoExamples) {
  show();
  // The field is left of "Add", above the two lines and the buttons.
  const ImGuiWindow* window = dialog();
  click(view_, {window->Pos.x + window->Size.x - theme_.px(240),
                window->Pos.y + window->Size.y - theme_.px(20 + 32 + 8 + 32 + 8 + 8 + 20)});
  ASSERT_TRUE(ImGui::GetIO().WantTextInput) << "the field was not hit";
  for (const char letter : std::string("deep in thought 1")) {
    ImGui::GetIO().AddInputCharacter(static_cast<unsigned>(letter));
  }
  EXPECT_TRUE(only<action::AddExample>(hold(key_of('1'))).empty()) << "it is typed";
  press(view_, Key::enter);
  frames(view_, 3);
  EXPECT_TRUE(shows("deep in"));
  const auto asked = only<action::AddExample>(hold(key_of('3')));
  ASSERT_FALSE(asked.empty());
  EXPECT_EQ(asked[0].label, "deep in thought 1");
}

TEST_F(TeachDialogTest, LearnsOnlyWhenItCan) {
  show();
  EXPECT_TRUE(shows("No examples yet"));
  EXPECT_TRUE(click_for<action::TrainModel>().empty());
  give(5, 1);
  view_.teaching.missing = "The label \"happiness\" has one example only.";
  frames(view_, 2);
  EXPECT_TRUE(shows("one example only"));
  EXPECT_TRUE(shows("5 examples"));
  EXPECT_TRUE(shows("1 example"));
  EXPECT_TRUE(click_for<action::TrainModel>().empty());
  give(5, 5);
  view_.teaching.missing.clear();
  frames(view_, 2);
  EXPECT_TRUE(shows("Ready to train on 10 examples of 2 labels"));
  const auto asked = click_for<action::TrainModel>();
  ASSERT_FALSE(asked.empty());
  EXPECT_EQ(asked[0].name, "My face");
  view_.teaching.state = TeachingView::State::training;
  view_.teaching.progress = 0.5F;
  frames(view_, 2);
  EXPECT_TRUE(shows("Training…"));
  EXPECT_TRUE(only<action::AddExample>(hold(key_of('1'))).empty());
}

TEST_F(TeachDialogTest, AModelIsUsedSavedAndDeletedAfterAQuestion) {
  show();
  give(10, 10);
  learned();
  frames(view_, 2);
  EXPECT_TRUE(shows("right about 95% of the faces that were held out; guessing gets 50%"));
  const auto used = click_for<action::UseModel>();
  ASSERT_EQ(used.size(), 1u);
  EXPECT_EQ(used[0].id, "My-face");
  EXPECT_EQ(click_for<action::SaveModel>().size(), 1u);
  view_.status.model_id = "My-face";
  EXPECT_TRUE(click_for<action::UseModel>().empty()) << "in use";
  EXPECT_TRUE(click_for<action::DeleteModel>().empty()) << "it is asked first";
  ASSERT_TRUE(shows("Delete “My face”?"));
  const ImGuiWindow* window = dialog();
  const auto forgotten =
      only<action::DeleteModel>(click(view_, {window->Pos.x + theme_.px(24 + 70),
                                              window->Pos.y + window->Size.y - theme_.px(36)}));
  ASSERT_EQ(forgotten.size(), 1u);
  EXPECT_EQ(forgotten[0].id, "My-face");
  EXPECT_FALSE(shows("Delete “My face”?"));
}

TEST_F(TeachDialogTest, ABadModelIsCalledOne) {
  show();
  give(10, 10);
  learned();
  view_.teaching.result->accuracy = 0.55;
  frames(view_, 2);
  EXPECT_TRUE(shows("look too similar"));
  view_.teaching.result->mistaken = 0.4;
  frames(view_, 2);
  EXPECT_TRUE(shows("takes “neutral” for “happy” in 40%"));
  view_.teaching.result = {};
  view_.teaching.problem = "The examples of \"a\" and of \"b\" are the same pictures.";
  frames(view_, 2);
  EXPECT_TRUE(shows("the same pictures"));
}

TEST_F(TeachDialogTest, AThumbnailIsTakenBackByAClick) {
  show();
  give(12, 3);
  frames(view_, 2);
  const Area count = find("3 examples")->area;
  // The newest lies right of the name's column.
  const auto asked = only<action::RemoveExample>(
      click(view_, {count.min.x + theme_.px(118 + 20), count.min.y}));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].label, "happiness");
  EXPECT_EQ(asked[0].place, 2u);
}

TEST_F(TeachDialogTest, ALabelGoesWithItsExamples) {
  show();
  give(12, 3);
  frames(view_, 2);
  const auto asked = only<action::RemoveLabel>(click(view_, middle(*dialog_text("×"))));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].label, "neutral");
}

}  // namespace
}  // namespace mien::ui
