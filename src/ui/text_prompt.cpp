#include "text_prompt.hpp"

#include <algorithm>
#include <utility>

#include <imgui_stdlib.h>

#include "mien/base/text.hpp"
#include "mien/base/utf8.hpp"

#include "panels.hpp"
#include "ui_state.hpp"

namespace mien::ui {
namespace {

constexpr const char* kPromptPopup = "##prompt";
constexpr std::size_t kMaxLength = 60;  // bytes of a name

/// Short enough to be drawn.
std::string tidy(const std::string& text) {
  return std::string(base::fitting_characters(base::trimmed(text), kMaxLength));
}

}  // namespace

void TextPrompt::show(About about, int person, std::string text) {
  about_ = about;
  person_ = person;
  text_ = std::move(text);
  wanted_ = true;
}

void TextPrompt::rename(int person, std::string name) {
  show(About::name, person, std::move(name));
}
void TextPrompt::keep(int person, std::string name) {
  show(About::keep, person, std::move(name));
}
void TextPrompt::marker(std::uint64_t id) {
  show(About::marker, 0, "");
  marker_ = id;
  marked_ = std::chrono::steady_clock::now();
}

void TextPrompt::accept(PanelContext& context) {
  auto& state = context.state;
  const std::string text = tidy(text_);
  switch (about_) {
    case About::name:
      context.ask(action::NamePerson{person_, text});
      break;
    case About::keep:
      if (text.empty()) {  // it is found again by its name
        focus_ = true;
        return;
      }
      context.ask(action::NamePerson{person_, text});
      context.ask(action::SaveNeutral{person_, text});
      break;
    case About::marker:
      state.history.name_marker(marker_, text);
      context.ask(action::Marker{text, std::exchange(marked_, {})});
      break;
  }
  ImGui::CloseCurrentPopup();
}

/// Closed without Enter: a marker that is set stays, without a text.
void TextPrompt::cancel(PanelContext& context) {
  if (about_ != About::marker || marked_ == std::chrono::steady_clock::time_point{}) return;
  context.ask(action::Marker{"", std::exchange(marked_, {})});
}

void TextPrompt::draw(PanelContext& context) {
  const bool was_open = open_;
  if (wanted_) ImGui::OpenPopup(kPromptPopup);
  wanted_ = false;
  const auto& theme = context.theme;
  const auto& window = context.layout.window;
  ImGui::SetNextWindowPos({window.width() / 2, window.height() / 2}, ImGuiCond_Always,
                          {0.5F, 0.5F});
  ImGui::SetNextWindowSize({std::min(theme.px(400), window.width() - theme.px(60)), 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(theme.px(20), theme.px(16)));
  open_ = ImGui::BeginPopupModal(kPromptPopup, nullptr,
                                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                     ImGuiWindowFlags_NoSavedSettings);
  ImGui::PopStyleVar();
  if (was_open && !open_) cancel(context);
  if (!open_) return;
  const char* heading = "";
  const char* explained = "";
  switch (about_) {
    case About::name:
      heading = "Name";
      explained = "Enter saves, Esc cancels. Kept for this session only.";
      break;
    case About::keep:
      heading = "Save the resting face";
      explained =
          "A few numbers are written to this computer under the name; no picture. Forget "
          "deletes them.";
      break;
    case About::marker:
      heading = "Marker set";
      explained = "What happens here? Optional; Enter saves.";
      break;
  }
  ImGui::PushFont(theme.semibold);
  ImGui::TextUnformatted(heading);
  ImGui::PopFont();
  ImGui::SetNextItemWidth(-1);
  if (focus_ || ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
  focus_ = false;
  const bool entered = ImGui::InputText(
      "##text", &text_,
      ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
  ImGui::PushFont(theme.small);
  ImGui::PushStyleColor(ImGuiCol_Text, theme.colors.dim);
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(explained);
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
  ImGui::PopFont();
  if (entered) accept(context);
  ImGui::EndPopup();
}

void draw_prompt_panel(PanelContext& context) { context.state.prompt.draw(context); }

}  // namespace mien::ui
