#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mien/ui/panel.hpp"

#include "pen.hpp"

namespace mien::ui {

/// The size of small_button() with that text.
ImVec2 small_button_size(const Theme& theme, std::string_view text);

/// A small button of the panels' own painting, in the current window. True when it was clicked.
/// `on`: drawn as the one in use.
bool small_button(Pen& pen, const Theme& theme, const char* id, std::string_view text,
                  ImVec2 at, bool on = false, float alpha = 1);

/// A line of a tooltip: a dot, a text, and a number at the right end.
struct TooltipLine {
  std::string text;
  std::string number;
  ImU32 color;  ///< of the dot
};

/// Shows them beside the pointer. PlacedText::panel is "tip".
void draw_tooltip(PanelContext& context, const std::vector<TooltipLine>& lines);

/// Begins a dialog in the middle of the window that keeps everything behind it from being used;
/// `open` opens it when it is not. A height of 0: what its content needs. Returns whether it is
/// shown; then ImGui::EndPopup() ends it.
bool begin_dialog(PanelContext& context, const char* name, bool open, ImVec2 size);

void dialog_title(const Theme& theme, const char* text);
void dialog_heading(const Theme& theme, const char* text);
/// Small, soft, broken into lines.
void dialog_text(const Theme& theme, const std::string& text);

/// The dialog's default action.
bool primary_button(const Theme& theme, const char* text, float width);
/// An action that cannot be undone.
bool destructive_button(const Theme& theme, const char* text, float width);

/// Closes the dialog; at the right end of the line.
void close_button(const Theme& theme);

}  // namespace mien::ui
