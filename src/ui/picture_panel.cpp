#include <algorithm>
#include <cfloat>
#include <cmath>

#include "mien/overlay/overlay_layout.hpp"

#include "panels.hpp"
#include "pen.hpp"
#include "ui_state.hpp"
#include "widgets.hpp"

namespace mien::ui {
namespace {

ImVec2 top_left(const cv::Rect2f& rect) { return {rect.x, rect.y}; }
ImVec2 bottom_right(const cv::Rect2f& rect) {
  return {rect.x + rect.width, rect.y + rect.height};
}

/// Strokes the closed path that is on `list` in dashes.
void stroke_dashed(ImDrawList* list, ImU32 color, float thickness, float dash, float gap) {
  std::vector<ImVec2> points(list->_Path.begin(), list->_Path.end());
  list->PathClear();
  if (points.size() < 2) return;
  points.push_back(points.front());
  bool drawing = true;
  float left = dash;
  list->PathLineTo(points.front());
  for (std::size_t i = 1; i < points.size(); ++i) {
    ImVec2 from = points[i - 1];
    const ImVec2 to = points[i];
    float length = std::hypot(to.x - from.x, to.y - from.y);
    while (length > left) {
      const float share = left / length;
      from = {from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share};
      length -= left;
      if (drawing) {
        list->PathLineTo(from);
        list->PathStroke(color, ImDrawFlags_None, thickness);
      } else {
        list->PathLineTo(from);
      }
      drawing = !drawing;
      left = drawing ? dash : gap;
    }
    left -= length;
    if (drawing) list->PathLineTo(to);
  }
  if (drawing) {
    list->PathStroke(color, ImDrawFlags_None, thickness);
  } else {
    list->PathClear();
  }
}

void paint_box(ImDrawList* list, const overlay::OverlayFace& face, const Theme& theme,
               float strength) {
  const float rounding = theme.px(7);
  const ImVec2 min = top_left(face.box);
  const ImVec2 max = bottom_right(face.box);
  // A dark line under the coloured one keeps the box visible on a ground of its own colour.
  list->AddRect(min, max, IM_COL32(0, 0, 0, static_cast<int>(70 * strength)), rounding, 0,
                face.thickness + theme.px(2));
  const ImU32 color = to_imgui(face.color, strength);
  if (face.dashed) {
    list->PathRect(min, max, rounding);
    stroke_dashed(list, color, face.thickness, theme.px(7), theme.px(5));
  } else {
    list->AddRect(min, max, color, rounding, 0, face.thickness);
  }
}

/// Mesh and axes: below everything that has words.
void paint_face_geometry(ImDrawList* list, const overlay::OverlayFace& face, const Theme& theme,
                         float strength) {
  const ImU32 thin = to_imgui(face.color, 0.75F * strength);
  for (std::size_t i = 0; i + 1 < face.mesh.size(); i += 2) {
    list->AddLine({face.mesh[i].x, face.mesh[i].y}, {face.mesh[i + 1].x, face.mesh[i + 1].y},
                  thin, 1);
  }
  for (const auto& axis : face.axes) {
    const ImVec2 from{axis.from.x, axis.from.y};
    const ImVec2 to{axis.to.x, axis.to.y};
    list->AddLine(from, to, IM_COL32(0, 0, 0, static_cast<int>(90 * strength)), theme.px(4));
    list->AddLine(from, to, to_imgui(axis.color, strength), theme.px(2));
  }
}

void paint_tag(Pen& pen, const overlay::OverlayFace& face, const overlay::Overlay& overlay,
               const Theme& theme, float strength) {
  if (face.tag.empty()) return;
  pen.list()->AddRectFilled(top_left(face.tag), bottom_right(face.tag),
                            to_imgui(face.color, strength), theme.px(5));
  pen.sized(theme.semibold, overlay.font_size, {face.tag_text.x, face.tag_text.y},
            to_imgui(face.tag_ink, strength), face.tag_words);
}

void paint_bars(Pen& pen, const overlay::OverlayFace& face, const overlay::Overlay& overlay,
                const Theme& theme, float strength) {
  if (face.bars_panel.empty()) return;
  auto* list = pen.list();
  list->AddRectFilled(top_left(face.bars_panel), bottom_right(face.bars_panel),
                      IM_COL32(16, 18, 22, static_cast<int>(198 * strength)), theme.px(6));
  for (const auto& bar : face.bars) {
    pen.sized(theme.small, overlay.bars_font_size, {bar.text.x, bar.text.y},
              IM_COL32(232, 234, 238, static_cast<int>(255 * strength)), bar.word);
    pen.pill(top_left(bar.track), bottom_right(bar.track),
             IM_COL32(255, 255, 255, static_cast<int>(26 * strength)));
    if (bar.share < 0.005F) continue;
    const float width = std::max(bar.track.width * bar.share, bar.track.height * 0.6F);
    pen.pill(top_left(bar.track), {bar.track.x + width, bar.track.y + bar.track.height},
             to_imgui(bar.color, strength));
  }
}

/// How wide and high ImGui draws the overlay's texts.
overlay::MeasureText overlay_measure(const Theme& theme) {
  return [font = theme.semibold](std::string_view text, float size) {
    const ImVec2 extent =
        font->CalcTextSizeA(size, FLT_MAX, 0, text.data(), text.data() + text.size());
    return cv::Size2f(extent.x, extent.y);
  };
}

/// Paints boxes, tags and bars. `strength` 0..1 is the opacity of all of it.
void paint_overlay(Pen& pen, const overlay::Overlay& overlay, const Theme& theme,
                   float strength) {
  for (const auto& face : overlay.faces) {
    paint_face_geometry(pen.list(), face, theme, strength);
  }
  for (const auto& face : overlay.faces) paint_box(pen.list(), face, theme, strength);
  for (const auto& face : overlay.faces) {
    for (const auto& point : face.landmarks) {
      const float radius = theme.px(2.5F);
      pen.list()->AddCircleFilled({point.x, point.y}, radius + 1,
                                  IM_COL32(0, 0, 0, static_cast<int>(120 * strength)));
      pen.list()->AddCircleFilled({point.x, point.y}, radius, to_imgui(face.color, strength));
    }
    paint_bars(pen, face, overlay, theme, strength);
  }
  // Tags last, so that nothing covers them.
  for (const auto& face : overlay.faces) paint_tag(pen, face, overlay, theme, strength);
}

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
void choose_by_click(PanelContext& context, const overlay::Overlay& overlay) {
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
  if (!view.analysis || view.reading_strength <= 0.01F) return;
  overlay::OverlayStyle style;
  style.font_size = font_height(context.theme.semibold);
  style.bars = view.settings.show_bars;
  style.landmarks = view.settings.show_landmarks;
  style.mesh = overlay::mesh_style_of(view.settings.mesh).value_or(overlay::MeshStyle::off);
  style.pose_axes = view.settings.show_pose;
  style.mirrored = view.mirrored;
  style.names = view.names;
  auto overlay = overlay::layout_overlay(
      *view.analysis, {shown.min.x, shown.min.y, shown.width(), shown.height()}, style,
      overlay_measure(context.theme));
  choose_by_click(context, overlay);
  // A recorded picture has its boxes in it.
  if (view.replay && !view.replay->unpainted) return;
  if (overlay.faces.size() > 1) {
    for (std::size_t i = 0; i < overlay.faces.size(); ++i) {
      if (view.analysis->readings[i].person != context.state.chosen) continue;
      overlay.faces[i].thickness *= 1.8F;
    }
  }
  pen.list()->PushClipRect(shown.min, shown.max, true);
  paint_overlay(pen, overlay, context.theme, view.reading_strength);
  pen.list()->PopClipRect();
}

/// A dark pill with a line of text, its middle at `centre_x`.
void draw_pill(Pen& pen, const Theme& theme, float centre_x, float top, const Area& within,
               std::string_view text) {
  ImFont* font = theme.regular;
  const float pad = theme.px(14);
  const std::string line = elide(font, text, within.width() - 2 * pad - theme.px(16));
  const float width = text_width(font, line) + 2 * pad;
  const float height = font_height(font) + theme.px(16);
  const ImVec2 min{std::round(centre_x - width / 2), top};
  pen.list()->AddRectFilled(min, {min.x + width, min.y + height}, IM_COL32(16, 18, 22, 225),
                            height / 2);
  pen.text(font, {min.x + pad, min.y + theme.px(8)}, theme.colors.text, line);
}

std::string state_text(const ViewModel& view) {
  if (!view.replay_opening.empty()) {
    return "Opening the session " + view.replay_opening + "… · Esc gives up";
  }
  switch (view.status.state) {
    case analysis::LiveStatus::State::paused:
      return "Paused · Space goes on";
    case analysis::LiveStatus::State::ended:
      return view.replay ? "The session has ended · Space plays it again"
             : view.status.source.kind == "video" ? "The video has ended · Space plays it again"
             : view.status.source.kind == "folder"
                 ? "That was the last picture · Space starts again"
                 : "";
    case analysis::LiveStatus::State::failed:
      return "No signal · choose a source in the Source menu";
    default:
      return view.status.loading_model ? "Loading…" : "";
  }
}

void draw_hint(PanelContext& context, Pen& pen) {
  const auto& view = context.view;
  const auto& theme = context.theme;
  const auto& area = context.layout.picture;
  if (!view.cameras_known || !view.cameras.empty() || view.status.source.kind != "demo") return;
  const std::string_view text =
      "This is the demo, and no camera was found. Plug one in, or open a video or a picture in "
      "the Source menu.";
  ImFont* font = theme.small;
  const float pad = theme.px(12);
  const float most = std::min(theme.px(400), area.width() - theme.px(24) - 2 * pad);
  const ImVec2 size = wrapped_size(font, text, most);
  const ImVec2 min{area.min.x + theme.px(12), area.max.y - theme.px(12) - size.y - 2 * pad};
  const ImVec2 max{min.x + size.x + 2 * pad, min.y + size.y + 2 * pad};
  context.state.notices_bottom = min.y - theme.px(8);
  pen.list()->AddRectFilled(min, max, IM_COL32(16, 18, 22, 222), theme.px(8));
  pen.wrapped(font, {min.x + pad, min.y + pad}, most + 1, theme.colors.soft, text);
}

/// What is looked at, and the way back.
void draw_replay_banner(PanelContext& context, Pen& pen) {
  const auto& theme = context.theme;
  const auto& area = context.layout.picture;
  const std::string_view text = "Esc: back to the live picture";
  const ImVec2 size = small_button_size(theme, text);
  const ImVec2 at{std::round((area.min.x + area.max.x - size.x) / 2),
                  area.max.y - theme.px(14) - size.y};
  pen.list()->AddRectFilled(at, {at.x + size.x, at.y + size.y}, IM_COL32(16, 18, 22, 235),
                            theme.px(6));
  if (small_button(pen, theme, "##leave", text, at, true)) context.ask(action::CloseSession{});
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
    const ImVec2 uv_min(view.mirrored ? 1.0F : 0.0F, 0);
    const ImVec2 uv_max(view.mirrored ? 0.0F : 1.0F, 1);
    pen.picture(view.picture, shown.min, shown.max, uv_min, uv_max, IM_COL32_WHITE, rounding);
    draw_overlay(context, pen, shown);
    if (const auto text = state_text(view); !text.empty()) {
      draw_pill(pen, theme, middle, area.min.y + theme.px(14), area, text);
    }
    draw_hint(context, pen);
    if (view.replay) draw_replay_banner(context, pen);
  } else {
    const std::string text = !view.replay_opening.empty() ? state_text(view)
                             : view.status.state == analysis::LiveStatus::State::failed
                                 ? "No picture · choose a source in the Source menu"
                                 : "Opening…";
    draw_pill(pen, theme, middle, (area.min.y + area.max.y) / 2 - theme.px(16), area, text);
  }
  ImGui::End();
}

}  // namespace mien::ui
