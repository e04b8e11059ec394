#include "mien/ui/ui.hpp"

#include "keys.hpp"
#include "panels.hpp"
#include "ui_state.hpp"

namespace mien::ui {

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
  update_people(context);
  handle_keys(context);
  for (const auto& panel : panels()) panel.draw(context);
  result.animating = context.animating;
  return result;
}

}  // namespace mien::ui
