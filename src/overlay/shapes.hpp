#pragma once

#include <opencv2/core.hpp>

#include "mien/overlay/palette.hpp"

namespace mien::overlay {

/// Anti-aliased shapes on 8-bit BGR pictures, with fractional pixels and clipped at the edges.
/// Coverage comes from the signed distance to a rounded rectangle.

/// Mixes `color` into the inside of a rounded rectangle; `opacity` 0..1.
void fill_rounded(cv::Mat& bgr, cv::Rect2f rect, float radius, Color color, float opacity = 1);

/// Draws the outline, `thickness` pixels wide and centred on the rectangle's edge. `dash` > 0:
/// that many pixels drawn, and 0.6 times as many left out, along the way round.
void stroke_rounded(cv::Mat& bgr, cv::Rect2f rect, float radius, Color color, float thickness,
                    float dash = 0, float opacity = 1);

/// A filled circle.
void fill_circle(cv::Mat& bgr, cv::Point2f centre, float radius, Color color,
                 float opacity = 1);

}  // namespace mien::overlay
