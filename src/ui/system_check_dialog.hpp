#pragma once

#include "mien/ui/panel.hpp"

namespace mien::ui {

/// Help > System check: what a bug report needs, on one page that can be copied. It is looked
/// at anew each time it opens.
class SystemCheckDialog {
 public:
  /// Opens it, and asks for the check.
  void show(PanelContext& context);

  /// Draws it when it is open.
  void draw(PanelContext& context);

 private:
  void draw_report(PanelContext& context);
  void draw_row(PanelContext& context, const analysis::SystemRow& row);

  bool wanted_ = false;
  bool shown_ = false;
  bool copied_ = false;  ///< since the check began
};

}  // namespace mien::ui
