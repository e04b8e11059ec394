#include "sessions_dialog.hpp"

#include <algorithm>
#include <utility>

#include "mien/reports/exports.hpp"
#include "mien/ui/ui.hpp"

#include "formatting.hpp"
#include "panels.hpp"
#include "pen.hpp"
#include "ui_state.hpp"
#include "widgets.hpp"

namespace mien::ui {
namespace {

/// Where the columns of the list begin, in shares of its width.
constexpr float kLength = 0.30F;
constexpr float kPeople = 0.44F;
constexpr float kSize = 0.60F;
constexpr float kNotes = 0.74F;

std::string notes_of(const sessions::SessionEntry& session) {
  switch (session.state) {
    case sessions::SessionEntry::State::recording:
      return "being recorded";
    case sessions::SessionEntry::State::broken:
      return "not finished";
    case sessions::SessionEntry::State::finished:
      break;
  }
  return session.video ? session.source : "no picture";
}

ImU32 notes_color(const Theme& theme, const sessions::SessionEntry& session) {
  switch (session.state) {
    case sessions::SessionEntry::State::recording:
      return theme.colors.alarm;
    case sessions::SessionEntry::State::broken:
      return theme.colors.warning;
    case sessions::SessionEntry::State::finished:
      break;
  }
  return theme.colors.dim;
}

}  // namespace

void SessionsDialog::show(PanelContext& context) {
  wanted_ = true;
  asking_ = false;
  notice_ = {};
  context.ask(action::ListSessions{});
}

const sessions::SessionEntry* SessionsDialog::chosen(const PanelContext& context) const {
  const auto& sessions = context.view.sessions;
  const auto it = std::find_if(sessions.begin(), sessions.end(),
                               [&](const auto& s) { return s.folder == chosen_; });
  return it == sessions.end() ? nullptr : &*it;
}

void SessionsDialog::open(PanelContext& context, const sessions::SessionEntry& session) {
  if (session.state != sessions::SessionEntry::State::finished) return;
  context.ask(action::OpenSession{session.folder});
  ImGui::CloseCurrentPopup();
}

void SessionsDialog::draw_row(PanelContext& context, const sessions::SessionEntry& session) {
  const auto& theme = context.theme;
  const float row = theme.px(30);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  ImGui::PushID(session.folder.c_str());
  if (ImGui::Selectable(
          "##row", session.folder == chosen_,
          ImGuiSelectableFlags_AllowDoubleClick | ImGuiSelectableFlags_DontClosePopups,
          {0, row})) {
    chosen_ = session.folder;
    asking_ = false;
    if (ImGui::IsMouseDoubleClicked(0)) open(context, session);
  }
  ImGui::PopID();
  if (!ImGui::IsItemVisible()) return;
  Pen pen(context, "sessions", ImGui::GetWindowDrawList());
  const float top = at.y + (row - font_height(theme.small)) / 2;
  const float pad = theme.px(8);
  const auto cell = [&](ImFont* font, float from, float to, ImU32 color,
                        const std::string& text) {
    const float left = at.x + pad + from * (width - 2 * pad);
    const float room = (to - from) * (width - 2 * pad) - theme.px(8);
    pen.text(font, {left, top - (font_height(font) - font_height(theme.small)) / 2}, color,
             elide(font, text, room));
  };
  cell(theme.regular, 0, kLength, theme.colors.text, session_date(session));
  cell(theme.small, kLength, kPeople, theme.colors.soft, format_clock(session.seconds));
  cell(theme.small, kPeople, kSize, theme.colors.soft, format_people(session.people));
  cell(theme.small, kSize, kNotes, theme.colors.soft, format_bytes(session.bytes));
  cell(theme.small, kNotes, 1, notes_color(theme, session), notes_of(session));
}

void SessionsDialog::remember_notice(const PanelContext& context) {
  for (const auto& notice : context.view.notices) notice_ = notice;
}

float SessionsDialog::notice_height(const Theme& theme) const {
  if (notice_.text.empty()) return 0;
  ImGui::PushFont(theme.small);
  const float width = ImGui::GetContentRegionAvail().x;
  const float height = ImGui::CalcTextSize(notice_.text.c_str(), nullptr, false, width).y;
  ImGui::PopFont();
  return height + ImGui::GetStyle().ItemSpacing.y;
}

void SessionsDialog::draw_notice(const Theme& theme) const {
  if (notice_.text.empty()) return;
  ImU32 color = theme.colors.text;
  if (notice_.level == base::Notice::Level::warning) color = theme.colors.warning;
  if (notice_.level == base::Notice::Level::error) color = theme.colors.alarm;
  ImGui::PushFont(theme.small);
  ImGui::PushStyleColor(ImGuiCol_Text, color);
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(notice_.text.c_str());
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

void SessionsDialog::draw_list(PanelContext& context) {
  const auto& theme = context.theme;
  const auto& view = context.view;
  const float footer = ImGui::GetFrameHeight() + font_height(theme.small) +
                       2 * ImGui::GetStyle().ItemSpacing.y + notice_height(theme);
  ImGui::PushStyleColor(ImGuiCol_ChildBg, theme.colors.card);
  ImGui::BeginChild("##sessions", {0, -footer}, false, ImGuiWindowFlags_AlwaysUseWindowPadding);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  if (!view.sessions.empty()) {
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(view.sessions.size()), theme.px(30));
    while (clipper.Step()) {
      for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
        draw_row(context, view.sessions[static_cast<std::size_t>(i)]);
      }
    }
  }
  ImGui::PopStyleVar();
  if (view.sessions.empty()) {
    dialog_text(theme, view.sessions_known
                           ? "Nothing was recorded yet. R starts a recording; it is kept in " +
                                 view.sessions_folder + "."
                           : "Looking…");
  }
  ImGui::EndChild();
  ImGui::PopStyleColor();
}

