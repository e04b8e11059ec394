#include "system_check_dialog.hpp"

#include <algorithm>
#include <utility>

#include "panels.hpp"
#include "pen.hpp"
#include "ui_state.hpp"
#include "widgets.hpp"

namespace mien::ui {
namespace {

/// Of the rows' width: where the values begin.
constexpr float kValueShare = 0.24F;

ImU32 finding_color(const Theme& theme, analysis::Finding finding) {
  switch (finding) {
    case analysis::Finding::good:
      break;
    case analysis::Finding::doubtful:
      return theme.colors.warning;
    case analysis::Finding::broken:
      return theme.colors.alarm;
  }
  return theme.colors.soft;
}

ImU32 verdict_color(const Theme& theme, const SystemCheckView& check) {
  using analysis::Finding;
  if (check.running) return theme.colors.dim;
  if (check.report.count(Finding::broken) > 0) return theme.colors.alarm;
  return check.report.count(Finding::doubtful) > 0 ? theme.colors.warning : theme.colors.good;
}

/// What a line below the page says.
std::string state_words(const SystemCheckView& check, bool copied) {
  if (check.running) return "Looking… a camera that does not answer takes some seconds.";
  if (copied) return "Copied. Paste it into your report.";
  return analysis::verdict(check.report);
}

}  // namespace

void SystemCheckDialog::show(PanelContext& context) {
  wanted_ = true;
  copied_ = false;
  context.ask(action::CheckSystem{});
}

void SystemCheckDialog::draw_row(PanelContext& context, const analysis::SystemRow& row) {
  const auto& theme = context.theme;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x - theme.px(8);
  const float left = at.x + std::round(width * kValueShare);
  const float room = at.x + width - left;
  const auto height_of = [&](const std::string& words) {
    return words.empty() ? 0 : wrapped_size(theme.small, words, room).y;
  };
  const float value = height_of(row.value);
  const float advice = height_of(row.advice);
  ImGui::Dummy({width, value + advice + theme.px(4)});
  if (!ImGui::IsItemVisible()) return;
  Pen pen(context, "system check", ImGui::GetWindowDrawList());
  const ImU32 color = finding_color(theme, row.finding);
  const bool part = row.name.starts_with("  ");  // of the row above
  const float indent = theme.px(part ? 24 : 14);
  if (row.finding != analysis::Finding::good) {
    pen.list()->AddCircleFilled({at.x + theme.px(4), at.y + font_height(theme.small) / 2},
                                theme.px(3), color);
  }
  const auto name = part ? row.name.substr(2) : row.name;
  pen.text(theme.small, {at.x + indent, at.y}, theme.colors.dim,
           elide(theme.small, name, left - at.x - indent - theme.px(8)));
  pen.wrapped(theme.small, {left, at.y}, room, theme.colors.text, row.value);
  if (!row.advice.empty()) {
    pen.wrapped(theme.small, {left, at.y + value}, room, color, row.advice);
  }
}

void SystemCheckDialog::draw_report(PanelContext& context) {
  const auto& theme = context.theme;
  const float footer =
      ImGui::GetFrameHeight() + font_height(theme.small) + 2 * ImGui::GetStyle().ItemSpacing.y;
  ImGui::PushStyleColor(ImGuiCol_ChildBg, theme.colors.card);
  ImGui::BeginChild("##system-check", {0, -footer}, false,
                    ImGuiWindowFlags_AlwaysUseWindowPadding);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, theme.px(1)));
  bool first = true;
  for (const auto& section : context.view.system_check.report.sections) {
    if (!std::exchange(first, false)) ImGui::Dummy({0, theme.px(8)});
    dialog_heading(theme, section.title.c_str());
    ImGui::Dummy({0, theme.px(2)});
    for (const auto& row : section.rows) draw_row(context, row);
  }
  if (first) dialog_text(theme, "Looking…");
  ImGui::PopStyleVar();
  ImGui::EndChild();
  ImGui::PopStyleColor();
}

void SystemCheckDialog::draw(PanelContext& context) {
  const auto& theme = context.theme;
  const auto& check = context.view.system_check;
  const bool open = begin_dialog(context, "##system-check", std::exchange(wanted_, false),
                                 {theme.px(720), theme.px(600)});
  // However it was closed: cameras need not be opened any more.
  if (std::exchange(shown_, open) && !open) context.ask(action::StopSystemCheck{});
  if (!open) return;
  ImGui::PushFont(theme.semibold);
  ImGui::TextUnformatted("System check");
  ImGui::PopFont();
  draw_report(context);
  const auto words = state_words(check, copied_);
  ImGui::PushFont(theme.small);
  ImGui::PushStyleColor(ImGuiCol_Text,
                        copied_ ? theme.colors.text : verdict_color(theme, check));
  ImGui::TextUnformatted(elide(theme.small, words, ImGui::GetContentRegionAvail().x).c_str());
  ImGui::PopStyleColor();
  ImGui::PopFont();
  ImGui::BeginDisabled(check.running);
  if (primary_button(theme, "Copy", theme.px(86))) {
    ImGui::SetClipboardText(analysis::text(check.report).c_str());
    copied_ = true;
  }
  ImGui::EndDisabled();
  ImGui::SameLine();
  close_button(theme);
  ImGui::EndPopup();
}

void draw_system_check_panel(PanelContext& context) {
  context.state.system_check.draw(context);
}

}  // namespace mien::ui
