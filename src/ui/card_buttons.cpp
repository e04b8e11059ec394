#include "card_buttons.hpp"

#include <algorithm>

#include "chip.hpp"
#include "people_state.hpp"
#include "words.hpp"

namespace mien {
namespace {

enum class Button { set_neutral, cancel, clear, keep, use_kept, rename, forget };

struct ButtonWords {
  Button button;
  std::string words;
  bool on = false;
};

std::vector<ButtonWords> buttons_of(const PanelContext& context, const PersonCard& card) {
  const auto& state = context.state;
  const int person = card.reading.person;
  const auto& kept = context.view.kept_people;
  const auto name = state.names.find(person);
  const bool named = name != state.names.end();
  const bool is_kept = named && std::find(kept.begin(), kept.end(), name->second) != kept.end();
  std::vector<ButtonWords> buttons;
  switch (card.reading.calibration) {
    case Calibration::none:
      buttons.push_back({Button::set_neutral,
                         chosen_person(state) == person ? "Set neutral (N)" : "Set neutral"});
      if (!kept.empty()) buttons.push_back({Button::use_kept, "Use kept…"});
      break;
    case Calibration::collecting:
      buttons.push_back(
          {Button::cancel,
           "Rest your face… " + percent(card.reading.calibration_progress) + " · Cancel",
           true});
      break;
    case Calibration::set:
      buttons.push_back({Button::clear, "Neutral set · Clear", true});
      if (!is_kept) buttons.push_back({Button::keep, "Keep for next time"});
      break;
  }
  buttons.push_back({Button::rename, "Rename"});
  if (named || card.reading.calibration == Calibration::set) {
    buttons.push_back({Button::forget, "Forget"});
  }
  return buttons;
}

/// Calls `each(button, offset)` for every button, rows broken at `width`; returns the height.
template <typename Each>
float flow_buttons(const Theme& theme, const CardMetrics& m,
                   const std::vector<ButtonWords>& buttons, float width, Each&& each) {
  ImVec2 at{0, 0};
  const float height = chip_size(theme, "X").y;
  for (const auto& button : buttons) {
    const float own = chip_size(theme, button.words).x;
    if (at.x > 0 && at.x + own > width) at = {0, at.y + height + m.gap};
    each(button, at);
    at.x += own + m.gap;
  }
  return at.y + height;
}

void forget(PanelContext& context, int person) {
  auto& names = context.state.names;
  context.ask(action::ClearNeutral{person});
  const auto it = names.find(person);
  if (it == names.end()) return;
  const auto& kept = context.view.kept_people;
  if (std::find(kept.begin(), kept.end(), it->second) != kept.end()) {
    context.ask(action::ForgetKept{it->second});
  }
  names.erase(it);
}

void act_on(PanelContext& context, Button button, int person) {
  auto& state = context.state;
  const auto name = state.names.find(person);
  const std::string known = name != state.names.end() ? name->second : "";
  switch (button) {
    case Button::set_neutral:
      context.ask(action::SetNeutral{person});
      break;
    case Button::cancel:
      if (const auto it = state.people.find(person); it != state.people.end()) {
        it->second.cancelled = true;
      }
      [[fallthrough]];
    case Button::clear:
      context.ask(action::ClearNeutral{person});
      break;
    case Button::keep:
      state.prompt.keep(person, known);
      break;
    case Button::use_kept:
      ImGui::OpenPopup("##kept");
      break;
    case Button::rename:
      state.prompt.rename(person, known);
      break;
    case Button::forget:
      forget(context, person);
      break;
  }
}

/// The menu of the names that are kept.
void draw_kept(PanelContext& context, int person) {
  if (!ImGui::BeginPopup("##kept")) return;
  for (const auto& name : context.view.kept_people) {
    ImGui::PushID(name.c_str());
    if (ImGui::BeginMenu(elide(context.theme.regular, name, context.theme.px(200)).c_str())) {
      if (ImGui::MenuItem("This is them")) {
        context.state.names[person] = name;
        context.ask(action::UseKept{person, name});
      }
      if (ImGui::MenuItem("Forget")) context.ask(action::ForgetKept{name});
      ImGui::EndMenu();
    }
    ImGui::PopID();
  }
  ImGui::EndPopup();
}

}  // namespace

float card_buttons_height(const PanelContext& context, const PersonCard& card,
                          const CardMetrics& m, float width) {
  return flow_buttons(context.theme, m, buttons_of(context, card), width,
                      [](const auto&, ImVec2) {});
}

void draw_card_buttons(CardDrawing& d, float top) {
  const int person = d.card.reading.person;
  flow_buttons(d.theme, d.m, buttons_of(d.context, d.card), d.right() - d.left(),
               [&](const ButtonWords& b, ImVec2 offset) {
                 ImGui::PushID(static_cast<int>(b.button));
                 if (chip(d.pen, d.theme, "##button", b.words,
                          {d.left() + offset.x, top + offset.y}, b.on, d.alpha)) {
                   act_on(d.context, b.button, person);
                 }
                 ImGui::PopID();
               });
  draw_kept(d.context, person);
}

}  // namespace mien
