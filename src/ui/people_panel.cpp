#include <algorithm>
#include <cmath>

#include "mien/analysis/palette.hpp"
#include "mien/base/labels.hpp"

#include "panels.hpp"
#include "pen.hpp"
#include "ui_state.hpp"
#include "words.hpp"

namespace mien {
namespace {

constexpr double kLinger = 0.7;   // seconds a card stays after its face left
constexpr float kEasing = 0.09f;  // seconds in which a bar goes most of its way
constexpr float kUnsureAlpha = 0.55f;

void update_cards(PanelContext& context) {
  auto& people = context.state.people;
  const double now = ImGui::GetTime();
  const auto& analysis = context.view.analysis;
  if (analysis && context.view.reading_strength > 0.01f) {
    for (const auto& reading : analysis->readings) {
      auto& card = people[reading.person];
      if (card.bars.size() != reading.smoothed.size() || card.labels != analysis->labels) {
        card.bars = reading.smoothed;
      }
      card.reading = reading;
      card.labels = analysis->labels;
      card.seen = now;
    }
  }
  std::erase_if(people, [&](const auto& entry) { return now - entry.second.seen > kLinger; });
  const float step = 1 - std::exp(-ImGui::GetIO().DeltaTime / kEasing);
  for (auto& [person, card] : people) {
    if (card.seen < now) context.animating = true;
    for (std::size_t i = 0; i < card.bars.size(); ++i) {
      const float way = card.reading.smoothed[i] - card.bars[i];
      if (std::abs(way) > 0.002f) {
        card.bars[i] += way * step;
        context.animating = true;
      } else {
        card.bars[i] = card.reading.smoothed[i];
      }
    }
  }
}

struct CardMetrics {
  float edge, pad, name_top, verdict_top, bars_top, row, bottom;
  explicit CardMetrics(const Theme& t)
      : edge(t.px(4)),
        pad(t.px(14)),
        name_top(t.px(12)),
        verdict_top(t.px(35)),
        bars_top(t.px(72)),
        row(t.px(21)),
        bottom(t.px(9)) {}
  float height(std::size_t bars) const {
    return bars_top + row * static_cast<float>(bars) + bottom;
  }
};

void draw_heading(Pen& pen, const Theme& theme, const CardMetrics& m, const Area& at,
                  const PersonCard& card, float alpha) {
  const auto& reading = card.reading;
  const bool sure = reading.verdict.sure();
  const float left = at.min.x + m.edge + m.pad;
  const float right = at.max.x - m.pad;
  const float valence = std::abs(reading.valence) < 0.005f ? 0 : reading.valence;
  const std::string mood =
      "valence " + std::string(valence < 0 ? "−" : "+") + decimal(std::abs(valence), 2);
  const float mood_width = number_width(theme.small, mood);
  const std::string name = elide(theme.semibold, "P" + std::to_string(reading.person),
                                 right - left - mood_width - theme.px(12));
  pen.text(theme.semibold, {left, at.min.y + m.name_top}, faded(theme.colors.text, alpha),
           name);
  pen.number_right(theme.small, right, at.min.y + m.name_top + theme.px(1),
                   faded(theme.colors.dim, alpha * (sure ? 1 : kUnsureAlpha)), mood);

  const std::string number = sure ? percent(reading.verdict.certainty) : "";
  const std::string beside = sure ? "" : describe(reading.verdict.doubt);
  std::string word = "not sure";
  const auto label = static_cast<std::size_t>(std::max(0, reading.verdict.label));
  if (sure && label < card.labels->size()) word = display_word((*card.labels)[label]);
  const float gap = theme.px(9);
  const float beside_width = sure ? number_width(theme.semibold, "100%") : 0;
  word = elide(theme.title, word, right - left - beside_width - gap);
  const float top = at.min.y + m.verdict_top;
  const float word_end = pen.text(
      theme.title, {left, top},
      faded(sure ? theme.colors.text : theme.colors.soft, alpha * (sure ? 1.0f : 0.8f)), word);
  const float base =
      top + font_height(theme.title) * 0.80f - font_height(theme.semibold) * 0.80f;
  if (sure) {
    pen.number(theme.semibold, {word_end + gap, base}, faded(theme.colors.dim, alpha), number);
  } else {
    pen.text(theme.regular, {word_end + gap, base}, faded(theme.colors.dim, alpha),
             elide(theme.regular, beside, right - word_end - gap));
  }
}

void draw_bars(Pen& pen, const Theme& theme, const CardMetrics& m, const Area& at,
               const PersonCard& card, float alpha) {
  if (!card.reading.verdict.sure()) alpha *= kUnsureAlpha;
  const float left = at.min.x + m.edge + m.pad;
  const float right = at.max.x - m.pad;
  float words_width = theme.px(72);
  for (const auto& label : *card.labels) {
    words_width = std::max(words_width, text_width(theme.small, display_word(label)));
  }
  words_width = std::min(words_width, (right - left) * 0.42f);
  const float track_left = left + words_width + theme.px(12);
  const float track_right = right - number_width(theme.small, "100%") - theme.px(8);
  const float thick = theme.px(8);
  float y = at.min.y + m.bars_top;
  for (std::size_t i = 0; i < std::min(card.bars.size(), card.labels->size()); ++i) {
    const auto& label = (*card.labels)[i];
    const bool main = static_cast<int>(i) == card.reading.verdict.label;
    const float text_top = y + (m.row - font_height(theme.small)) / 2;
    pen.text(theme.small, {left, text_top},
             faded(main ? theme.colors.text : theme.colors.soft, alpha),
             elide(theme.small, display_word(label), words_width));
    const float track_top = std::round(y + (m.row - thick) / 2);
    pen.pill({track_left, track_top}, {track_right, track_top + thick},
             faded(theme.colors.track, alpha));
    const float share = std::clamp(card.bars[i], 0.0f, 1.0f);
    if (share > 0.004f) {
      // Never thinner than round: a bar of one percent is a dot, not a splinter.
      const float width = std::max(share * (track_right - track_left), thick * 0.6f);
      pen.pill({track_left, track_top}, {track_left + width, track_top + thick},
               to_imgui(label_color(label, static_cast<int>(i)), alpha));
    }
    pen.number_right(theme.small, right, text_top,
                     faded(main ? theme.colors.text : theme.colors.soft, alpha),
                     percent(share));
    y += m.row;
  }
}

void draw_card(PanelContext& context, Pen& pen, const PersonCard& card, float width) {
  const auto& theme = context.theme;
  const CardMetrics m(theme);
  const ImVec2 min = ImGui::GetCursorScreenPos();
  const Area at{min, {min.x + width, min.y + m.height(card.bars.size())}};
  ImGui::Dummy({width, at.height()});
  if (!ImGui::IsRectVisible(at.min, at.max)) return;
  const auto gone = static_cast<float>((ImGui::GetTime() - card.seen) / kLinger);
  const float alpha =
      std::clamp(1.4f * (1 - gone), 0.0f, 1.0f) * (0.5f + 0.5f * context.view.reading_strength);
  auto* list = pen.list();
  const float rounding = theme.px(9);
  // The edge is the whole card in the person's colour, with the card laid over it.
  list->AddRectFilled(at.min, at.max,
                      to_imgui(person_color(card.reading.person),
                               alpha * (card.reading.verdict.sure() ? 1.0f : 0.75f)),
                      rounding);
  list->AddRectFilled({at.min.x + m.edge, at.min.y}, at.max, theme.colors.card,
                      rounding * 0.6f);
  list->AddRectFilled({at.max.x - 2 * rounding, at.min.y}, at.max, theme.colors.card, rounding,
                      ImDrawFlags_RoundCornersRight);
  draw_heading(pen, theme, m, at, card, alpha);
  draw_bars(pen, theme, m, at, card, alpha);
}

void draw_empty(PanelContext& context, Pen& pen) {
  const auto& theme = context.theme;
  const auto& area = context.layout.people;
  const bool waiting = context.view.status.analysed == 0;
  const float pad = theme.px(18);
  const float width = area.width() - 2 * pad;
  const std::string_view title = waiting ? "Getting ready…" : "No face in view";
  const std::string_view words =
      waiting ? "The first picture is being read."
              : "As soon as somebody looks in, their expression is shown here.";
  const float height = 2 * pad + font_height(theme.semibold) + theme.px(8) +
                       wrapped_size(theme.small, words, width).y;
  pen.list()->AddRectFilled(area.min, {area.max.x, area.min.y + height}, theme.colors.card,
                            theme.px(9));
  pen.text(theme.semibold, {area.min.x + pad, area.min.y + pad}, theme.colors.soft, title);
  pen.wrapped(theme.small,
              {area.min.x + pad, area.min.y + pad + font_height(theme.semibold) + theme.px(8)},
              width, theme.colors.dim, words);
}

}  // namespace

/// A card per face, in the order of their numbers; scrolls when they are many.
void draw_people_panel(PanelContext& context) {
  update_cards(context);
  const auto& area = context.layout.people;
  if (area.width() <= 0) return;
  const auto& theme = context.theme;
  begin_panel_window("##people", area);
  if (context.state.people.empty()) {
    Pen pen(context, "people", ImGui::GetWindowDrawList());
    draw_empty(context, pen);
  } else {
    const CardMetrics m(theme);
    const float gap = theme.px(10);
    float needed = -gap;
    for (const auto& [person, card] : context.state.people) {
      needed += m.height(card.bars.size()) + gap;
    }
    const float scrollbar =
        needed > area.height() ? ImGui::GetStyle().ScrollbarSize + theme.px(6) : 0;
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, gap));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
    ImGui::BeginChild("##cards", {area.width(), area.height()}, false);
    Pen pen(context, "people", ImGui::GetWindowDrawList());
    for (const auto& [person, card] : context.state.people) {
      draw_card(context, pen, card, area.width() - scrollbar);
    }
    ImGui::EndChild();
    ImGui::PopStyleVar(2);
  }
  ImGui::End();
}

}  // namespace mien
