#pragma once

#include "timeline_tip.hpp"

namespace mien {

/// The plot stays where it is from now on, while time goes by.
void hold_timeline(UiState& state);

/// The wheel and drags, for what the timeline shows; `t.plot` and `t.live` follow. Returns true
/// when the plot was clicked and not dragged.
bool zoom_and_pan(Timeline& t);

}  // namespace mien
