#pragma once

#include "mien/ui/panel.hpp"

namespace mien::ui {

void draw_menu_panel(PanelContext& context);
void draw_picture_panel(PanelContext& context);
void draw_people_panel(PanelContext& context);
void draw_timeline_panel(PanelContext& context);
void draw_status_panel(PanelContext& context);
void draw_notices_panel(PanelContext& context);
void draw_open_panel(PanelContext& context);
void draw_help_panel(PanelContext& context);
void draw_prompt_panel(PanelContext& context);
void draw_sessions_panel(PanelContext& context);
void draw_system_check_panel(PanelContext& context);
void draw_teach_panel(PanelContext& context);
void draw_recovery_panel(PanelContext& context);
void draw_send_question_panel(PanelContext& context);
void draw_first_run_panel(PanelContext& context);

/// Opens a window that fills `area` and shows no frame of its own; End() with ImGui::End().
void begin_panel_window(const char* name, const Area& area, ImGuiWindowFlags more = 0);

}  // namespace mien::ui
