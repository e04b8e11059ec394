#include "dialog.hpp"

#include <algorithm>

namespace mien {
namespace {

bool colored_button(const char* words, float width, ImU32 ground, ImU32 hovered, ImU32 active) {
  ImGui::PushStyleColor(ImGuiCol_Button, ground);
  ImGui::PushStyleColor(ImGuiCol_ButtonHovered, hovered);
  ImGui::PushStyleColor(ImGuiCol_ButtonActive, active);
  const bool clicked = ImGui::Button(words, {width, 0});
  ImGui::PopStyleColor(3);
  return clicked;
}

}  // namespace

bool begin_dialog(PanelContext& context, const char* name, bool open, ImVec2 size) {
  const auto& theme = context.theme;
  const auto& window = context.layout.window;
  if (open && !ImGui::IsPopupOpen(name)) ImGui::OpenPopup(name);
  ImGui::SetNextWindowPos({window.width() / 2, window.height() / 2}, ImGuiCond_Always,
                          {0.5f, 0.5f});
  ImGui::SetNextWindowSize(
      {std::min(size.x, window.width() - theme.px(60)),
       size.y == 0 ? 0 : std::min(size.y, window.height() - theme.px(60))});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(theme.px(24), theme.px(20)));
  const bool shown =
      ImGui::BeginPopupModal(name, nullptr,
                             ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                 ImGuiWindowFlags_NoSavedSettings);
  ImGui::PopStyleVar();
  return shown;
}

void dialog_title(const Theme& theme, const char* words) {
  ImGui::PushFont(theme.title);
  ImGui::TextUnformatted(words);
  ImGui::PopFont();
}

void dialog_heading(const Theme& theme, const char* words) {
  ImGui::Dummy({0, theme.px(2)});
  ImGui::PushFont(theme.semibold);
  ImGui::TextUnformatted(words);
  ImGui::PopFont();
}

void dialog_text(const Theme& theme, const std::string& words) {
  ImGui::PushFont(theme.small);
  ImGui::PushStyleColor(ImGuiCol_Text, theme.colors.soft);
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(words.c_str());
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

bool primary_button(const Theme&, const char* words, float width) {
  return colored_button(words, width, IM_COL32(0x2f, 0x6d, 0xa3, 255),
                        IM_COL32(0x38, 0x7d, 0xb9, 255), IM_COL32(0x41, 0x8b, 0xca, 255));
}

bool alarming_button(const Theme&, const char* words, float width) {
  return colored_button(words, width, IM_COL32(0x9c, 0x34, 0x2c, 255),
                        IM_COL32(0xb5, 0x40, 0x37, 255), IM_COL32(0xc9, 0x4c, 0x42, 255));
}

void close_button(const Theme& theme) {
  const float width = theme.px(76);
  ImGui::SetCursorPosX(ImGui::GetWindowContentRegionMax().x - width);
  if (ImGui::Button("Close", {width, 0})) ImGui::CloseCurrentPopup();
}

}  // namespace mien
