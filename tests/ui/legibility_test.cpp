// Draws the whole window without a display and looks where every text came to lie.

#include <gmock/gmock.h>
#include <imgui_internal.h>

#include "ui/ui_fixture.hpp"

namespace mien::ui {
namespace {

struct Size {
  float width, height, scale;
};

bool inside(const Area& inner, const Area& outer) {
  constexpr float kSlack = 1.01F;  // text is placed on whole pixels
  return inner.min.x >= outer.min.x - kSlack && inner.min.y >= outer.min.y - kSlack &&
         inner.max.x <= outer.max.x + kSlack && inner.max.y <= outer.max.y + kSlack;
}

bool overlap(const Area& a, const Area& b) {
  constexpr float kSlack = 1.5F;
  return a.min.x + kSlack < b.max.x && b.min.x + kSlack < a.max.x &&
         a.min.y + kSlack < b.max.y && b.min.y + kSlack < a.max.y;
}

/// What of a text can be seen: rows of a list that scrolls are cut at its end.
Area seen(const PlacedText& text) {
  return {
      {std::max(text.area.min.x, text.clip.min.x), std::max(text.area.min.y, text.clip.min.y)},
      {std::min(text.area.max.x, text.clip.max.x), std::min(text.area.max.y, text.clip.max.y)}};
}

const Area* panel_area(const Layout& layout, const std::string& panel) {
  if (panel == "menu") return &layout.menu;
  if (panel == "status") return &layout.status;
  if (panel == "people") return &layout.people;
  if (panel == "timeline") return &layout.timeline;
  if (panel == "picture" || panel == "notices") return &layout.picture;
  return &layout.window;
}

class Legibility : public UiTest, public ::testing::WithParamInterface<Size> {
 protected:
  void SetUp() override { open(GetParam().width, GetParam().height, GetParam().scale); }

