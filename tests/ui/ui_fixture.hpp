#pragma once

#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <imgui_internal.h>

#include "mien/base/labels.hpp"
#include "mien/base/movements.hpp"
#include "mien/base/reading.hpp"
#include "mien/ui/ui.hpp"

namespace mien::ui {

/// A moment of a session with that many faces, as the panels see it.
inline ViewModel sample_view(int faces, const std::string& name = "HD Pro Webcam C920") {
  auto labels = std::make_shared<std::vector<std::string>>();
  for (const auto label : base::canonical_labels()) labels->emplace_back(label);
  auto frame = std::make_shared<base::Frame>();
  frame->image = cv::Mat(720, 1280, CV_8UC3, cv::Scalar::all(90));
  auto analysis = std::make_shared<base::AnalyzedFrame>();
  analysis->frame = frame;
  analysis->labels = labels;
  for (int i = 0; i < faces; ++i) {
    base::FaceReading reading;
    reading.person = i + 1;
    reading.face.box = cv::Rect2f(static_cast<float>(20 + 200 * (i % 6)),
                                  static_cast<float>(20 + 140 * (i / 6)), 110, 120);
    const bool sure = i % 3 != 1;
    const auto main = static_cast<std::size_t>(i % 8);
    reading.smoothed.assign(8, sure ? 0.02F : 0.1F);
    reading.smoothed[main] = sure ? 0.86F : 0.3F;
    reading.raw = reading.smoothed;
    reading.verdict = {static_cast<int>(main), reading.smoothed[main],
                       sure ? base::Doubt::none : base::Doubt::low_probability};
    reading.valence = i % 2 == 0 ? 0.94F : -0.31F;
    analysis->readings.push_back(reading);
  }
  ViewModel view;
  view.picture = 77;
  view.picture_size = frame->image.size();
  view.analysis = analysis;
  view.status.state = analysis::LiveStatus::State::running;
  view.status.source = {.spec = "/dev/v4l/by-id/c920",
                        .name = name,
                        .kind = "camera",
                        .size = {1280, 720},
                        .fps = 30,
                        .format = "MJPG",
                        .live = true,
                        .frame_count = {}};
  view.status.model_id = "mien-base";
  view.status.model_name = "mien base";
  view.status.detector_id = "blazeface";
  view.status.capture_fps = 30;
  view.status.analysis_fps = 29.9;
  view.status.times.total = 12.34;
  view.status.analysed = view.status.captured = 1000;
  view.status.dropped = 3;
  view.latency_ms = 41;
  sources::CameraInfo camera;
  camera.device = "/dev/video0";
  camera.stable_path = "/dev/v4l/by-id/c920";
  camera.name = name;
  camera.modes = {{{1280, 720}, 30, "MJPG"}, {{640, 480}, 30, "YUYV"}};
  view.cameras = {camera};
  camera.index = 1;
  camera.device = "/dev/video2";
  camera.stable_path = "/dev/v4l/by-id/second";
  camera.name = "Integrated Webcam";
  view.cameras.push_back(camera);
  view.cameras_known = true;
  view.models = {{"mien-base", "mien base", ""}, {"other", "Another model", ""}};
  view.landmarks = {{"face-mesh", "Face mesh", ""}};
  view.detectors = {{"blazeface", "BlazeFace short range", ""}, {"haar", "Haar cascade", ""}};
  view.sessions_folder = "/home/ada/Videos/mien";
  view.version = "0.1.0";
  return view;
}

/// The same moment with what was measured on the faces: the first one is turned, the second has
/// its eyes closed, and of every third one there is no mesh.
inline void measure_faces(ViewModel& view) {
  auto analysis = std::make_shared<base::AnalyzedFrame>(*view.analysis);
  analysis->landmarks_id = view.status.landmarks_id = "face-mesh";
  for (std::size_t i = 0; i < analysis->readings.size(); ++i) {
    auto& geometry = analysis->readings[i].geometry.emplace();
    geometry.eyes.blinks = 12;
    geometry.eyes.observed_seconds = 40;
    if (i % 3 == 2) {
      geometry.doubt = base::MeshDoubt::cut_off;
      continue;
    }
    geometry.mesh.presence = 1;
    const auto& box = analysis->readings[i].face.box;
    for (int point = 0; point < base::kMeshPoints; ++point) {
      geometry.mesh.points.emplace_back(box.x + static_cast<float>(point % 20) * 5,
                                        box.y + static_cast<float>(point / 20) * 5, 0.F);
    }
    geometry.mesh.lines = std::make_shared<const std::vector<std::pair<int, int>>>(
        std::vector<std::pair<int, int>>{{0, 1}, {1, 21}, {21, 0}});
    geometry.pose = base::HeadPose{-5, 34, 12, {0, 0, 600}};
    geometry.movements.assign(base::movements().size(), 0.5F);
    geometry.movements.back() = std::nanf("");
    geometry.eyes.closed = i % 3 == 1;
    geometry.eyes.opening = geometry.eyes.closed ? 0.3F : 1;
    if (!geometry.eyes.closed && i > 0) geometry.towards_camera = false;
  }
  view.analysis = analysis;
}

/// Headless ImGui: a font atlas and no backend. Time goes 1/60 s with every frame.
class UiTest : public ::testing::Test {
 protected:
  void open(float width, float height, float scale) {
    ImGui::CreateContext();
    auto& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {width, height};
    io.DeltaTime = 1.0F / 60;
#if IMGUI_VERSION_NUM < 18700
    // As the GLFW backend maps them.
    io.KeyMap[ImGuiKey_Tab] = static_cast<int>(Key::tab);
    io.KeyMap[ImGuiKey_Enter] = static_cast<int>(Key::enter);
    io.KeyMap[ImGuiKey_Escape] = static_cast<int>(Key::escape);
    io.KeyMap[ImGuiKey_Backspace] = static_cast<int>(Key::backspace);
    io.KeyMap[ImGuiKey_A] = 'A';
#endif
    theme_ = build_theme(scale, 1, std::filesystem::path(MIEN_SOURCE_DIR) / "assets" / "fonts");
  }
  void TearDown() override {
    if (ImGui::GetCurrentContext() != nullptr) ImGui::DestroyContext();
  }

