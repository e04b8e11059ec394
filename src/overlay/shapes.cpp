#include "shapes.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mien::overlay {
namespace {

struct RoundedRect {
  cv::Point2f centre;
  cv::Point2f half;
  float radius;

  RoundedRect(cv::Rect2f rect, float wished_radius)
      : centre(rect.x + rect.width / 2, rect.y + rect.height / 2),
        half(rect.width / 2, rect.height / 2),
        radius(std::clamp(wished_radius, 0.F, std::min(half.x, half.y))) {}

  /// Pixels from the edge; negative inside.
  float distance(cv::Point2f point) const {
    const float dx = std::abs(point.x - centre.x) - (half.x - radius);
    const float dy = std::abs(point.y - centre.y) - (half.y - radius);
    const float outside = std::hypot(std::max(dx, 0.F), std::max(dy, 0.F));
    return outside + std::min(std::max(dx, dy), 0.F) - radius;
  }

  /// Length of a quarter of the way round.
  float quarter() const {
    return half.x - radius + half.y - radius + radius * std::numbers::pi_v<float> / 2;
  }

  /// How far round a point near the edge is, within its own quarter, from the vertical middle
  /// line (top or bottom) to the horizontal one. Quarters mirror each other, so dashes are
  /// symmetric.
  float along(cv::Point2f point) const {
    const float x = std::abs(point.x - centre.x);
    const float y = std::abs(point.y - centre.y);
    const float straight_x = half.x - radius;
    const float straight_y = half.y - radius;
    const float corner = radius * std::numbers::pi_v<float> / 2;
    if (x > straight_x && y > straight_y) {
      return straight_x + radius * std::atan2(x - straight_x, y - straight_y);
    }
    // On a straight side: the nearer one.
    if (half.y - y < half.x - x) return std::min(x, straight_x);
    return straight_x + corner + std::max(0.F, straight_y - y);
  }
};

void mix(cv::Vec3b& pixel, Color color, float share) {
  const auto blend = [share](std::uint8_t old, std::uint8_t target) {
    return static_cast<std::uint8_t>(std::lround(old + (target - old) * share));
  };
  pixel = {blend(pixel[0], color.b), blend(pixel[1], color.g), blend(pixel[2], color.r)};
}

/// Calls coverage(point) for the pixels around `rect` grown by `margin`, and mixes the colour
/// in. Skips each row's pixels between `hollow`'s sides, where a stroke has nothing to draw.
template <typename Coverage>
void paint(cv::Mat& bgr, cv::Rect2f rect, float margin, cv::Rect2f hollow, Color color,
           const Coverage& coverage) {
  const auto limit = [](float value, int end) {
    return static_cast<int>(std::clamp(value, 0.F, static_cast<float>(end)));
  };
  const int left = limit(std::floor(rect.x - margin), bgr.cols);
  const int right = limit(std::ceil(rect.x + rect.width + margin), bgr.cols);
  const int top = limit(std::floor(rect.y - margin), bgr.rows);
  const int bottom = limit(std::ceil(rect.y + rect.height + margin), bgr.rows);
  for (int y = top; y < bottom; ++y) {
    auto* row = bgr.ptr<cv::Vec3b>(y);
    const bool skips = !hollow.empty() && y > hollow.y && y + 1 < hollow.y + hollow.height;
    for (int x = left; x < right; ++x) {
      if (skips && x > hollow.x && x + 1 < hollow.x + hollow.width) {
        x = std::max(x, limit(hollow.x + hollow.width, right) - 2);
        continue;
      }
      const float share = coverage(cv::Point2f(x + 0.5F, y + 0.5F));
      if (share > 0) mix(row[x], color, share);
    }
  }
}

float covered(float distance) { return std::clamp(0.5F - distance, 0.F, 1.F); }

}  // namespace

void fill_rounded(cv::Mat& bgr, cv::Rect2f rect, float radius, Color color, float opacity) {
  if (rect.width <= 0 || rect.height <= 0) return;
  const RoundedRect shape(rect, radius);
  paint(bgr, rect, 1, {}, color,
        [&](cv::Point2f point) { return opacity * covered(shape.distance(point)); });
}

void stroke_rounded(cv::Mat& bgr, cv::Rect2f rect, float radius, Color color, float thickness,
                    float dash, float opacity) {
  if (rect.width <= 0 || rect.height <= 0 || thickness <= 0) return;
  const RoundedRect shape(rect, radius);
  const float reach = thickness / 2 + 1;
  // The largest plain rectangle inside the outline that no stroke touches.
  const float inset = std::max(shape.radius, reach);
  cv::Rect2f hollow(rect.x + inset, rect.y + inset, rect.width - 2 * inset,
                    rect.height - 2 * inset);
  if (hollow.width <= 0 || hollow.height <= 0) hollow = {};
  // Whole dashes fit each quarter: it starts in the middle of a dash and ends in the middle of
  // one.
  const float requested_dash = dash * 1.6F;
  const float period =
      dash > 0 ? shape.quarter() / std::max(1.F, std::round(shape.quarter() / requested_dash))
               : 0;
  const float on = period / 1.6F;
  paint(bgr, rect, reach, hollow, color, [&](cv::Point2f point) {
    float share = opacity * covered(std::abs(shape.distance(point)) - thickness / 2);
    if (period > 0 && share > 0) {
      const float phase = std::remainder(shape.along(point), period);
      share *= covered(std::abs(phase) - on / 2);
    }
    return share;
  });
}

void fill_circle(cv::Mat& bgr, cv::Point2f centre, float radius, Color color, float opacity) {
  fill_rounded(bgr, {centre.x - radius, centre.y - radius, 2 * radius, 2 * radius}, radius,
               color, opacity);
}

}  // namespace mien::overlay
