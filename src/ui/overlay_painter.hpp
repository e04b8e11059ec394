#pragma once

#include "mien/analysis/overlay_layout.hpp"

#include "pen.hpp"

namespace mien {

/// How wide and high ImGui draws the overlay's texts.
MeasureText overlay_measure(const Theme& theme);

/// Paints boxes, tags and bars. `strength` 0..1 is the opacity of all of it.
void paint_overlay(Pen& pen, const Overlay& overlay, const Theme& theme, float strength);

}  // namespace mien