void SessionsDialog::draw_exports(PanelContext& context,
                                  const sessions::SessionEntry& session) {
  if (!ImGui::BeginPopup("##exports")) return;
  for (const auto& format : reports::export_formats()) {
    if (ImGui::MenuItem(format.name)) {
      context.ask(action::ExportSession{session.folder, format.id});
    }
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", format.description);
  }
  ImGui::EndPopup();
}

/// Deleting cannot be undone, so it must be confirmed.
void SessionsDialog::draw_confirmation(PanelContext& context,
                                       const sessions::SessionEntry& session) {
  const auto& theme = context.theme;
  if (destructive_button(theme, "Delete permanently", theme.px(150))) {
    context.ask(action::DeleteSession{session.folder});
    asking_ = false;
  }
  ImGui::SameLine();
  if (ImGui::Button("Cancel", {theme.px(90), 0})) asking_ = false;
}

void SessionsDialog::draw_buttons(PanelContext& context,
                                  const sessions::SessionEntry& session) {
  const auto& theme = context.theme;
  const bool finished = session.state == sessions::SessionEntry::State::finished;
  if (session.state == sessions::SessionEntry::State::broken) {
    if (primary_button(theme, "Recover", theme.px(96))) {
      context.ask(
          action::AnswerRecovery{session.folder, action::AnswerRecovery::Answer::recover});
    }
  } else {
    ImGui::BeginDisabled(!finished);
    const bool entered = (key_pressed(Key::enter) || key_pressed(Key::keypad_enter)) &&
                         !ImGui::IsPopupOpen("##exports");
    if (primary_button(theme, "Open", theme.px(76)) || entered) open(context, session);
    ImGui::EndDisabled();
  }
  ImGui::SameLine();
  ImGui::BeginDisabled(!finished);
  if (ImGui::Button("Report", {theme.px(80), 0})) {
    context.ask(action::OpenReport{session.folder});
  }
  ImGui::SameLine();
  if (ImGui::Button("Export…", {theme.px(86), 0})) ImGui::OpenPopup("##exports");
  ImGui::EndDisabled();
  draw_exports(context, session);
  ImGui::SameLine();
  if (ImGui::Button("Show files", {theme.px(100), 0})) {
    context.ask(action::OpenFolder{session.folder});
  }
  ImGui::SameLine();
  ImGui::BeginDisabled(session.state == sessions::SessionEntry::State::recording);
  if (ImGui::Button("Delete…", {theme.px(86), 0})) asking_ = true;
  ImGui::EndDisabled();
}

void SessionsDialog::draw(PanelContext& context) {
  const auto& theme = context.theme;
  if (!begin_dialog(context, "##past-sessions", std::exchange(wanted_, false),
                    {theme.px(780), theme.px(520)})) {
    return;
  }
  remember_notice(context);
  ImGui::PushFont(theme.semibold);
  ImGui::TextUnformatted("Past sessions");
  ImGui::PopFont();
  draw_list(context);
  const auto* session = chosen(context);
  std::string text = "Choose one and press Enter, or double-click it.";
  if (session != nullptr) {
    text = asking_ ? "Delete the session of " + session_date(*session) +
                         " with its video, tables and report?"
                   : session->folder.string();
  }
  ImGui::PushFont(theme.small);
  ImGui::PushStyleColor(ImGuiCol_Text, asking_ ? theme.colors.text : theme.colors.dim);
  ImGui::TextUnformatted(elide(theme.small, text, ImGui::GetContentRegionAvail().x).c_str());
  ImGui::PopStyleColor();
  ImGui::PopFont();
  draw_notice(theme);
  if (session != nullptr) {
    asking_ ? draw_confirmation(context, *session) : draw_buttons(context, *session);
    ImGui::SameLine();
  }
  close_button(theme);
  ImGui::EndPopup();
}

void draw_sessions_panel(PanelContext& context) { context.state.sessions.draw(context); }

}  // namespace mien::ui
