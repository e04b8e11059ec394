#include "panels.hpp"
#include "widgets.hpp"

namespace mien::ui {
namespace {

struct Paragraph {
  const char* heading;
  const char* text;
};

constexpr Paragraph kParagraphs[] = {
    {"What is read",
     "mien looks for faces in the picture and reads which expression each one shows. It reads "
     "expressions, not feelings, and it is often wrong: do not judge anybody by it."},
    {"Nothing leaves this computer",
     "Everything is computed here. No picture, number or name is sent anywhere unless you "
     "switch it on in the Send menu, and nothing is kept unless you record or keep somebody's "
     "resting face."},
    {"Tell people, and ask them",
     "Whoever is in view should know that their face is read, and agree; so should whoever is "
     "recorded. The Record menu can blur all faces, or keep numbers only."},
    {"Not at work, not in schools",
     "In the European Union it is forbidden to infer people's emotions at the workplace and in "
     "education, except for medical or safety reasons (AI Act, Article 5(1)(f)). Where it is "
     "allowed, people must be told."},
};

}  // namespace

/// Shown until it was accepted once; Esc, or not accepting it, quits.
void draw_first_run_panel(PanelContext& context) {
  const auto& theme = context.theme;
  const bool wanted = context.view.first_run;
  if (!begin_dialog(context, "##first-run", wanted, {theme.px(560), 0})) return;
  if (!wanted) ImGui::CloseCurrentPopup();
  dialog_title(theme, "Before you start");
  for (const auto& [heading, text] : kParagraphs) {
    dialog_heading(theme, heading);
    dialog_text(theme, text);
  }
  const bool record = context.view.record_at_acceptance;
  if (record) {
    dialog_heading(theme, "Nothing is recorded yet");
    dialog_text(theme,
                "You asked for a recording (--record). It starts as soon as you accept this; "
                "until then no picture and no number is kept.");
  }
  ImGui::Dummy({0, theme.px(4)});
  if (primary_button(theme, record ? "I understand, record" : "I understand",
                     theme.px(record ? 200 : 150))) {
    context.ask(action::ChangeSetting{&base::Settings::notice_acknowledged, true});
    ImGui::CloseCurrentPopup();
  }
  ImGui::SameLine();
  if (ImGui::Button("Quit", {theme.px(96), 0})) context.ask(action::Quit{});
  ImGui::EndPopup();
}

}  // namespace mien::ui
