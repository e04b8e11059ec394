#include <algorithm>

#include "keys.hpp"
#include "panels.hpp"
#include "pen.hpp"
#include "ui_state.hpp"

namespace mien::ui {
namespace {

constexpr const char* kHelpPopup = "##help";

constexpr const char* kLimits =
    "mien reads what a face shows, not what a person feels. People smile when they are not "
    "happy "
    "and are happy without a smile; a still face is not an empty one. Light, angle, glasses, "
    "age "
    "and skin tone change how well it reads, and it is often wrong about rare expressions such "
    "as "
    "fear, disgust and contempt. When no expression is likely enough it says “not sure”. Do "
    "not "
    "use it to judge anybody: in the EU, inferring emotions at work and in schools is "
    "forbidden.";

constexpr const char* kPrivacy =
    "Everything is computed on this machine. No picture leaves it, and nothing is kept unless "
    "you record or save.";

constexpr const char* kAbout =
    "Made with OpenCV (Apache-2.0), Dear ImGui (MIT), GLFW (zlib), FFmpeg (LGPL/GPL), FreeType "
    "(FTL), the Inter typeface (OFL-1.1) and BlazeFace (Apache-2.0). Demo: astronaut Eileen "
    "Collins, NASA, public domain. The licences and each model's card lie in the program's "
    "folder.";

void heading(const Theme& theme, const char* text) {
  ImGui::Dummy({0, theme.px(4)});
  ImGui::PushFont(theme.semibold);
  ImGui::TextUnformatted(text);
  ImGui::PopFont();
}

void paragraph(const Theme& theme, const char* text) {
  ImGui::PushFont(theme.small);
  ImGui::PushStyleColor(ImGuiCol_Text, theme.colors.soft);
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(text);
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

void draw_keys(PanelContext& context) {
  const auto& theme = context.theme;
  Pen pen(context, "help", ImGui::GetWindowDrawList());
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float row = theme.px(25);
  const auto keys = key_help();
  const std::size_t rows = (keys.size() + 1) / 2;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const float x = origin.x + (i < rows ? 0 : width / 2);
    const float y = origin.y + row * static_cast<float>(i % rows);
    const float key_width = text_width(theme.small, keys[i].keys) + theme.px(14);
    const float key_height = theme.px(21);
    pen.list()->AddRectFilled({x, y}, {x + key_width, y + key_height}, theme.colors.track,
                              theme.px(5));
    pen.text(theme.small, {x + theme.px(7), y + (key_height - font_height(theme.small)) / 2},
             theme.colors.text, keys[i].keys);
    const float left = x + theme.px(74);
    pen.text(theme.small, {left, y + (key_height - font_height(theme.small)) / 2},
             theme.colors.soft,
             elide(theme.small, keys[i].what, x + width / 2 - left - theme.px(8)));
  }
  ImGui::Dummy({width, row * static_cast<float>(rows)});
}

}  // namespace

void draw_help_panel(PanelContext& context) {
  auto& state = context.state;
  const auto& theme = context.theme;
  const auto& window = context.layout.window;
  if (state.help_wanted) ImGui::OpenPopup(kHelpPopup);
  state.help_wanted = false;
  const ImVec2 size{std::min(theme.px(660), window.width() - theme.px(60)),
                    std::min(theme.px(650), window.height() - theme.px(60))};
  ImGui::SetNextWindowPos({window.width() / 2, window.height() / 2}, ImGuiCond_Always,
                          {0.5F, 0.5F});
  ImGui::SetNextWindowSize(size);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(theme.px(26), theme.px(20)));
  state.help_open = ImGui::BeginPopupModal(
      kHelpPopup, nullptr,
      ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove |
          ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoSavedSettings);
  ImGui::PopStyleVar();
  if (!state.help_open) return;
  ImGui::PushFont(theme.title);
  ImGui::TextUnformatted("mien");
  ImGui::PopFont();
  ImGui::SameLine();
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() + theme.px(8));
  ImGui::TextDisabled("%s", context.view.version.c_str());
  heading(theme, "Keys");
  draw_keys(context);
  heading(theme, "What it cannot tell");
  paragraph(theme, kLimits);
  heading(theme, "Private");
  paragraph(theme, kPrivacy);
  heading(theme, "About");
  paragraph(theme, kAbout);
  const bool outside = ImGui::IsMouseClicked(0) && !ImGui::IsWindowAppearing() &&
                       !ImGui::IsWindowHovered(ImGuiHoveredFlags_RootAndChildWindows);
  if (outside) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
}

}  // namespace mien::ui
