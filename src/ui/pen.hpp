#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mien/ui/panel.hpp"

namespace mien::ui {

/// `text`, or its beginning and "…" so that it is at most `width` wide. Empty when not even the
/// dots fit.
std::string elide(ImFont* font, std::string_view text, float width);

/// The width of `text` in one line.
float text_width(ImFont* font, std::string_view text);

/// As text_width(), every digit as wide as the widest: numbers that change stay in place.
float number_width(ImFont* font, std::string_view text);

/// Draws a panel's texts, and records where for the tests (PanelContext::placed).
class Pen {
 public:
  Pen(PanelContext& context, const char* panel, ImDrawList* list)
      : context_(context), panel_(panel), list_(list) {}

  ImDrawList* list() const { return list_; }

  /// One line; `at` is its top left. Returns its right end.
  float text(ImFont* font, ImVec2 at, ImU32 color, std::string_view text);
  /// One line at a size other than the font's own.
  void sized(ImFont* font, float size, ImVec2 at, ImU32 color, std::string_view text);
  /// One line that ends at `right`.
  void text_right(ImFont* font, float right, float top, ImU32 color, std::string_view text);
  /// One line, digits in columns. Returns its right end.
  float number(ImFont* font, ImVec2 at, ImU32 color, std::string_view text);
  void number_right(ImFont* font, float right, float top, ImU32 color, std::string_view text);
  /// A part of a picture, from the corner `uv_min` of its texture to `uv_max` in shares of it.
  void picture(std::uintptr_t texture, ImVec2 min, ImVec2 max, ImVec2 uv_min, ImVec2 uv_max,
               ImU32 tint, float rounding);
  /// A bar with round ends.
  void pill(ImVec2 min, ImVec2 max, ImU32 color);
  /// Several lines within `width`. Returns the bottom.
  float wrapped(ImFont* font, ImVec2 at, float width, ImU32 color, std::string_view text);

 private:
  void record(std::string_view text, ImVec2 min, ImVec2 size);

  PanelContext& context_;
  const char* panel_;
  ImDrawList* list_;
};

/// The size of `text` broken into lines of at most `width`.
ImVec2 wrapped_size(ImFont* font, std::string_view text, float width);

}  // namespace mien::ui
