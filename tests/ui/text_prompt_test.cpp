// The buttons of a person's card and the dialog behind them.

#include <gmock/gmock.h>
#include <imgui_internal.h>

#include "ui/ui_fixture.hpp"

namespace mien::ui {
namespace {

constexpr Key kEnter = Key::enter;

class PersonButtons : public UiTest {
 protected:
  void SetUp() override {
    open(1280, 800, 1);
    view_ = sample_view(1);
    frames(view_, 5);
  }
  void set(base::Calibration calibration) {
    auto analysis = std::make_shared<base::AnalyzedFrame>(*view_.analysis);
    analysis->readings[0].calibration = calibration;
    view_.analysis = analysis;
    frames(view_, 3);
  }
  std::vector<Action> click_on(const std::string& words) {
    const auto* text = find(words);
    EXPECT_NE(text, nullptr) << words;
    if (text == nullptr) return {};
    auto asked = click(view_, {(text->area.min.x + text->area.max.x) / 2,
                               (text->area.min.y + text->area.max.y) / 2});
    take_names(asked);
    frames(view_, 3);
    return asked;
  }
  /// As the program does with what was asked for.
  void take_names(const std::vector<Action>& asked) {
    for (const auto& name : only<action::NamePerson>(asked)) {
      view_.names[name.person] = name.name;
      if (name.name.empty()) view_.names.erase(name.person);
    }
  }
  std::vector<Action> type(const std::string& words) {
    ImGui::GetIO().AddInputCharactersUTF8(words.c_str());
    frames(view_, 2);
    auto asked = press(view_, kEnter);
    take_names(asked);
    frames(view_, 3);
    return asked;
  }
  ViewModel view_;
};

TEST_F(PersonButtons, SetNeutralGoesThroughItsStates) {
  auto asked = only<action::SetNeutral>(click_on("Set neutral (N)"));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].person, 1);
  set(base::Calibration::collecting);
  EXPECT_FALSE(shows("Set neutral"));
  EXPECT_EQ(only<action::ClearNeutral>(click_on("Cancel")).size(), 1u);
  set(base::Calibration::set);
  EXPECT_EQ(only<action::ClearNeutral>(click_on("Neutral set · Clear")).size(), 1u);
}

TEST_F(PersonButtons, ANameIsEverywhereAndIsForgotten) {
  click_on("Rename");
  const auto named = type("  Ada ");
  ASSERT_EQ(named.size(), 1u) << "a name alone is not kept anywhere";
  ASSERT_EQ(only<action::NamePerson>(named).size(), 1u) << "a recording has it";
  EXPECT_EQ(only<action::NamePerson>(named)[0].name, "Ada");
  int places = 0;
  for (const auto& text : placed_) places += text.text.starts_with("Ada");
  EXPECT_EQ(places, 3) << "tag, card and timeline";
  EXPECT_FALSE(shows("P1"));
  const auto asked = click_on("Forget");
  EXPECT_EQ(only<action::ClearNeutral>(asked).size(), 1u);
  EXPECT_TRUE(only<action::DeleteNeutral>(asked).empty());
  ASSERT_EQ(only<action::NamePerson>(asked).size(), 1u);
  EXPECT_EQ(only<action::NamePerson>(asked)[0].name, "");
  EXPECT_FALSE(shows("Ada"));
  EXPECT_TRUE(shows("P1"));
}

TEST_F(PersonButtons, SavingAsksForAName) {
  set(base::Calibration::set);
  click_on("Save neutral…");
  EXPECT_TRUE(type("").empty()) << "it would not be found again";
  const auto asked = only<action::SaveNeutral>(type("Ada"));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].name, "Ada");
  EXPECT_EQ(asked[0].person, 1);
  view_.kept_people = {"Ada"};
  frames(view_, 3);
  EXPECT_FALSE(shows("Save neutral…"));
  const auto forgotten = only<action::DeleteNeutral>(click_on("Forget"));
  ASSERT_EQ(forgotten.size(), 1u);
  EXPECT_EQ(forgotten[0].name, "Ada");
}

TEST_F(PersonButtons, SavedNamesAreOffered) {
  view_.kept_people = {"Ada", "Bob"};
  frames(view_, 3);
  click_on("Use saved");
  EXPECT_EQ(GImGui->OpenPopupStack.Size, 1);
}

TEST_F(PersonButtons, AClickOnAFaceChooses) {
  view_ = sample_view(5);
  frames(view_, 5);
  const PlacedText* tag = nullptr;
  for (const auto& text : placed_) {
    if (text.panel == "picture" && text.text.starts_with("P3")) tag = &text;
  }
  ASSERT_NE(tag, nullptr);
  click(view_, {tag->area.min.x + 5, tag->area.min.y + 5});
  const auto asked = only<action::SetNeutral>(press(view_, 'N'));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].person, 3);
}

}  // namespace
}  // namespace mien::ui
