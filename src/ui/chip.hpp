#pragma once

#include <string_view>

#include "pen.hpp"

namespace mien {

/// The size of a small button with these words.
ImVec2 chip_size(const Theme& theme, std::string_view words);

/// A small button of the panels' own painting, in the current window. True when it was clicked.
/// `on`: drawn as the one in use.
bool chip(Pen& pen, const Theme& theme, const char* id, std::string_view words, ImVec2 at,
          bool on = false, float alpha = 1);

}  // namespace mien
