#include <algorithm>
#include <cmath>

#include "chip.hpp"
#include "overlay_painter.hpp"
#include "panels.hpp"
#include "pen.hpp"
#include "people_state.hpp"
#include "ui_state.hpp"

namespace mien {
namespace {

/// The largest rectangle of the picture's shape in the middle of `area`.
Area letterbox(const Area& area, cv::Size picture) {
  const float scale = std::min(area.width() / static_cast<float>(picture.width),
                               area.height() / static_cast<float>(picture.height));
  const float width = std::round(static_cast<float>(picture.width) * scale);
  const float height = std::round(static_cast<float>(picture.height) * scale);
  const ImVec2 min{std::round(area.min.x + (area.width() - width) / 2),
                   std::round(area.min.y + (area.height() - height) / 2)};
  return {min, {min.x + width, min.y + height}};
}

bool contains(const cv::Rect2f& box, ImVec2 point) { return box.contains({point.x, point.y}); }

/// A click on a face chooses it, one beside all faces nobody.
void choose_by_click(PanelContext& context, const Overlay& overlay) {
  if (!ImGui::IsWindowHovered() || !ImGui::IsMouseClicked(0)) return;
  const ImVec2 point = ImGui::GetIO().MousePos;
  context.state.chosen = 0;
  for (std::size_t i = 0; i < overlay.faces.size(); ++i) {
    const auto& face = overlay.faces[i];
    if (contains(face.box, point) || contains(face.tag, point)) {
      context.state.chosen = context.view.analysis->readings[i].person;
    }
  }
}

void draw_overlay(PanelContext& context, Pen& pen, const Area& shown) {
  const auto& view = context.view;
  if (!view.analysis || view.reading_strength <= 0.01f) return;
  OverlayStyle style;
  style.font_size = font_height(context.theme.semibold);
  style.bars = view.settings.show_bars;
  style.landmarks = view.settings.show_landmarks;
  style.mirrored = view.mirrored;
  style.names = context.state.names;
  auto overlay =
      layout_overlay(*view.analysis, {shown.min.x, shown.min.y, shown.width(), shown.height()},
                     style, overlay_measure(context.theme));
  choose_by_click(context, overlay);
  // A recorded picture has its boxes in it.
  if (view.replay && !view.replay->unpainted) return;
  if (overlay.faces.size() > 1) {
    for (std::size_t i = 0; i < overlay.faces.size(); ++i) {
      if (view.analysis->readings[i].person != context.state.chosen) continue;
      overlay.faces[i].thickness *= 1.8f;
    }
  }
  pen.list()->PushClipRect(shown.min, shown.max, true);
  paint_overlay(pen, overlay, context.theme, view.reading_strength);
  pen.list()->PopClipRect();
}

/// A dark pill with a line of text, its middle at `centre_x`.
void draw_pill(Pen& pen, const Theme& theme, float centre_x, float top, const Area& within,
               std::string_view words) {
  const ImFont* font = theme.regular;
  const float pad = theme.px(14);
  const std::string line = elide(font, words, within.width() - 2 * pad - theme.px(16));
  const float width = text_width(font, line) + 2 * pad;
  const float height = font_height(font) + theme.px(16);
  const ImVec2 min{std::round(centre_x - width / 2), top};
  pen.list()->AddRectFilled(min, {min.x + width, min.y + height}, IM_COL32(16, 18, 22, 225),
                            height / 2);
  pen.text(font, {min.x + pad, min.y + theme.px(8)}, theme.colors.text, line);
}

std::string state_words(const ViewModel& view) {
  if (!view.replay_opening.empty()) {
    return "Opening the session " + view.replay_opening + "… · Esc gives up";
  }
  switch (view.status.state) {
    case LiveStatus::State::paused:
      return "Paused · Space goes on";
    case LiveStatus::State::ended:
      return view.replay ? "The session has ended · Space plays it again"
             : view.status.source.kind == "video" ? "The video has ended · Space plays it again"
             : view.status.source.kind == "folder"
                 ? "That was the last picture · Space starts again"
                 : "";
    case LiveStatus::State::failed:
      return "The picture has stopped · choose a source in the Source menu";
    default:
      return view.status.loading_model ? "Loading…" : "";
  }
}

void draw_hint(PanelContext& context, Pen& pen) {
  const auto& view = context.view;
  const auto& theme = context.theme;
  const auto& area = context.layout.picture;
  if (!view.cameras_known || !view.cameras.empty() || view.status.source.kind != "demo") return;
  const std::string_view words =
      "This is the demo, and no camera was found. Plug one in, or open a video or a picture in "
      "the Source menu.";
  const ImFont* font = theme.small;
  const float pad = theme.px(12);
  const float most = std::min(theme.px(400), area.width() - theme.px(24) - 2 * pad);
  const ImVec2 size = wrapped_size(font, words, most);
  const ImVec2 min{area.min.x + theme.px(12), area.max.y - theme.px(12) - size.y - 2 * pad};
  const ImVec2 max{min.x + size.x + 2 * pad, min.y + size.y + 2 * pad};
  context.state.notices_bottom = min.y - theme.px(8);
  pen.list()->AddRectFilled(min, max, IM_COL32(16, 18, 22, 222), theme.px(8));
  pen.wrapped(font, {min.x + pad, min.y + pad}, most + 1, theme.colors.soft, words);
}

/// What is looked at, and the way back.
void draw_replay_banner(PanelContext& context, Pen& pen) {
  const auto& theme = context.theme;
  const auto& area = context.layout.picture;
  const std::string_view words = "Esc: back to the live picture";
  const ImVec2 size = chip_size(theme, words);
  const ImVec2 at{std::round((area.min.x + area.max.x - size.x) / 2),
                  area.max.y - theme.px(14) - size.y};
  pen.list()->AddRectFilled(at, {at.x + size.x, at.y + size.y}, IM_COL32(16, 18, 22, 235),
                            theme.px(6));
  if (chip(pen, theme, "##leave", words, at, true)) context.ask(action::LeaveSession{});
}

}  // namespace

void draw_picture_panel(PanelContext& context) {
  const auto& view = context.view;
  const auto& theme = context.theme;
  const auto& area = context.layout.picture;
  context.state.notices_bottom = area.max.y - theme.px(16);
  begin_panel_window("##picture", area);
  Pen pen(context, "picture", ImGui::GetWindowDrawList());
  const float rounding = theme.px(10);
  pen.list()->AddRectFilled(area.min, area.max, theme.colors.well, rounding);
  const float middle = (area.min.x + area.max.x) / 2;
  if (view.picture != 0 && !view.picture_size.empty()) {
    const Area shown = letterbox(area, view.picture_size);
    const ImVec2 uv_min(view.mirrored ? 1.0f : 0.0f, 0);
    const ImVec2 uv_max(view.mirrored ? 0.0f : 1.0f, 1);
    pen.picture(view.picture, shown.min, shown.max, uv_min, uv_max, IM_COL32_WHITE, rounding);
    draw_overlay(context, pen, shown);
    if (const auto words = state_words(view); !words.empty()) {
      draw_pill(pen, theme, middle, area.min.y + theme.px(14), area, words);
    }
    draw_hint(context, pen);
    if (view.replay) draw_replay_banner(context, pen);
  } else {
    const std::string words = !view.replay_opening.empty() ? state_words(view)
                              : view.status.state == LiveStatus::State::failed
                                  ? "No picture · choose a source in the Source menu"
                                  : "Opening…";
    draw_pill(pen, theme, middle, (area.min.y + area.max.y) / 2 - theme.px(16), area, words);
  }
  ImGui::End();
}

}  // namespace mien