  void expect_legible(const ViewModel& view) {
    const auto layout = compute_layout(ImGui::GetIO().DisplaySize, theme_.scale, view.settings);
    for (const auto& text : placed_) {
      const Area& area = *panel_area(layout, text.panel);
      EXPECT_GE(text.area.min.x, area.min.x - 1) << text.panel << ": " << text.text;
      EXPECT_LE(text.area.max.x, area.max.x + 1) << text.panel << ": " << text.text;
      // Cards and lanes that scroll may lie below the panel's end, where they are clipped.
      if (text.panel != "people") {
        EXPECT_TRUE(inside(text.panel == "timeline" ? seen(text) : text.area, area))
            << text.panel << ": " << text.text;
      }
      EXPECT_GE(text.clip.min.x, area.min.x - 1);
      EXPECT_LE(text.clip.max.y, area.max.y + 1);
    }
    for (std::size_t i = 0; i < placed_.size(); ++i) {
      // Faces that overlap have tags that may; everything else keeps apart.
      if (placed_[i].panel == "picture") continue;
      for (std::size_t j = i + 1; j < placed_.size(); ++j) {
        if (placed_[j].panel != placed_[i].panel) continue;
        EXPECT_FALSE(overlap(seen(placed_[i]), seen(placed_[j])))
            << placed_[i].panel << ": " << placed_[i].text << " / " << placed_[j].text;
      }
    }
    const ImDrawData* drawn = ImGui::GetDrawData();
    ASSERT_TRUE(drawn->Valid);
    EXPECT_GT(drawn->TotalVtxCount, 200);
  }
};

TEST_P(Legibility, NothingLeavesItsPanelOrLiesOverAnother) {
  for (const int faces : {0, 1, 2, 5, 30}) {
    auto view = sample_view(faces);
    frames(view, 60);
    SCOPED_TRACE(faces);
    expect_legible(view);
    EXPECT_TRUE(shows("all local"));
    if (faces == 0) {
      EXPECT_TRUE(shows("No face in view"));
    } else {
      EXPECT_TRUE(shows("P1"));
      EXPECT_TRUE(shows("86%"));
    }
  }
}

TEST_P(Legibility, WhatIsSent) {
  auto view = sample_view(2);
  view.outputs = {{.word = "osc", .name = "OSC"}, {.word = "web", .name = "Web"}};
  view.outputs[0].state = OutputView::State::sending;
  view.outputs[1].state = OutputView::State::failed;
  view.outputs[1].problem = "The port 8080 is taken; choose another one.";
  view.recording.active = true;
  view.recording.seconds_left = 100;
  frames(view, 60);
  expect_legible(view);
  EXPECT_TRUE(shows("sending: OSC"));
}

TEST_P(Legibility, LanesAndCardsOfManyPeople) {
  for (const int faces : {0, 1, 5, 20, 30}) {
    SCOPED_TRACE(faces);
    auto view = sample_view(faces);
    view.settings.timeline_lanes = true;
    for (int i = 0; i < 200; ++i) {
      view.analysis = std::make_shared<base::AnalyzedFrame>(*view.analysis);
      frame(view);
    }
    expect_legible(view);
    if (faces > 0) {
      EXPECT_TRUE(shows("P1"));
    }
  }
}

TEST_P(Legibility, CalibratedPeopleWithLongNames) {
  auto view = sample_view(2);
  view.kept_people = {"Ada", "Bob"};
  auto analysis = std::make_shared<base::AnalyzedFrame>(*view.analysis);
  for (const auto state :
       {base::Calibration::none, base::Calibration::collecting, base::Calibration::set}) {
    for (auto& reading : analysis->readings) reading.calibration = state;
    view.analysis = std::make_shared<base::AnalyzedFrame>(*analysis);
    frames(view, 30);
    expect_legible(view);
  }
  ASSERT_TRUE(shows("Rename"));
  const Area rename = find("Rename")->area;
  click(view, {(rename.min.x + rename.max.x) / 2, (rename.min.y + rename.max.y) / 2});
  frames(view, 3);
  ImGui::GetIO().AddInputCharactersUTF8("Adelaide Wilhelmina Countess of Somewhere Far Away");
  frames(view, 2);
  const auto named = only<action::NamePerson>(press(view, Key::enter));  // Enter
  ASSERT_EQ(named.size(), 1u);
  view.names[named[0].person] = named[0].name;
  press(view, 'M');
  frames(view, 3);
  ImGui::GetIO().AddInputCharactersUTF8("a marker with a text that is longer than any strip");
  frames(view, 2);
  press(view, Key::enter);
  frames(view, 60);
  expect_legible(view);
  EXPECT_TRUE(shows("Adelaide"));
  EXPECT_TRUE(shows("a marker"));
}

TEST_P(Legibility, LongNamesAreShortened) {
  const std::string name =
      "A camera whose maker thought that a name cannot be long enough, Ünïcödé edition № 12345";
  auto view = sample_view(2, name);
  view.status.model_name =
      "A model with a name that goes on and on and on and on and on and on";
  auto labels = std::make_shared<std::vector<std::string>>(
      8, "an-expression-with-an-unreasonably-long-name");
  auto analysis = std::make_shared<base::AnalyzedFrame>(*view.analysis);
  analysis->labels = labels;
  view.analysis = analysis;
  view.recording.active = true;
  view.recording.seconds = 761;
  view.recording.bytes = 214'000'000;
  frames(view, 30);
  expect_legible(view);
  EXPECT_TRUE(shows("REC 00:12:41 · 214 MB"));
  EXPECT_TRUE(shows("…"));
  EXPECT_FALSE(shows("edition № 12345 · 1280"));
}

TEST_P(Legibility, NoticesAndTheHintStayInThePicture) {
  auto view = sample_view(1);
  view.cameras.clear();
  view.status.source.kind = "demo";
  view.notices = {{base::Notice::Level::error,
                   "The video clip.mp4 cannot be read: it has no pictures in it; "
                   "choose another file in the Source menu, or convert it first."},
                  {base::Notice::Level::info, "Short."}};
  frames(view, 40);
  expect_legible(view);
  const auto* hint = find("no camera was found");
  const auto* notice = find("The video clip.mp4");
  ASSERT_NE(hint, nullptr);
  ASSERT_NE(notice, nullptr);
  EXPECT_FALSE(overlap(hint->area, notice->area));
  EXPECT_FALSE(overlap(hint->area, find("Short.")->area));
}

TEST_P(Legibility, DialogsAboutSessionsFit) {
  auto view = sample_view(1);
  sessions::SessionEntry session;
  session.folder = "/home/ada/Videos/mien/2026-11-22_07-15-00";
  session.started = std::chrono::system_clock::from_time_t(1'795'332'900);
  session.seconds = 36'000;
  session.people = 12;
  session.bytes = 21'400'000'000;
  session.source = "A camera whose maker thought that a name cannot be long enough";
  session.video = true;
  for (int i = 0; i < 40; ++i) {
    view.sessions.push_back(session);
    session.folder += "_2";
    session.state = static_cast<sessions::SessionEntry::State>(i % 3);
  }
  view.sessions_known = true;
  press(view, 'L');
  frames(view, 10);
  expect_legible(view);
  EXPECT_TRUE(shows("10:00:00"));
  press(view, Key::escape);
  // ImGui lays these out itself: they must lie inside the window.
  const auto expect_inside = [] {
    const ImGuiWindow* dialog = ImGui::GetTopMostPopupModal();
    ASSERT_NE(dialog, nullptr);
    EXPECT_GE(dialog->Pos.y, 0);
    EXPECT_LE(dialog->Pos.y + dialog->Size.y, ImGui::GetIO().DisplaySize.y);
    EXPECT_LE(dialog->ContentSize.x, dialog->Size.x);
    EXPECT_LE(dialog->ContentSize.y, dialog->Size.y);
  };
  view.broken_session = view.sessions[1];
  frames(view, 10);
  expect_inside();
  view.broken_session.reset();
  view.first_run = true;
  frames(view, 10);
  expect_inside();
}

TEST_P(Legibility, TeachingFits) {
  auto view = sample_view(3);
  press(view, 'F');
  frames(view, 10);
  expect_legible(view);
  EXPECT_TRUE(shows("no example yet"));
  auto& teaching = view.teaching;
  for (int i = 0; i < 7; ++i) {
    teaching.labels.push_back(
        {"a look that has a very long name " + std::to_string(i), 12345, 12});
  }
  teaching.thumbnails = 99;
  teaching.thumbnail_grid = {12, 7};
  teaching.saved = {{"My-face", "My face", ""}};
  teaching.result = TeachingView::TrainingResult{.id = "mine",
                                                 .name = std::string(60, 'w'),
                                                 .labels = 2,
                                                 .accuracy = 0.5,
                                                 .shown = teaching.labels[0].name,
                                                 .answered = teaching.labels[1].name,
                                                 .mistaken = 0.8};
  frames(view, 10);
  expect_legible(view);
  EXPECT_TRUE(shows("12345 examples"));
  view.analysis = std::make_shared<base::AnalyzedFrame>(*sample_view(1).analysis);
  set_key(key_of('9'), true);
  for (const char* problem :
       {"",
        "The label \"a look that has a very long name that goes on\" has one "
        "example only; two are the least, ten are good."}) {
    teaching.problem = problem;
    frames(view, 4);
    expect_legible(view);
  }
  EXPECT_TRUE(shows("Taking"));
  teaching.state = TeachingView::State::training;
  frames(view, 4);
  expect_legible(view);
}

TEST_P(Legibility, WhatIsMeasuredFits) {
  for (const int faces : {1, 2, 3, 5, 30}) {
    SCOPED_TRACE(faces);
    auto view = sample_view(faces);
    measure_faces(view);
    frames(view, 30);
    expect_legible(view);
    if (faces < 3) {
      EXPECT_TRUE(shows("yaw +34° · pitch −5°"));
      EXPECT_TRUE(shows("12 blinks"));
    }
    view.settings.show_movements = true;
    view.settings.show_pose = true;
    view.settings.mesh = "lines";
    for (const auto& curve : {"valence", "yaw", "pitch", "blinks", "jaw_drop", "mouth_width",
                              "corner_height_right", "brow_inner_left"}) {
      view.settings.curves.emplace_back(curve);
    }
    frames(view, 30);
    expect_legible(view);
    if (faces == 1) {
      EXPECT_TRUE(shows("mouth corner up"));
      EXPECT_TRUE(shows("jaw down"));
    }
  }
}

TEST_P(Legibility, HelpFits) {
  auto view = sample_view(1);
  press(view, Key::f1);
  frames(view, 10);
  expect_legible(view);
  EXPECT_TRUE(shows("next camera"));
  EXPECT_TRUE(shows("F11"));
}

INSTANTIATE_TEST_SUITE_P(Sizes, Legibility,
                         ::testing::Values(Size{900, 600, 1}, Size{1280, 800, 1},
                                           Size{1350, 900, 1.5F}, Size{1800, 1200, 2},
                                           Size{2560, 1600, 2}, Size{3840, 2160, 1}),
                         [](const auto& size) {
                           return std::to_string(static_cast<int>(size.param.width)) + "x" +
                                  std::to_string(static_cast<int>(size.param.height)) + "at" +
                                  std::to_string(static_cast<int>(10 * size.param.scale));
                         });

}  // namespace
}  // namespace mien::ui
