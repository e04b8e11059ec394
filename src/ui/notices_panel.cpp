#include "notices_panel.hpp"

#include <algorithm>

#include "mien/base/log.hpp"

#include "panels.hpp"
#include "pen.hpp"
#include "ui_state.hpp"

namespace mien::ui {
namespace {

constexpr double kSlide = 0.22;
constexpr double kFade = 0.5;
constexpr std::size_t kMaxNotices = 4;

double reading_time(const base::Notice& notice) {
  const double base = notice.level == base::Notice::Level::info ? 4.0 : 7.0;
  return base + 0.03 * static_cast<double>(notice.text.size());
}

base::log::Level log_level(base::Notice::Level level) {
  switch (level) {
    case base::Notice::Level::error:
      return base::log::Level::error;
    case base::Notice::Level::warning:
      return base::log::Level::warn;
    case base::Notice::Level::info:
      break;
  }
  return base::log::Level::info;
}

}  // namespace

void NoticeBoard::add(base::Notice notice, double now) {
  for (auto& item : items_) {
    if (item.notice.text == notice.text && now < item.leaves) {
      item.leaves = now + reading_time(notice);
      return;
    }
  }
  base::log::write(log_level(notice.level), "window", notice.text);
  const double leaves = now + reading_time(notice);
  items_.push_back({std::move(notice), now, leaves});
  if (items_.size() > kMaxNotices) items_.erase(items_.begin());
}

void NoticeBoard::update(double now) {
  std::erase_if(items_, [&](const Item& item) { return now >= item.leaves + kFade; });
}

void NoticeBoard::dismiss(std::size_t index, double now) {
  if (index < items_.size()) items_[index].leaves = std::min(items_[index].leaves, now);
}

float NoticeBoard::presence(const Item& item, double now) {
  const double in = std::clamp((now - item.born) / kSlide, 0.0, 1.0);
  const double out = std::clamp((now - item.leaves) / kFade, 0.0, 1.0);
  return static_cast<float>(in * (2 - in) * (1 - out));
}

bool NoticeBoard::moving(double now) const {
  return std::any_of(items_.begin(), items_.end(), [&](const Item& item) {
    return now < item.born + kSlide || now >= item.leaves;
  });
}

namespace {

ImU32 edge_color(const Theme& theme, base::Notice::Level level) {
  switch (level) {
    case base::Notice::Level::info:
      return theme.colors.accent;
    case base::Notice::Level::warning:
      return theme.colors.warning;
    case base::Notice::Level::error:
      return theme.colors.alarm;
  }
  return theme.colors.accent;
}

}  // namespace

/// Newest at the bottom, right over the picture's corner; a click dismisses one.
void draw_notices_panel(PanelContext& context) {
  auto& board = context.state.notices;
  const double now = ImGui::GetTime();
  for (const auto& notice : context.view.notices) board.add(notice, now);
  board.update(now);
  if (board.items().empty()) return;
  if (board.moving(now)) context.animating = true;

  const auto& theme = context.theme;
  const auto& area = context.layout.picture;
  begin_panel_window("##notices", area, ImGuiWindowFlags_NoInputs);
  Pen pen(context, "notices", ImGui::GetWindowDrawList());
  ImFont* font = theme.regular;
  const float pad_x = theme.px(14);
  const float pad_y = theme.px(9);
  const float most = std::min(theme.px(520), area.width() - theme.px(24)) - 2 * pad_x;
  const float right = area.max.x - theme.px(12);
  float bottom = context.state.notices_bottom;

  for (std::size_t i = board.items().size(); i-- > 0;) {
    const auto& item = board.items()[i];
    const float presence = NoticeBoard::presence(item, now);
    const ImVec2 size = wrapped_size(font, item.notice.text, most);
    const float width = size.x + 2 * pad_x;
    const float height = size.y + 2 * pad_y;
    const bool leaving = now >= item.leaves;
    const float slide = leaving ? 0 : (1 - presence) * theme.px(28);
    const ImVec2 min{right - width + slide, bottom - height};
    const ImVec2 max{right + slide, bottom};
    if (min.y < area.min.y) break;
    auto* list = pen.list();
    list->AddRectFilled(min, max, faded(edge_color(theme, item.notice.level), presence),
                        theme.px(8));
    list->AddRectFilled({min.x + theme.px(3), min.y}, max,
                        faded(IM_COL32(0x2a, 0x2f, 0x3a, 250), presence), theme.px(7),
                        ImDrawFlags_RoundCornersRight);
    pen.wrapped(font, {min.x + pad_x, min.y + pad_y}, most + 1,
                faded(theme.colors.text, presence), item.notice.text);
    if (!leaving && ImGui::IsMouseClicked(0) && ImGui::IsMouseHoveringRect(min, max, false)) {
      board.dismiss(i, now);
      context.animating = true;
    }
    bottom -= (height + theme.px(8)) * (leaving ? presence : 1);
  }
  ImGui::End();
}

}  // namespace mien::ui
