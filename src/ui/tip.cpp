#include "tip.hpp"

#include <algorithm>

namespace mien {

void draw_tip_lines(PanelContext& context, const std::vector<TipLine>& lines) {
  const auto& theme = context.theme;
  float words = 0;
  float numbers = 0;
  for (const auto& line : lines) {
    words = std::max(words, text_width(theme.small, line.words));
    numbers = std::max(numbers, number_width(theme.small, line.number));
  }
  const float row = font_height(theme.small) + theme.px(2);
  const float width = theme.px(14) + words + (numbers > 0 ? theme.px(14) + numbers : 0);
  ImGui::BeginTooltip();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::Dummy({width, row * static_cast<float>(lines.size())});
  Pen pen(context, "tip", ImGui::GetWindowDrawList());
  float y = at.y;
  for (const auto& line : lines) {
    pen.list()->AddCircleFilled({at.x + theme.px(4), y + font_height(theme.small) / 2},
                                theme.px(3), line.color);
    pen.text(theme.small, {at.x + theme.px(14), y}, theme.colors.text, line.words);
    pen.number_right(theme.small, at.x + width, y, theme.colors.text, line.number);
    y += row;
  }
  ImGui::EndTooltip();
}

}  // namespace mien
