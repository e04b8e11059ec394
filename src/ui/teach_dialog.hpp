#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "mien/ui/panel.hpp"

namespace mien::ui {

class Pen;

/// "Teach it your face": labels, a key held for each while its face is made, what was shown,
/// what came of it. Shows and asks; the examples and the model are the program's.
class TeachDialog {
 public:
  static constexpr std::size_t kMaxLabels = 9;  ///< a digit each

  void show(PanelContext& context);

  /// Draws it when it is open.
  void draw(PanelContext& context);

 private:
  void follow_labels(const TeachingView& teaching);
  void follow_person(PanelContext& context);
  void add_label(const std::string& word);
  void draw_face(PanelContext& context);
  void draw_whose(PanelContext& context);
  void draw_labels(PanelContext& context);
  void draw_adding(PanelContext& context);
  void draw_state(PanelContext& context);
  void draw_buttons(PanelContext& context);
  void draw_confirmation(PanelContext& context);
  void draw_saved(PanelContext& context);
  void take(PanelContext& context);

  bool wanted_ = false;
  int person_ = 0;  ///< whose face is shown
  std::vector<std::string> labels_{"neutral", "happiness"};
  std::optional<std::size_t> held_;  ///< the label whose key or button is down
  std::string refused_;              ///< why what is held is not taken
  std::string own_;                  ///< a word being typed
  std::string name_ = "My face";
  std::optional<Choice> forgetting_;  ///< asked about
};

}  // namespace mien::ui
