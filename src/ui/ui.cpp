#include "mien/ui/ui.hpp"

#include "keys.hpp"
#include "panels.hpp"
#include "people_state.hpp"
#include "ui_state.hpp"

namespace mien {

void begin_panel_window(const char* name, const Area& area, ImGuiWindowFlags more) {
  ImGui::SetNextWindowPos(area.min);
  ImGui::SetNextWindowSize({area.width(), area.height()});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0.0f);
  // NoBringToFront puts a window behind all others when it is made; what floats (NoInputs) is
  // meant to be above.
  const ImGuiWindowFlags layer =
      (more & ImGuiWindowFlags_NoInputs) != 0 ? 0 : ImGuiWindowFlags_NoBringToFrontOnFocus;
  ImGui::Begin(name, nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBackground |
                   ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoNav |
                   ImGuiWindowFlags_NoScrollWithMouse | layer | more);
  ImGui::PopStyleVar(2);
}

Ui::Ui() : state_(std::make_unique<UiState>()) {}
Ui::~Ui() = default;

Ui::Result Ui::draw(const ViewModel& view, const Theme& theme) {
  return draw(view, theme, nullptr);
}

Ui::Result Ui::draw(const ViewModel& view, const Theme& theme,
                    std::vector<PlacedText>& placed) {
  return draw(view, theme, &placed);
}

Ui::Result Ui::draw(const ViewModel& view, const Theme& theme,
                    std::vector<PlacedText>* placed) {
  const Layout layout = compute_layout(ImGui::GetIO().DisplaySize, theme.scale, view.settings);
  Result result;
  PanelContext context{view, theme, layout, *state_, result.actions, placed};
  follow_people(context);
  handle_keys(context);
  for (const auto& panel : panels()) panel.draw(context);
  tell_names(context);
  result.animating = context.animating;
  return result;
}

}  // namespace mien
