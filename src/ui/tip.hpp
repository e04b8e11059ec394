#pragma once

#include <string>
#include <vector>

#include "pen.hpp"

namespace mien {

/// A line of a tooltip: a dot, words, and a number at the right end.
struct TipLine {
  std::string words;
  std::string number;
  ImU32 color;  ///< of the dot
};

/// Shows them beside the pointer. The text panel's name for tests is "tip".
void draw_tip_lines(PanelContext& context, const std::vector<TipLine>& lines);

}  // namespace mien
