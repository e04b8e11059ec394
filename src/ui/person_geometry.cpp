#include "person_geometry.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mien/base/movements.hpp"
#include "mien/base/numbers.hpp"

#include "widgets.hpp"

namespace mien::ui {
namespace {

/// A row of bars: a movement of both sides, or of the face as a whole.
struct MovementRow {
  std::string name;
  std::size_t right = 0;            ///< the only one when there is no left one
  std::optional<std::size_t> left;  ///< places in base::movements()
};

std::vector<MovementRow> movement_rows() {
  using Side = base::Movement::Side;
  constexpr std::string_view kRight = "right ";
  std::vector<MovementRow> rows;
  const auto all = base::movements();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].side == Side::left && !rows.empty()) {
      rows.back().left = i;
      continue;
    }
    std::string name = all[i].name;
    if (all[i].side == Side::right && name.starts_with(kRight)) name.erase(0, kRight.size());
    rows.push_back({std::move(name), i, std::nullopt});
  }
  return rows;
}

const std::vector<MovementRow>& all_movement_rows() {
  static const std::vector<MovementRow> kRows = movement_rows();
  return kRows;
}

float movement_row(const Theme& theme) { return font_height(theme.small) + theme.px(3); }

/// A circle seen from before: the dot is where the nose points, the stroke the head's top.
void draw_pose_dial(const GeometryDrawing& d, ImVec2 centre, float radius,
                    const base::HeadPose& pose) {
  constexpr float kRadians = std::numbers::pi_v<float> / 180;
  auto* list = d.pen.list();
  const float across = d.mirrored ? -1.0F : 1.0F;
  const float yaw = pose.yaw * kRadians;
  const float pitch = pose.pitch * kRadians;
  const float roll = pose.roll * kRadians;
  const ImU32 ink = to_imgui(d.color, d.alpha);
  list->AddCircle(centre, radius, faded(d.theme.colors.track, d.alpha), 0, d.theme.px(1.5F));
  const ImVec2 top{across * std::sin(roll), -std::cos(roll)};
  list->AddLine({centre.x + top.x * radius * 0.72F, centre.y + top.y * radius * 0.72F},
                {centre.x + top.x * radius * 1.1F, centre.y + top.y * radius * 1.1F}, ink,
                d.theme.px(2));
  const ImVec2 nose{centre.x - across * radius * std::sin(yaw),
                    centre.y + radius * std::sin(pitch) * std::cos(yaw)};
  list->AddLine(centre, nose, faded(d.theme.colors.soft, d.alpha), d.theme.px(1.5F));
  list->AddCircleFilled(nose, d.theme.px(3), ink);
}

/// An eye as two lids, as far apart as it is open; one line when it is closed.
void draw_eye(const GeometryDrawing& d, ImVec2 centre, float half_width, float opening) {
  auto* list = d.pen.list();
  const ImU32 ink = faded(d.theme.colors.soft, d.alpha);
  const float thick = d.theme.px(1.5F);
  const ImVec2 from{centre.x - half_width, centre.y};
  const ImVec2 to{centre.x + half_width, centre.y};
  const float lid = half_width * 1.1F * opening;
  if (opening <= 0) {
    list->AddBezierQuadratic(from, {centre.x, centre.y + half_width * 0.6F}, to, ink, thick);
    return;
  }
  list->AddBezierQuadratic(from, {centre.x, centre.y - lid}, to, ink, thick);
  list->AddBezierQuadratic(from, {centre.x, centre.y + lid}, to, ink, thick);
  list->AddCircleFilled(centre, std::min(half_width * 0.32F, lid * 0.5F), ink);
}

std::string pose_text(const base::HeadPose& pose) {
  return "yaw " + base::signed_decimal(pose.yaw, 0) + "° · pitch " +
         base::signed_decimal(pose.pitch, 0) + "°";
}

std::string head_text(const base::FaceGeometry& geometry) {
  if (!geometry.pose) return base::describe(geometry.doubt);
  std::string text = pose_text(*geometry.pose);
  if (geometry.towards_camera)
    text += *geometry.towards_camera ? " · at camera" : " · looks away";
  return text;
}

std::string eyes_text(const base::FaceGeometry& geometry) {
  const auto& eyes = geometry.eyes;
  std::string text = geometry.pose && eyes.closed ? "closed · " : "";
  text += std::to_string(eyes.blinks) + (eyes.blinks == 1 ? " blink" : " blinks");
  if (const auto rate = eyes.blinks_per_minute()) {
    text += " · " + base::decimal(*rate, 0) + " a minute";
  }
  return text;
}

