#include "widgets.hpp"

#include <algorithm>

namespace mien::ui {

ImVec2 small_button_size(const Theme& theme, std::string_view text) {
  return {text_width(theme.small, text) + theme.px(18), font_height(theme.small) + theme.px(6)};
}

bool small_button(Pen& pen, const Theme& theme, const char* id, std::string_view text,
                  ImVec2 at, bool on, float alpha) {
  const ImVec2 size = small_button_size(theme, text);
  ImGui::SetCursorScreenPos(at);
  const bool clicked = ImGui::InvisibleButton(id, size);
  ImU32 ground = theme.colors.track;
  if (on) ground = ImGui::GetColorU32(ImGuiCol_HeaderActive);
  if (ImGui::IsItemHovered()) ground = ImGui::GetColorU32(ImGuiCol_ButtonHovered);
  if (ImGui::IsItemActive()) ground = ImGui::GetColorU32(ImGuiCol_ButtonActive);
  pen.list()->AddRectFilled(at, {at.x + size.x, at.y + size.y}, faded(ground, alpha),
                            theme.px(6));
  pen.text(theme.small, {at.x + theme.px(9), at.y + theme.px(3)},
           faded(on ? theme.colors.accent : theme.colors.text, alpha), text);
  return clicked;
}

void draw_tooltip(PanelContext& context, const std::vector<TooltipLine>& lines) {
  const auto& theme = context.theme;
  float text = 0;
  float numbers = 0;
  for (const auto& line : lines) {
    text = std::max(text, text_width(theme.small, line.text));
    numbers = std::max(numbers, number_width(theme.small, line.number));
  }
  const float row = font_height(theme.small) + theme.px(2);
  const float width = theme.px(14) + text + (numbers > 0 ? theme.px(14) + numbers : 0);
  ImGui::BeginTooltip();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::Dummy({width, row * static_cast<float>(lines.size())});
  Pen pen(context, "tip", ImGui::GetWindowDrawList());
  float y = at.y;
  for (const auto& line : lines) {
    pen.list()->AddCircleFilled({at.x + theme.px(4), y + font_height(theme.small) / 2},
                                theme.px(3), line.color);
    pen.text(theme.small, {at.x + theme.px(14), y}, theme.colors.text, line.text);
    pen.number_right(theme.small, at.x + width, y, theme.colors.text, line.number);
    y += row;
  }
  ImGui::EndTooltip();
}

namespace {

bool colored_button(const char* text, float width, ImU32 ground, ImU32 hovered, ImU32 active) {
  ImGui::PushStyleColor(ImGuiCol_Button, ground);
  ImGui::PushStyleColor(ImGuiCol_ButtonHovered, hovered);
  ImGui::PushStyleColor(ImGuiCol_ButtonActive, active);
  const bool clicked = ImGui::Button(text, {width, 0});
  ImGui::PopStyleColor(3);
  return clicked;
}

}  // namespace

bool begin_dialog(PanelContext& context, const char* name, bool open, ImVec2 size) {
  const auto& theme = context.theme;
  const auto& window = context.layout.window;
  if (open && !ImGui::IsPopupOpen(name)) ImGui::OpenPopup(name);
  ImGui::SetNextWindowPos({window.width() / 2, window.height() / 2}, ImGuiCond_Always,
                          {0.5F, 0.5F});
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

void dialog_title(const Theme& theme, const char* text) {
  ImGui::PushFont(theme.title);
  ImGui::TextUnformatted(text);
  ImGui::PopFont();
}

void dialog_heading(const Theme& theme, const char* text) {
  ImGui::Dummy({0, theme.px(2)});
  ImGui::PushFont(theme.semibold);
  ImGui::TextUnformatted(text);
  ImGui::PopFont();
}

void dialog_text(const Theme& theme, const std::string& text) {
  ImGui::PushFont(theme.small);
  ImGui::PushStyleColor(ImGuiCol_Text, theme.colors.soft);
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(text.c_str());
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

bool primary_button(const Theme&, const char* text, float width) {
  return colored_button(text, width, IM_COL32(0x2f, 0x6d, 0xa3, 255),
                        IM_COL32(0x38, 0x7d, 0xb9, 255), IM_COL32(0x41, 0x8b, 0xca, 255));
}

bool destructive_button(const Theme&, const char* text, float width) {
  return colored_button(text, width, IM_COL32(0x9c, 0x34, 0x2c, 255),
                        IM_COL32(0xb5, 0x40, 0x37, 255), IM_COL32(0xc9, 0x4c, 0x42, 255));
}

void close_button(const Theme& theme) {
  const float width = theme.px(76);
  ImGui::SetCursorPosX(ImGui::GetWindowContentRegionMax().x - width);
  if (ImGui::Button("Close", {width, 0})) ImGui::CloseCurrentPopup();
}

}  // namespace mien::ui
