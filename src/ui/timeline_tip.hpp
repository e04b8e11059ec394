#pragma once

#include "pen.hpp"
#include "timeline_painter.hpp"
#include "ui_state.hpp"

namespace mien {

/// What the parts of the timeline share while it is drawn once.
struct Timeline {
  PanelContext& context;
  Pen& pen;
  const Theme& theme;
  const Area& area;
  TimelinePlot plot;
  int person = 0;        ///< whose lines; 0: lanes
  bool hovered = false;  ///< the pointer is over the plot
  bool live = true;      ///< the right end is now

  UiState& state() const { return context.state; }
};

/// What was said at `time`, beside the pointer: how long ago, markers there, and what `person`
/// showed; 0 for nobody.
void draw_tip(Timeline& t, int person, double time);

}  // namespace mien
