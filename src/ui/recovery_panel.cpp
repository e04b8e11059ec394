#include "formatting.hpp"
#include "panels.hpp"
#include "ui_state.hpp"
#include "widgets.hpp"

namespace mien::ui {

/// A session that was not closed: recover it, ask again at the next start, or never again.
void draw_recovery_panel(PanelContext& context) {
  const auto& theme = context.theme;
  const auto& broken = context.view.broken_session;
  auto& open = context.state.recovery_open;
  const bool wanted = broken.has_value() && !context.view.first_run;
  // Not over another dialog or menu: the question waits until they are closed.
  const bool busy =
      ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
  open = begin_dialog(context, "##recovery", wanted && (open || !busy), {theme.px(480), 0});
  if (!open) return;
  if (!wanted) {
    ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
    return;
  }
  using Answer = action::AnswerRecovery::Answer;
  const auto answer = [&](Answer one) {
    context.ask(action::AnswerRecovery{broken->folder, one});
    ImGui::CloseCurrentPopup();
  };
  dialog_title(theme, "A recording was not finished");
  dialog_text(theme, session_date(*broken) + " · " + session_facts(*broken));
  dialog_text(theme,
              "The program, or the computer, ended while it was recorded. It can be "
              "recovered: the video is finished, the tables are trimmed to it, and nothing is "
              "deleted before that is done.");
  ImGui::Dummy({0, theme.px(4)});
  if (primary_button(theme, "Recover", theme.px(110))) answer(Answer::recover);
  ImGui::SameLine();
  if (ImGui::Button("Later", {theme.px(90), 0})) answer(Answer::later);
  ImGui::SameLine();
  if (ImGui::Button("Do not ask again", {theme.px(160), 0})) answer(Answer::never);
  ImGui::EndPopup();
}

}  // namespace mien::ui
