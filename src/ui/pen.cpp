#include "pen.hpp"

#include <algorithm>
#include <cfloat>
#include <cmath>

namespace mien::ui {
namespace {

constexpr std::string_view kDots = "…";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Calls `each(piece, width)`: digits alone in cells of one width, what is between them whole.
template <typename Each>
void for_number_pieces(ImFont* font, std::string_view text, Each&& each) {
  float cell = 0;
  for (const char* digit = "0123456789"; *digit != 0; ++digit) {
    cell = std::max(cell, text_width(font, {digit, 1}));
  }
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    if (is_digit(text[at])) {
      each(text.substr(at, 1), cell);
    } else {
      while (end < text.size() && !is_digit(text[end])) ++end;
      const auto piece = text.substr(at, end - at);
      each(piece, text_width(font, piece));
    }
    at = end;
  }
}

}  // namespace

float text_width(ImFont* font, std::string_view text) {
  return font
      ->CalcTextSizeA(font_height(font), FLT_MAX, 0, text.data(), text.data() + text.size())
      .x;
}

float number_width(ImFont* font, std::string_view text) {
  float width = 0;
  for_number_pieces(font, text, [&](std::string_view, float piece) { width += piece; });
  return width;
}

ImVec2 wrapped_size(ImFont* font, std::string_view text, float width) {
  return font->CalcTextSizeA(font_height(font), FLT_MAX, width, text.data(),
                             text.data() + text.size());
}

std::string elide(ImFont* font, std::string_view text, float width) {
  if (text_width(font, text) <= width) return std::string(text);
  const float room = width - text_width(font, kDots);
  if (room < 0) return {};
  const char* end = nullptr;
  font->CalcTextSizeA(font_height(font), room, 0, text.data(), text.data() + text.size(), &end);
  auto kept = text.substr(0, static_cast<std::size_t>(end - text.data()));
  while (!kept.empty() && kept.back() == ' ') kept.remove_suffix(1);
  return std::string(kept).append(kDots);
}

void Pen::record(std::string_view text, ImVec2 min, ImVec2 size) {
  if (context_.placed == nullptr || text.empty()) return;
  const ImVec2 clip_min = list_->GetClipRectMin();
  const ImVec2 clip_max = list_->GetClipRectMax();
  context_.placed->push_back({panel_,
                              std::string(text),
                              {min, {min.x + size.x, min.y + size.y}},
                              {clip_min, clip_max}});
}

float Pen::text(ImFont* font, ImVec2 at, ImU32 color, std::string_view text) {
  const float height = font_height(font);
  const float width = text_width(font, text);
  at = {std::round(at.x), std::round(at.y)};
  list_->AddText(font, height, at, color, text.data(), text.data() + text.size());
  record(text, at, {width, height});
  return at.x + width;
}

void Pen::sized(ImFont* font, float size, ImVec2 at, ImU32 color, std::string_view text) {
  at = {std::round(at.x), std::round(at.y)};
  const char* end = text.data() + text.size();
  list_->AddText(font, size, at, color, text.data(), end);
  record(text, at, font->CalcTextSizeA(size, FLT_MAX, 0, text.data(), end));
}

void Pen::text_right(ImFont* font, float right, float top, ImU32 color, std::string_view text) {
  this->text(font, {right - text_width(font, text), top}, color, text);
}

float Pen::number(ImFont* font, ImVec2 at, ImU32 color, std::string_view text) {
  const float height = font_height(font);
  at = {std::round(at.x), std::round(at.y)};
  float x = at.x;
  for_number_pieces(font, text, [&](std::string_view piece, float width) {
    const float inset = (width - text_width(font, piece)) / 2;
    list_->AddText(font, height, {x + inset, at.y}, color, piece.data(),
                   piece.data() + piece.size());
    x += width;
  });
  record(text, at, {x - at.x, height});
  return x;
}

void Pen::number_right(ImFont* font, float right, float top, ImU32 color,
                       std::string_view text) {
  number(font, {right - number_width(font, text), top}, color, text);
}

void Pen::picture(std::uintptr_t texture, ImVec2 min, ImVec2 max, ImVec2 uv_min, ImVec2 uv_max,
                  ImU32 tint, float rounding) {
  list_->AddImageRounded(texture_handle(texture), min, max, uv_min, uv_max, tint, rounding);
}

void Pen::pill(ImVec2 min, ImVec2 max, ImU32 color) {
  // AddRectFilled keeps its corners a pixel short of round, which shows on thin bars.
  const float radius = std::min(max.x - min.x, max.y - min.y) / 2;
  if (radius <= 0) return;
  const float quarter = static_cast<float>(M_PI) / 2;
  if (max.x - min.x <= max.y - min.y + 0.01F) {
    list_->AddCircleFilled({(min.x + max.x) / 2, (min.y + max.y) / 2}, radius, color);
    return;
  }
  const float middle = (min.y + max.y) / 2;
  list_->PathArcTo({min.x + radius, middle}, radius, quarter, 3 * quarter);
  list_->PathArcTo({max.x - radius, middle}, radius, -quarter, quarter);
  list_->PathFillConvex(color);
}

float Pen::wrapped(ImFont* font, ImVec2 at, float width, ImU32 color, std::string_view text) {
  at = {std::round(at.x), std::round(at.y)};
  const ImVec2 size = wrapped_size(font, text, width);
  list_->AddText(font, font_height(font), at, color, text.data(), text.data() + text.size(),
                 width);
  record(text, at, size);
  return at.y + size.y;
}

}  // namespace mien::ui
