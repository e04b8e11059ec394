#pragma once

#include <vector>

#include "timeline_tip.hpp"

namespace mien {

/// The title and the buttons; the hint and the words of `labels`, which have a line in the
/// plot, as far as there is room.
void draw_timeline_header(Timeline& t, const std::vector<std::size_t>& labels);

}  // namespace mien
