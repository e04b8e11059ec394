#include "timeline_pointer.hpp"

#include <algorithm>
#include <cmath>

namespace mien {
namespace {

constexpr double kLeastSpan = 5;
constexpr float kClick = 4;  // pixels that a hand may slip in a click

void keep_in_history(UiState& state) {
  auto& view = state.timeline;
  view.span = std::clamp(view.span, kLeastSpan, std::max(kLeastSpan, state.history.span()));
  if (view.following) return;
  const double oldest = state.history.oldest(state.clock);
  view.end = std::max(view.end, std::min(state.clock - 1e-3, oldest + 1));
  if (view.end >= state.clock) {
    view.end = state.clock;
    view.following = true;
  }
}

}  // namespace

void hold_timeline(UiState& state) {
  if (!state.timeline.following) return;
  state.timeline.following = false;
  // A touch before now, or it would count as now.
  state.timeline.end = state.clock - 1e-3;
}

bool zoom_and_pan(Timeline& t) {
  auto& state = t.state();
  auto& view = state.timeline;
  const auto& io = ImGui::GetIO();
  const auto& plot = t.plot.area;
  if (t.hovered && io.MouseWheel != 0 && !io.KeyShift) {
    // What is under the pointer stays there, or now does.
    const double at = t.plot.time_at(io.MousePos.x);
    const double old = view.span;
    view.span = std::clamp(old * std::pow(0.8, io.MouseWheel), kLeastSpan,
                           std::max(kLeastSpan, state.history.span()));
    if (!view.following) view.end = at + (view.end - at) * view.span / old;
    t.context.animating = true;
  }
  if (t.hovered && io.MouseWheelH != 0) {
    hold_timeline(state);
    view.end -= io.MouseWheelH * view.span / 20;
  }
  if (t.hovered && ImGui::IsMouseClicked(0)) {
    view.dragging = true;
    view.dragged = 0;
  }
  bool clicked = false;
  if (view.dragging) {
    view.dragged += std::abs(io.MouseDelta.x) + std::abs(io.MouseDelta.y);
    if (!ImGui::IsMouseDown(0)) {
      view.dragging = false;
      clicked = t.hovered && view.dragged < kClick;
    } else if (view.dragged >= kClick && io.MouseDelta.x != 0) {
      hold_timeline(state);
      view.end -= static_cast<double>(io.MouseDelta.x / plot.width()) * view.span;
    }
  }
  keep_in_history(state);
  t.plot.end = view.following ? state.clock : view.end;
  t.plot.span = view.span;
  t.live = view.following;
  return clicked;
}

}  // namespace mien