/// A bar from the middle of its track; nothing where the movement is not known.
void draw_movement(const GeometryDrawing& d, float left, float right, float top, float thick,
                   float value) {
  d.pen.pill({left, top}, {right, top + thick}, faded(d.theme.colors.track, d.alpha));
  if (!std::isfinite(value)) return;
  const float middle = (left + right) / 2;
  const float reach = std::clamp(value, -1.0F, 1.0F) * (right - left) / 2;
  if (std::abs(reach) >= 1) {
    d.pen.list()->AddRectFilled({std::min(middle, middle + reach), top},
                                {std::max(middle, middle + reach), top + thick},
                                to_imgui(d.color, d.alpha));
  }
  d.pen.list()->AddLine({middle, top - 1}, {middle, top + thick + 1},
                        faded(d.theme.colors.soft, d.alpha));
}

}  // namespace

float head_row_height(const Theme& theme) { return 2 * font_height(theme.small) + theme.px(8); }

float draw_head_row(const GeometryDrawing& d, float top, const base::FaceGeometry& geometry) {
  const auto& theme = d.theme;
  const float height = head_row_height(theme);
  const float radius = theme.px(11);
  const float middle = top + height / 2;
  const float eye = theme.px(7);
  const ImVec2 first{d.left + 2 * radius + theme.px(10), top + theme.px(3)};
  float end = d.right;
  if (geometry.pose) {
    draw_pose_dial(d, {d.left + radius, middle}, radius, *geometry.pose);
    const auto& eyes = geometry.eyes;
    if (eyes.closed || eyes.opening > 0) {
      const float opening = eyes.closed ? 0 : std::clamp(eyes.opening, 0.4F, 1.2F);
      draw_eye(d, {d.right - eye, middle}, eye, opening);
      draw_eye(d, {d.right - 3 * eye - theme.px(4), middle}, eye, opening);
    }
    end -= 4 * eye + theme.px(12);
  } else {
    d.pen.list()->AddCircle({d.left + radius, middle}, radius,
                            faded(theme.colors.track, d.alpha), 0, theme.px(1.5F));
  }
  d.pen.number(theme.small, first, faded(theme.colors.soft, d.alpha),
               elide(theme.small, head_text(geometry), end - first.x));
  d.pen.number(theme.small, {first.x, first.y + font_height(theme.small)},
               faded(theme.colors.dim, d.alpha),
               elide(theme.small, eyes_text(geometry), end - first.x));
  return top + height;
}

float movement_rows_height(const Theme& theme) {
  return movement_row(theme) * static_cast<float>(all_movement_rows().size() + 1);
}

float draw_movement_rows(const GeometryDrawing& d, float top,
                         const base::FaceGeometry& geometry) {
  const auto& theme = d.theme;
  const float row = movement_row(theme);
  const float thick = theme.px(6);
  const float gap = theme.px(10);
  const float words = std::max(d.labels, (d.right - d.left) * 0.45F);
  const float from = d.left + words + theme.px(8);
  const float half = (d.right - from - gap) / 2;
  const float second = from + half + gap;
  const auto value = [&](std::size_t index) {
    return index < geometry.movements.size() ? geometry.movements[index] : std::nanf("");
  };
  const ImU32 dim = faded(theme.colors.dim, d.alpha);
  d.pen.text(theme.small, {d.left, top}, dim, elide(theme.small, "movements", words));
  d.pen.text(theme.small, {from, top}, dim,
             elide(theme.small, d.mirrored ? "left" : "right", half));
  d.pen.text_right(theme.small, d.right, top, dim,
                   elide(theme.small, d.mirrored ? "right" : "left", half));
  float y = top + row;
  for (const auto& movement : all_movement_rows()) {
    d.pen.text(theme.small, {d.left, y + (row - font_height(theme.small)) / 2},
               faded(theme.colors.soft, d.alpha), elide(theme.small, movement.name, words));
    const float bar = std::round(y + (row - thick) / 2);
    if (movement.left) {
      const float right_value = value(movement.right);
      const float left_value = value(*movement.left);
      draw_movement(d, from, from + half, bar, thick, d.mirrored ? left_value : right_value);
      draw_movement(d, second, d.right, bar, thick, d.mirrored ? right_value : left_value);
    } else {
      draw_movement(d, from, d.right, bar, thick, value(movement.right));
    }
    y += row;
  }
  return y;
}

std::vector<std::string> movement_row_hint(const Theme& theme, float top, float y) {
  const auto& rows = all_movement_rows();
  const float row = movement_row(theme);
  const float first = top + row;
  if (y < first || y >= first + row * static_cast<float>(rows.size())) return {};
  const auto index = std::min(static_cast<std::size_t>((y - first) / row), rows.size() - 1);
  const auto hint = base::facs_hint(base::movements()[rows[index].right]);
  return {rows[index].name + ": " + hint, base::kNoFacsCoding};
}

}  // namespace mien::ui
