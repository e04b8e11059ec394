#include "chip.hpp"

namespace mien {

ImVec2 chip_size(const Theme& theme, std::string_view words) {
  return {text_width(theme.small, words) + theme.px(18),
          font_height(theme.small) + theme.px(6)};
}

bool chip(Pen& pen, const Theme& theme, const char* id, std::string_view words, ImVec2 at,
          bool on, float alpha) {
  const ImVec2 size = chip_size(theme, words);
  ImGui::SetCursorScreenPos(at);
  const bool clicked = ImGui::InvisibleButton(id, size);
  ImU32 ground = theme.colors.track;
  if (on) ground = ImGui::GetColorU32(ImGuiCol_HeaderActive);
  if (ImGui::IsItemHovered()) ground = ImGui::GetColorU32(ImGuiCol_ButtonHovered);
  if (ImGui::IsItemActive()) ground = ImGui::GetColorU32(ImGuiCol_ButtonActive);
  pen.list()->AddRectFilled(at, {at.x + size.x, at.y + size.y}, faded(ground, alpha),
                            theme.px(6));
  pen.text(theme.small, {at.x + theme.px(9), at.y + theme.px(3)},
           faded(on ? theme.colors.accent : theme.colors.text, alpha), words);
  return clicked;
}

}  // namespace mien