  /// One redraw. Notices of `view` are given once.
  const std::vector<Action>& frame(ViewModel& view) {
    placed_.clear();
    ImGui::NewFrame();
    result_ = ui_.draw(view, theme_, placed_);
    ImGui::Render();
    view.notices.clear();
    return result_.actions;
  }
  /// Several; returns all that was asked for.
  std::vector<Action> frames(ViewModel& view, int count) {
    std::vector<Action> all;
    for (int i = 0; i < count; ++i) {
      for (const auto& action : frame(view)) all.push_back(action);
    }
    return all;
  }
  /// Presses and releases a key.
  std::vector<Action> press(ViewModel& view, char symbol) {
    return press(view, key_of(symbol));
  }
  std::vector<Action> press(ViewModel& view, Key key) {
    set_key(key, true);
    auto asked = frames(view, 2);
    set_key(key, false);
    for (const auto& action : frames(view, 1)) asked.push_back(action);
    return asked;
  }
  std::vector<Action> click(ViewModel& view, ImVec2 at, int times = 1) {
    auto& io = ImGui::GetIO();
    io.MousePos = at;
    std::vector<Action> asked = frames(view, 2);
    for (int i = 0; i < times; ++i) {
      io.MouseDown[0] = true;
      for (const auto& action : frames(view, 2)) asked.push_back(action);
      io.MouseDown[0] = false;
      for (const auto& action : frames(view, 2)) asked.push_back(action);
    }
    return asked;
  }
  /// The middle of the first place within `within` at which the last redraw has these words,
  /// ASCII, as a reader sees them: menus are ImGui's own and tell nobody what they hold.
  static std::optional<ImVec2> drawn(std::string words, const ImRect& within) {
    std::erase(words, ' ');
    const ImDrawData* data = ImGui::GetDrawData();
    for (const ImFont* font : ImGui::GetIO().Fonts->Fonts) {
      for (int list = 0; list < data->CmdListsCount; ++list) {
        const auto& points = data->CmdLists[list]->VtxBuffer;
        // A letter is a square of four points with its place in the font's picture.
        const int last = points.Size - 4 * static_cast<int>(words.size());
        for (int i = 0; i <= last; ++i) {
          if (!within.Contains(points[i].pos)) continue;
          bool same = true;
          for (std::size_t letter = 0; same && letter < words.size(); ++letter) {
            const auto* glyph = font->FindGlyph(static_cast<ImWchar>(words[letter]));
            const ImVec2 at = points[i + 4 * static_cast<int>(letter)].uv;
            same = glyph != nullptr && at.x == glyph->U0 && at.y == glyph->V0;
          }
          if (!same) continue;
          const ImVec2 begin = points[i].pos;
          const ImVec2 end = points[i + 4 * static_cast<int>(words.size()) - 2].pos;
          return ImVec2((begin.x + end.x) / 2, (begin.y + end.y) / 2);
        }
      }
    }
    return std::nullopt;
  }
  /// Opens a menu of the bar by its word.
  std::vector<Action> open_menu(ViewModel& view, const std::string& word) {
    frames(view, 2);
    const float bar = 2 * ImGui::GetFontSize();
    const auto at = drawn(word, {{0, 0}, {ImGui::GetIO().DisplaySize.x, bar}});
    EXPECT_TRUE(at) << "no menu " << word;
    auto asked = at ? click(view, *at) : std::vector<Action>{};
    EXPECT_GT(GImGui->OpenPopupStack.Size, 0) << "the menu " << word << " did not open";
    return asked;
  }
  /// Clicks an item of the menu that is open, by its words.
  std::vector<Action> choose(ViewModel& view, const std::string& words) {
    if (GImGui->OpenPopupStack.Size == 0) return {};
    frames(view, 2);
    const auto at = drawn(words, GImGui->OpenPopupStack.back().Window->Rect());
    EXPECT_TRUE(at) << "the menu has no item " << words;
    return at ? click(view, *at) : std::vector<Action>{};
  }
  bool shows(const std::string& words) const { return find(words) != nullptr; }
  const PlacedText* find(const std::string& words) const {
    for (const auto& text : placed_) {
      if (text.text.find(words) != std::string::npos) return &text;
    }
    return nullptr;
  }

  Theme theme_;
  Ui ui_;
  Ui::Result result_;
  std::vector<PlacedText> placed_;
};

/// The actions of one kind among those asked for.
template <typename Kind>
std::vector<Kind> only(const std::vector<Action>& actions) {
  std::vector<Kind> found;
  for (const auto& action : actions) {
    if (const auto* one = std::get_if<Kind>(&action)) found.push_back(*one);
  }
  return found;
}

}  // namespace mien::ui
