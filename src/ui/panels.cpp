#include "panels.hpp"

#include <array>

namespace mien {

std::span<const Panel> panels() {
  static constexpr std::array kPanels = {
      Panel{"menu", draw_menu_panel},           Panel{"picture", draw_picture_panel},
      Panel{"people", draw_people_panel},       Panel{"timeline", draw_timeline_panel},
      Panel{"status", draw_status_panel},       Panel{"notices", draw_notices_panel},
      Panel{"open", draw_open_panel},           Panel{"help", draw_help_panel},
      Panel{"prompt", draw_prompt_panel},       Panel{"sessions", draw_sessions_panel},
      Panel{"teach", draw_teach_panel},         Panel{"recovery", draw_recovery_panel},
      Panel{"first run", draw_first_run_panel},
  };
  return kPanels;
}

}  // namespace mien
