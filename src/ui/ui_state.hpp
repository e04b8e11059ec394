#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "mien/ui/panel.hpp"

#include "notice_board.hpp"
#include "open_dialog.hpp"

namespace mien {

/// What is drawn of a person, easing towards the readings, and staying a moment after they
/// left.
struct PersonCard {
  FaceReading reading;
  std::shared_ptr<const std::vector<std::string>> labels;
  std::vector<float> bars;  ///< shown, 0..1
  double seen = 0;          ///< ImGui time
};

/// What the panels remember from one redraw to the next.
struct UiState {
  NoticeBoard notices;
  OpenDialog dialog;
  std::map<int, PersonCard> people;
  bool help_wanted = false;  ///< opens the help at the next chance
  bool help_open = false;
  float notices_bottom = 0;  ///< notices keep above this: the hint lies below it
};

}  // namespace mien
