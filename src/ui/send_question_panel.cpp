#include "panels.hpp"
#include "widgets.hpp"

namespace mien::ui {

/// A place to send to that others than this computer reach: whether that is meant.
void draw_send_question_panel(PanelContext& context) {
  const auto& theme = context.theme;
  const auto& question = context.view.send_question;
  const bool wanted = question.has_value() && !context.view.first_run;
  // It was asked for in a menu, whose place it takes.
  if (!begin_dialog(context, "##send question", wanted, {theme.px(480), 0})) return;
  if (!wanted) {
    ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
    return;
  }
  const auto answer = [&](bool allowed) {
    context.ask(action::AnswerSendQuestion{allowed});
    ImGui::CloseCurrentPopup();
  };
  dialog_title(theme, "Let other computers read this?");
  dialog_text(theme, question->risk);
  ImGui::Dummy({0, theme.px(4)});
  // The safe answer is the one that is offered first.
  if (primary_button(theme, "Keep to this computer", theme.px(190))) answer(false);
  ImGui::SameLine();
  if (ImGui::Button("Let them read", {theme.px(140), 0})) answer(true);
  ImGui::EndPopup();
}

}  // namespace mien::ui
