#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mien/base/reading.hpp"

#include "timeline_history.hpp"

namespace mien::ui {

/// A number over time that the timeline can show beside the expressions.
struct Curve {
  std::string id;           ///< of the settings: "valence", "yaw", a movement's id
  std::string name;         ///< beside its line: "right mouth corner up"
  std::string description;  ///< one line
  std::string unit{};       ///< "°", or empty
  bool ticks = false;       ///< marks at the lower edge, no line: blinks
};

/// All of them, in the order of the menu.
std::span<const Curve> curves();
/// Those of the settings that this version knows, by index into curves(), in the menu's order.
std::vector<std::size_t> chosen_curves(const std::vector<std::string>& ids);

/// Its value then, in its own unit; NaN: not known, or of ticks.
float curve_value(const TimelineHistory::Sample& sample, std::size_t curve);
/// Where it lies in the plot, 0..1 from bottom to top; NaN: not known.
float curve_height(const TimelineHistory::Sample& sample, std::size_t curve);

/// "+12°", "-0.31", "?".
std::string curve_text(const TimelineHistory::Sample& sample, std::size_t curve);

}  // namespace mien::ui
