#pragma once

#include <functional>
#include <vector>

#include <imgui.h>

#include "mien/ui/panel.hpp"

#include "timeline_history.hpp"

namespace mien {

/// A piece of the history on a piece of the screen.
struct TimelinePlot {
  Area area;
  double end = 0;    ///< the time at the right end
  double span = 60;  ///< seconds from left to right

  float x_at(double time) const {
    return area.max.x - static_cast<float>((end - time) / span) * area.width();
  }
  double time_at(float x) const {
    return end - static_cast<double>((area.max.x - x) / area.width()) * span;
  }
};

/// Draws `value`, 0..1 from bottom to top, of one person as a line; broken where they were not
/// in view.
void plot_line(ImDrawList* list, const TimelineHistory& history, int person,
               const TimelinePlot& plot,
               const std::function<float(const TimelineHistory::Sample&)>& value, ImU32 color,
               float thickness);

/// A stretch of time in which a person showed the same.
struct TimelineRun {
  float left = 0, right = 0;  ///< pixels
  const TimelineHistory::Sample* sample = nullptr;
};

/// What a person showed, from left to right; nothing where they were not in view. Runs shorter
/// than a pixel are left out.
std::vector<TimelineRun> plot_runs(const TimelineHistory& history, int person,
                                   const TimelinePlot& plot);

/// The labels, by index, that reach `least` somewhere in the plot.
std::vector<std::size_t> labels_in_sight(const TimelineHistory& history, int person,
                                         const TimelinePlot& plot, float least);

/// The newest sample of a person in the plot; null when there is none.
const TimelineHistory::Sample* newest_in_sight(const TimelineHistory& history, int person,
                                               const TimelinePlot& plot);

/// Seconds between two ticks of the axis, so that they are at least `least` pixels apart.
double tick_step(const TimelinePlot& plot, float least);

}  // namespace mien
