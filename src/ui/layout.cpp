#include <algorithm>
#include <cmath>

#include "mien/ui/panel.hpp"

namespace mien {

Layout compute_layout(ImVec2 size, float scale, const Settings& settings) {
  const auto px = [&](float length) { return std::round(length * scale); };
  const float menu = px(34);
  const float status = px(30);
  const float margin = px(12);
  Layout layout;
  layout.window = {{0, 0}, size};
  layout.menu = {{0, 0}, {size.x, menu}};
  layout.status = {{0, size.y - status}, size};
  const float top = menu + margin;
  float bottom = size.y - status - margin;
  if (settings.show_timeline) {
    const float height = std::round(std::clamp(size.y * 0.215f, px(126), px(260)));
    layout.timeline = {{margin, bottom - height}, {size.x - margin, bottom}};
    bottom -= height + px(10);
  }
  float right = size.x - margin;
  if (settings.show_panel) {
    const float width = std::round(std::clamp(size.x * 0.281f, px(264), px(400)));
    layout.people = {{right - width, top}, {right, bottom}};
    right -= width + margin;
  }
  layout.picture = {{margin, top}, {right, bottom}};
  return layout;
}

}  // namespace mien
