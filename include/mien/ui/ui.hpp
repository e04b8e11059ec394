#pragma once

#include <memory>
#include <vector>

#include "mien/ui/panel.hpp"

namespace mien::ui {

/// The whole window as the person sees it, drawn with the current ImGui context.
///
/// One thread, between ImGui::NewFrame() and ImGui::Render(). Knows no device, no file of a
/// session and no OpenGL: it reads a ViewModel and answers with actions.
class Ui {
 public:
  Ui();
  ~Ui();
  Ui(const Ui&) = delete;
  Ui& operator=(const Ui&) = delete;

  struct Result {
    std::vector<Action> actions;
    bool animating = false;  ///< something moves: draw again soon, without waiting for news
  };

  /// Draws everything and handles the keys.
  Result draw(const ViewModel& view, const Theme& theme);

  /// As draw(), and notes every text of the panels' own painting in `placed`.
  Result draw(const ViewModel& view, const Theme& theme, std::vector<PlacedText>& placed);

 private:
  Result draw(const ViewModel& view, const Theme& theme, std::vector<PlacedText>* placed);
  std::unique_ptr<UiState> state_;
};

}  // namespace mien::ui
