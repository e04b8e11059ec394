#pragma once

#include <span>
#include <string>
#include <vector>

#include "mien/ui/actions.hpp"
#include "mien/ui/imgui_versions.hpp"
#include "mien/ui/theme.hpp"
#include "mien/ui/view_model.hpp"

namespace mien::ui {

/// A rectangle of the window, in pixels.
struct Area {
  ImVec2 min{0, 0};
  ImVec2 max{0, 0};
  float width() const { return max.x - min.x; }
  float height() const { return max.y - min.y; }
};

/// Where everything lies.
struct Layout {
  Area window;
  Area menu;
  Area picture;
  Area people;    ///< empty when the side panel is off
  Area timeline;  ///< empty when it is off
  Area status;
};

/// Divides a window of `size` pixels. Nothing overlaps from 900x600 times `scale` up.
Layout compute_layout(ImVec2 size, float scale, const base::Settings& settings);

/// A text as it was drawn, for tests of legibility.
struct PlacedText {
  std::string panel;
  std::string text;
  Area area;  ///< what the text covers
  Area clip;  ///< what of it could be seen
};

struct UiState;  // what panels remember from one redraw to the next: src/ui/ui_state.hpp

/// What a panel draws from and answers into.
struct PanelContext {
  const ViewModel& view;
  const Theme& theme;
  const Layout& layout;
  UiState& state;
  std::vector<Action>& actions;
  std::vector<PlacedText>* placed = nullptr;  ///< filled when not null
  bool animating = false;  ///< a panel sets it when it wants the next redraw soon

  void ask(Action action) { actions.push_back(std::move(action)); }
};

/// A part of the window. To add one: a file x_panel.cpp and a line in panels.cpp.
struct Panel {
  const char* name;
  void (*draw)(PanelContext&);
};

/// All of them, in the order in which they are drawn.
std::span<const Panel> panels();

}  // namespace mien::ui
