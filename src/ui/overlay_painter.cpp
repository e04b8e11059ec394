#include "overlay_painter.hpp"

#include <algorithm>
#include <cfloat>
#include <cmath>

namespace mien {
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

void paint_box(ImDrawList* list, const OverlayFace& face, const Theme& theme, float strength) {
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

void paint_tag(Pen& pen, const OverlayFace& face, const Overlay& overlay, const Theme& theme,
               float strength) {
  if (face.tag.empty()) return;
  pen.list()->AddRectFilled(top_left(face.tag), bottom_right(face.tag),
                            to_imgui(face.color, strength), theme.px(5));
  pen.sized(theme.semibold, overlay.font_size, {face.tag_text.x, face.tag_text.y},
            to_imgui(face.tag_ink, strength), face.tag_words);
}

void paint_bars(Pen& pen, const OverlayFace& face, const Overlay& overlay, const Theme& theme,
                float strength) {
  if (face.bars_panel.empty()) return;
  auto* list = pen.list();
  list->AddRectFilled(top_left(face.bars_panel), bottom_right(face.bars_panel),
                      IM_COL32(16, 18, 22, static_cast<int>(198 * strength)), theme.px(6));
  for (const auto& bar : face.bars) {
    pen.sized(theme.small, overlay.bars_font_size, {bar.text.x, bar.text.y},
              IM_COL32(232, 234, 238, static_cast<int>(255 * strength)), bar.word);
    pen.pill(top_left(bar.track), bottom_right(bar.track),
             IM_COL32(255, 255, 255, static_cast<int>(26 * strength)));
    if (bar.share < 0.005f) continue;
    const float width = std::max(bar.track.width * bar.share, bar.track.height * 0.6f);
    pen.pill(top_left(bar.track), {bar.track.x + width, bar.track.y + bar.track.height},
             to_imgui(bar.color, strength));
  }
}

}  // namespace

MeasureText overlay_measure(const Theme& theme) {
  return [font = theme.semibold](std::string_view text, float size) {
    const ImVec2 extent =
        font->CalcTextSizeA(size, FLT_MAX, 0, text.data(), text.data() + text.size());
    return cv::Size2f(extent.x, extent.y);
  };
}

void paint_overlay(Pen& pen, const Overlay& overlay, const Theme& theme, float strength) {
  for (const auto& face : overlay.faces) paint_box(pen.list(), face, theme, strength);
  for (const auto& face : overlay.faces) {
    for (const auto& point : face.landmarks) {
      const float radius = theme.px(2.5f);
      pen.list()->AddCircleFilled({point.x, point.y}, radius + 1,
                                  IM_COL32(0, 0, 0, static_cast<int>(120 * strength)));
      pen.list()->AddCircleFilled({point.x, point.y}, radius, to_imgui(face.color, strength));
    }
    paint_bars(pen, face, overlay, theme, strength);
  }
  // Tags come last: whose box it is matters most.
  for (const auto& face : overlay.faces) paint_tag(pen, face, overlay, theme, strength);
}

}  // namespace mien
