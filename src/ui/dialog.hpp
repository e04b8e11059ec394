#pragma once

#include <string>

#include "mien/ui/panel.hpp"

namespace mien {

/// Begins a dialog in the middle of the window that keeps everything behind it from being used;
/// `open` opens it when it is not. A height of 0: what its content needs. Returns whether it is
/// shown; then ImGui::EndPopup() ends it.
bool begin_dialog(PanelContext& context, const char* name, bool open, ImVec2 size);

void dialog_title(const Theme& theme, const char* words);
void dialog_heading(const Theme& theme, const char* words);
/// Small, soft, broken into lines.
void dialog_text(const Theme& theme, const std::string& words);

/// The button that Enter would mean.
bool primary_button(const Theme& theme, const char* words, float width);
/// A button that cannot be taken back.
bool alarming_button(const Theme& theme, const char* words, float width);

/// Closes the dialog; at the right end of the line.
void close_button(const Theme& theme);

}  // namespace mien
