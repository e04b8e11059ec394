// Help > System check, as the person at the window has it.

#include <gmock/gmock.h>
#include <imgui_internal.h>

#include "ui/ui_fixture.hpp"

namespace mien::ui {
namespace {

struct WindowSize {
  float width, height, scale;
};

class SystemCheckDialogTest : public UiTest {
 protected:
  void begin(WindowSize size) {
    open(size.width, size.height, size.scale);
    view_ = sample_view(1);
    frames(view_, 2);
  }
  /// Opens the dialog through its menu.
  void show() {
    open_menu(view_, "Help");
    const auto asked = only<action::CheckSystem>(choose(view_, "System check"));
    ASSERT_EQ(asked.size(), 1U) << "the menu offers no system check";
    frames(view_, 2);
    ASSERT_NE(dialog(), nullptr);
  }
  static ImGuiWindow* dialog() { return ImGui::GetTopMostPopupModal(); }
  /// Clicks on the line of buttons, at its left or right end.
  std::vector<Action> click_button(bool first) {
    const auto* window = dialog();
    const float x =
        first ? window->Pos.x + theme_.px(60) : window->Pos.x + window->Size.x - theme_.px(60);
    return click(view_, {x, window->Pos.y + window->Size.y - theme_.px(32)});
  }
  static analysis::SystemReport report(int sections = 2) {
    using analysis::Finding;
    analysis::SystemReport report;
    for (int i = 0; i < sections; ++i) {
      report.sections.push_back(
          {"Section " + std::to_string(i),
           {{"OpenCV", "4.6.0"},
            {"  uses",
             "SSE SSE2 SSE3 SSE4.1 SSE4.2 FP16 AVX AVX2 AVX512-SKX and so many others "
             "that they do not fit into a line of the dialog"},
            {"A camera with a name that is long", "Studio", Finding::doubtful, "Plug it in."},
            {"Sessions", "not writable", Finding::broken,
             "Recordings cannot be kept: the folder may not be written to; choose another "
             "folder "
             "with --sessions."}}});
    }
    return report;
  }

  ViewModel view_;
};

TEST_F(SystemCheckDialogTest, ShowsTheSectionsAndCopiesThem) {
  begin({1280, 800, 1});
  show();
  view_.system_check.running = true;
  ImGui::SetClipboardText("before");
  frames(view_, 2);
  click_button(true);
  EXPECT_STREQ(ImGui::GetClipboardText(), "before") << "a report that is not whole";
  view_.system_check = {.running = false, .report = report()};
  frames(view_, 2);
  for (const char* words : {"OpenCV", "4.6.0", "uses", "Plug it in.", "Recordings cannot"}) {
    EXPECT_TRUE(shows(words)) << words;
  }
  click_button(true);
  EXPECT_EQ(ImGui::GetClipboardText(), text(view_.system_check.report));
  ASSERT_NE(dialog(), nullptr) << "it stays open";
}

TEST_F(SystemCheckDialogTest, EscapeAndCloseEndItAndTheCheck) {
  begin({1280, 800, 1});
  show();
  auto asked = press(view_, Key::escape);
  EXPECT_EQ(dialog(), nullptr);
  EXPECT_EQ(only<action::StopSystemCheck>(asked).size(), 1U);
  EXPECT_TRUE(only<action::Quit>(asked).empty());
  show();
  asked = click_button(false);
  EXPECT_EQ(dialog(), nullptr);
  EXPECT_EQ(only<action::StopSystemCheck>(asked).size(), 1U);
}

class SystemCheckSizes : public SystemCheckDialogTest,
                         public ::testing::WithParamInterface<WindowSize> {};

TEST_P(SystemCheckSizes, LongReportsScrollInsideTheWindow) {
  begin(GetParam());
  show();
  view_.system_check.report = report(12);
  frames(view_, 3);
  const auto* window = dialog();
  ASSERT_NE(window, nullptr);
  EXPECT_GE(window->Pos.x, 0);
  EXPECT_GE(window->Pos.y, 0);
  EXPECT_LE(window->Pos.x + window->Size.x, GetParam().width);
  EXPECT_LE(window->Pos.y + window->Size.y, GetParam().height);
  EXPECT_LE(window->ContentSize.y, window->Size.y) << "the page scrolls, the buttons stay";
  int seen = 0;
  for (const auto& text : placed_) {
    if (text.panel != "system check") continue;
    ++seen;
    EXPECT_GE(text.area.min.x, text.clip.min.x) << text.text;
    EXPECT_LE(text.area.max.x, text.clip.max.x) << text.text;
  }
  EXPECT_GE(seen, 6);
  // The wheel brings the end into sight.
  ImGui::GetIO().MousePos = {window->Pos.x + window->Size.x / 2,
                             window->Pos.y + window->Size.y / 2};
  view_.system_check.report.sections.back().rows.push_back({"The end", "of the page"});
  frames(view_, 2);
  EXPECT_FALSE(shows("The end"));
  for (int i = 0; i < 100 && !shows("The end"); ++i) {
    ImGui::GetIO().MouseWheel = -5;
    frame(view_);
  }
  EXPECT_TRUE(shows("The end"));
}

INSTANTIATE_TEST_SUITE_P(Windows, SystemCheckSizes,
                         ::testing::Values(WindowSize{900, 600, 1}, WindowSize{1280, 800, 1},
                                           WindowSize{1800, 1200, 2}, WindowSize{2560, 1600, 2},
                                           WindowSize{640, 360, 1}));

}  // namespace
}  // namespace mien::ui
