#include <algorithm>
#include <vector>

#include "panels.hpp"
#include "pen.hpp"
#include "person_card.hpp"
#include "ui_state.hpp"

namespace mien::ui {
namespace {

constexpr double kHelpAfter = 3;  // seconds without a face

/// What may help when nobody is found for a while.
std::string_view advice(const PanelContext& context) {
  if (context.view.status.detector_id == "auto") {
    return "Closer, more light or a look at the camera helps; or try Detector > Far and "
           "groups.";
  }
  return "Closer or more light helps; or choose Detector > Automatic, or Far and groups.";
}

void draw_empty(PanelContext& context, Pen& pen) {
  const auto& theme = context.theme;
  const auto& area = context.layout.people;
  const bool waiting = context.view.status.analysed == 0;
  const float pad = theme.px(18);
  const float width = area.width() - 2 * pad;
  const std::string_view title = waiting ? "Getting ready…" : "No face in view";
  double& since = context.state.nobody_since;
  if (since < 0 || waiting) since = ImGui::GetTime();
  const bool help = !waiting && ImGui::GetTime() - since >= kHelpAfter;
  const std::string_view text = waiting ? "The first picture is being read."
                                : help  ? advice(context)
                                        : "Expressions appear here when a face is in view.";
  const float height = 2 * pad + font_height(theme.semibold) + theme.px(8) +
                       wrapped_size(theme.small, text, width).y;
  pen.list()->AddRectFilled(area.min, {area.max.x, area.min.y + height}, theme.colors.card,
                            theme.px(9));
  pen.text(theme.semibold, {area.min.x + pad, area.min.y + pad}, theme.colors.soft, title);
  pen.wrapped(theme.small,
              {area.min.x + pad, area.min.y + pad + font_height(theme.semibold) + theme.px(8)},
              width, theme.colors.dim, text);
}

struct PlannedCard {
  const PersonCard* card;
  CardLevel level;
};

/// How much each card says so that as many people as possible are in sight: everything, or
/// only the chosen one's everything, or a line for each of the others.
std::vector<PlannedCard> plan_cards(const PanelContext& context, float width, float height,
                                    float gap) {
  const auto& people = context.state.people;
  const int chosen = chosen_person(context.state);
  std::vector<PlannedCard> plan;
  const auto try_levels = [&](CardLevel of_chosen, CardLevel of_others) {
    plan.clear();
    float needed = -gap;
    for (const auto& [person, card] : people) {
      const auto level = person == chosen ? of_chosen : of_others;
      plan.push_back({&card, level});
      needed += card_height(context, card, level, width) + gap;
    }
    return needed <= height;
  };
  using enum CardLevel;
  for (const auto of_others : {whole, full, bars, brief, line}) {
    for (const auto of_chosen : {whole, full}) {
      if (try_levels(of_chosen, of_others)) return plan;
    }
  }
  // In a crowd everybody in a line rather than anybody out of sight, until one is clicked.
  if (people.size() > kManyPeople && context.state.chosen == 0 && try_levels(line, line)) {
    return plan;
  }
  // It scrolls, or all but the chosen one's most is in sight; who was clicked is shown whole.
  // Whoever asks for movements wants to see them, though the panel scrolls.
  const bool compactly = context.state.chosen == 0 && !context.view.settings.show_movements;
  try_levels(compactly ? compact : full, line);
  return plan;
}

}  // namespace

/// A card per face, in the order of their numbers; they say less when they are many, and
/// scroll.
void draw_people_panel(PanelContext& context) {
  const auto& area = context.layout.people;
  if (area.width() <= 0) return;
  const auto& theme = context.theme;
  begin_panel_window("##people", area);
  if (context.state.people.empty()) {
    Pen pen(context, "people", ImGui::GetWindowDrawList());
    draw_empty(context, pen);
    ImGui::End();
    return;
  }
  context.state.nobody_since = -1;
  const float gap = theme.px(context.state.people.size() > kManyPeople ? 2.0F
                             : context.state.people.size() > 4         ? 6.0F
                                                                       : 10.0F);
  const auto height_of = [&](const std::vector<PlannedCard>& plan, float width) {
    float needed = -gap;
    for (const auto& [card, level] : plan) {
      needed += card_height(context, *card, level, width) + gap;
    }
    return needed;
  };
  float width = area.width();
  auto plan = plan_cards(context, width, area.height(), gap);
  if (height_of(plan, width) > area.height()) {
    width -= ImGui::GetStyle().ScrollbarSize + theme.px(6);
    plan = plan_cards(context, width, area.height(), gap);
  }
  ImGui::BeginChild("##cards", {area.width(), area.height()}, false);
  Pen pen(context, "people", ImGui::GetWindowDrawList());
  ImVec2 at = ImGui::GetCursorScreenPos();
  for (const auto& [card, level] : plan) {
    ImGui::SetCursorScreenPos(at);
    draw_card(context, pen, *card, level, width);
    at.y += card_height(context, *card, level, width) + gap;
  }
  ImGui::EndChild();
  ImGui::End();
}

}  // namespace mien::ui
