#include "teach_rows.hpp"

#include <algorithm>
#include <utility>

#include "mien/base/labels.hpp"

namespace mien {
namespace {

constexpr float kKey = 34;
constexpr float kNames = 118;
constexpr float kThumbnail = 40;
constexpr float kGap = 4;
constexpr float kRemove = 26;

ImU32 color_of(const LabelRow& row) { return to_imgui(label_color(row.name, row.digit - 1)); }

/// The key, as a button that can be held with the mouse too.
bool draw_key(const Theme& theme, Pen& pen, const LabelRow& row, ImVec2 at) {
  const float side = theme.px(kKey);
  ImGui::SetCursorScreenPos(at);
  ImGui::InvisibleButton("##key", {side, side});
  const bool down = row.down || ImGui::IsItemActive();
  const ImU32 ground = down                     ? color_of(row)
                       : ImGui::IsItemHovered() ? theme.colors.line
                                                : theme.colors.track;
  pen.list()->AddRectFilled(at, {at.x + side, at.y + side}, ground, theme.px(7));
  const std::string digit = std::to_string(row.digit);
  const ImU32 ink =
      down ? to_imgui(ink_on(label_color(row.name, row.digit - 1))) : theme.colors.text;
  pen.text(theme.semibold,
           {at.x + (side - text_width(theme.semibold, digit)) / 2,
            at.y + (side - font_height(theme.semibold)) / 2},
           ink, digit);
  return ImGui::IsItemActive();
}

/// Which of the thumbnails was clicked, counted from the newest.
std::optional<int> draw_thumbnails(PanelContext& context, Pen& pen, const LabelRow& row,
                                   ImVec2 at, float width) {
  const auto& theme = context.theme;
  const auto& teaching = context.view.teaching;
  const cv::Size grid = teaching.thumbnail_grid;
  const float side = theme.px(kThumbnail);
  const float step = side + theme.px(kGap);
  const int fit = std::max(0, static_cast<int>((width + theme.px(kGap)) / step));
  const int count = std::min({row.taught->thumbnails, fit, grid.width});
  std::optional<int> clicked;
  for (int i = 0; i < count; ++i) {
    const ImVec2 corner{at.x + step * static_cast<float>(i), at.y};
    const ImVec2 end{corner.x + side, corner.y + side};
    ImGui::PushID(i);
    ImGui::SetCursorScreenPos(corner);
    if (ImGui::InvisibleButton("##face", {side, side})) clicked = i;
    const bool hovered = ImGui::IsItemHovered();
    ImGui::PopID();
    const auto columns = static_cast<float>(grid.width);
    const auto rows = static_cast<float>(grid.height);
    ImVec2 uv0{static_cast<float>(i) / columns, static_cast<float>(row.thumbnail_row) / rows};
    ImVec2 uv1{uv0.x + 1 / columns, uv0.y + 1 / rows};
    if (context.view.mirrored) std::swap(uv0.x, uv1.x);
    pen.picture(teaching.thumbnails, corner, end, uv0, uv1,
                IM_COL32(255, 255, 255, hovered ? 120 : 255), theme.px(5));
    if (hovered) {
      pen.list()->AddRect(corner, end, theme.colors.alarm, theme.px(5), 0, theme.px(2));
      ImGui::SetTooltip("Take this example back");
    }
  }
  return clicked;
}

bool draw_remove(const Theme& theme, Pen& pen, ImVec2 at, float height) {
  const float side = theme.px(kRemove);
  const ImVec2 corner{at.x, at.y + (height - side) / 2};
  ImGui::SetCursorScreenPos(corner);
  const bool clicked = ImGui::InvisibleButton("##remove", {side, side});
  const bool hovered = ImGui::IsItemHovered();
  if (hovered) ImGui::SetTooltip("Take this label away, with its examples");
  pen.text(theme.semibold,
           {corner.x + (side - text_width(theme.semibold, "×")) / 2,
            corner.y + (side - font_height(theme.semibold)) / 2},
           hovered ? theme.colors.alarm : theme.colors.dim, "×");
  return clicked;
}

}  // namespace

float label_row_height(const Theme& theme) { return theme.px(kThumbnail + 10); }

LabelRowEvents draw_label_row(PanelContext& context, const LabelRow& row) {
  const auto& theme = context.theme;
  const float height = label_row_height(theme);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  ImGui::PushID(row.name.c_str());
  Pen pen(context, "teach", ImGui::GetWindowDrawList());
  LabelRowEvents events;
  events.held = draw_key(theme, pen, row, {at.x, at.y + (height - theme.px(kKey)) / 2});

  const float left = at.x + theme.px(kKey + 10);
  const float lines = font_height(theme.semibold) + font_height(theme.small);
  const float top = at.y + (height - lines) / 2;
  pen.text(theme.semibold, {left, top}, color_of(row),
           elide(theme.semibold, display_word(row.name), theme.px(kNames - 8)));
  const std::size_t examples = row.taught != nullptr ? row.taught->examples : 0;
  pen.text(theme.small, {left, top + font_height(theme.semibold)},
           examples == 0 ? theme.colors.dim : theme.colors.soft,
           examples == 0   ? std::string("no example yet")
           : examples == 1 ? std::string("1 example")
                           : std::to_string(examples) + " examples");

  const float faces = left + theme.px(kNames);
  const float right = at.x + width - theme.px(kRemove + 4);
  if (row.taught != nullptr && context.view.teaching.thumbnails != 0) {
    const auto clicked = draw_thumbnails(
        context, pen, row, {faces, at.y + (height - theme.px(kThumbnail)) / 2}, right - faces);
    if (clicked) events.taken_back = examples - 1 - static_cast<std::size_t>(*clicked);
  }
  events.removed = draw_remove(theme, pen, {right + theme.px(4), at.y}, height);
  ImGui::PopID();
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, height});
  return events;
}

void draw_face_preview(PanelContext& context, Pen& pen, const Area& area, const cv::Rect2f* box,
                       ImU32 frame_color) {
  const auto& theme = context.theme;
  const auto& view = context.view;
  const float rounding = theme.px(8);
  pen.list()->AddRectFilled(area.min, area.max, theme.colors.well, rounding);
  const cv::Size2f picture = view.picture_size;
  if (box != nullptr && view.picture != 0 && !picture.empty()) {
    const float side =
        std::min({1.5f * std::max(box->width, box->height), picture.width, picture.height});
    const auto fitted = [&](float middle, float length) {
      return std::clamp(middle - side / 2, 0.0f, length - side);
    };
    const float x = fitted(box->x + box->width / 2, picture.width);
    const float y = fitted(box->y + box->height / 2, picture.height);
    ImVec2 uv0{x / picture.width, y / picture.height};
    ImVec2 uv1{(x + side) / picture.width, (y + side) / picture.height};
    if (view.mirrored) std::swap(uv0.x, uv1.x);
    pen.picture(view.picture, area.min, area.max, uv0, uv1, IM_COL32_WHITE, rounding);
  }
  pen.list()->AddRect(area.min, area.max, frame_color, rounding, 0, theme.px(3));
}

}  // namespace mien
