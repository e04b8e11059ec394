#include "panels.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "mien/ui/panel.hpp"

namespace mien::ui {

std::span<const Panel> panels() {
  static constexpr std::array kPanels = {
      Panel{"menu", draw_menu_panel},
      Panel{"picture", draw_picture_panel},
      Panel{"people", draw_people_panel},
      Panel{"timeline", draw_timeline_panel},
      Panel{"status", draw_status_panel},
      Panel{"notices", draw_notices_panel},
      Panel{"open", draw_open_panel},
      Panel{"help", draw_help_panel},
      Panel{"prompt", draw_prompt_panel},
      Panel{"sessions", draw_sessions_panel},
      Panel{"teach", draw_teach_panel},
      Panel{"recovery", draw_recovery_panel},
      Panel{"system check", draw_system_check_panel},
      Panel{"send question", draw_send_question_panel},
      Panel{"first run", draw_first_run_panel},
  };
  return kPanels;
}

void begin_panel_window(const char* name, const Area& area, ImGuiWindowFlags more) {
  ImGui::SetNextWindowPos(area.min);
  ImGui::SetNextWindowSize({area.width(), area.height()});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0.0F);
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

Layout compute_layout(ImVec2 size, float scale, const base::Settings& settings) {
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
    const float height = std::round(std::clamp(size.y * 0.215F, px(126), px(260)));
    layout.timeline = {{margin, bottom - height}, {size.x - margin, bottom}};
    bottom -= height + px(10);
  }
  float right = size.x - margin;
  if (settings.show_panel) {
    const float width = std::round(std::clamp(size.x * 0.281F, px(264), px(400)));
    layout.people = {{right - width, top}, {right, bottom}};
    right -= width + margin;
  }
  layout.picture = {{margin, top}, {right, bottom}};
  return layout;
}

}  // namespace mien::ui
