#include "person_card.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "mien/base/labels.hpp"
#include "mien/emotions/signals.hpp"

#include "formatting.hpp"
#include "pen.hpp"
#include "person_geometry.hpp"
#include "timeline_history.hpp"
#include "ui_state.hpp"
#include "widgets.hpp"

namespace mien::ui {
namespace {

/// Lengths within a card, in pixels.
struct CardMetrics {
  float edge, pad, name_top, verdict_top, bars_top, blend, row, spark, sums, bottom, line, gap;
  explicit CardMetrics(const Theme& t)
      : edge(t.px(4)),
        pad(t.px(14)),
        name_top(t.px(11)),
        verdict_top(t.px(32)),
        bars_top(t.px(68)),
        blend(t.px(20)),
        row(t.px(19)),
        spark(t.px(26)),
        sums(t.px(20)),
        bottom(t.px(10)),
        line(t.px(32)),
        gap(t.px(6)) {}
};

/// The card that is drawn, what it is drawn into, and where. Lives for one frame.
struct CardDrawing {
  PanelContext& context;
  Pen& pen;
  const Theme& theme;
  const CardMetrics m;
  const PersonCard& card;
  Area at;
  float alpha;
  float left() const { return at.min.x + m.edge + m.pad; }
  float right() const { return at.max.x - m.pad; }
};

enum class Button { set_neutral, cancel, clear, keep, use_kept, rename, forget };

struct CardButton {
  Button button;
  std::string text;
  bool on = false;
};

std::vector<CardButton> buttons_of(const PanelContext& context, const PersonCard& card) {
  const auto& state = context.state;
  const int person = card.reading.person;
  const auto& kept = context.view.kept_people;
  const auto& names = context.view.names;
  const auto name = names.find(person);
  const bool named = name != names.end();
  const bool is_kept = named && std::find(kept.begin(), kept.end(), name->second) != kept.end();
  std::vector<CardButton> buttons;
  switch (card.reading.calibration) {
    case base::Calibration::none:
      buttons.push_back({Button::set_neutral,
                         chosen_person(state) == person ? "Set neutral (N)" : "Set neutral"});
      if (!kept.empty()) buttons.push_back({Button::use_kept, "Use saved…"});
      break;
    case base::Calibration::collecting:
      buttons.push_back(
          {Button::cancel,
           "Rest your face… " + format_percent(card.reading.calibration_progress) + " · Cancel",
           true});
      break;
    case base::Calibration::set:
      buttons.push_back({Button::clear, "Neutral set · Clear", true});
      if (!is_kept) buttons.push_back({Button::keep, "Save neutral…"});
      break;
  }
  buttons.push_back({Button::rename, "Rename"});
  if (named || card.reading.calibration == base::Calibration::set) {
    buttons.push_back({Button::forget, "Forget"});
  }
  return buttons;
}

/// Calls `each(button, offset)` for every button, rows broken at `width`; returns the height.
template <typename Each>
float flow_buttons(const Theme& theme, const CardMetrics& m,
                   const std::vector<CardButton>& buttons, float width, Each&& each) {
  ImVec2 at{0, 0};
  const float height = small_button_size(theme, "X").y;
  for (const auto& button : buttons) {
    const float own = small_button_size(theme, button.text).x;
    if (at.x > 0 && at.x + own > width) at = {0, at.y + height + m.gap};
    each(button, at);
    at.x += own + m.gap;
  }
  return at.y + height;
}

void forget(PanelContext& context, int person) {
  const auto& names = context.view.names;
  context.ask(action::ClearNeutral{person});
  const auto it = names.find(person);
  if (it == names.end()) return;
  const auto& kept = context.view.kept_people;
  if (std::find(kept.begin(), kept.end(), it->second) != kept.end()) {
    context.ask(action::DeleteNeutral{it->second});
  }
  context.ask(action::NamePerson{person, ""});
}

void act_on(PanelContext& context, Button button, int person) {
  auto& state = context.state;
  const auto& names = context.view.names;
  const auto name = names.find(person);
  const std::string known = name != names.end() ? name->second : "";
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

/// The menu of the saved names.
void draw_kept(PanelContext& context, int person) {
  if (!ImGui::BeginPopup("##kept")) return;
  for (const auto& name : context.view.kept_people) {
    ImGui::PushID(name.c_str());
    if (ImGui::BeginMenu(elide(context.theme.regular, name, context.theme.px(200)).c_str())) {
      if (ImGui::MenuItem("Apply to this person")) {
        context.ask(action::NamePerson{person, name});
        context.ask(action::LoadNeutral{person, name});
      }
      if (ImGui::MenuItem("Delete")) context.ask(action::DeleteNeutral{name});
      ImGui::EndMenu();
    }
    ImGui::PopID();
  }
  ImGui::EndPopup();
}

float card_buttons_height(const PanelContext& context, const PersonCard& card,
                          const CardMetrics& m, float width) {
  return flow_buttons(context.theme, m, buttons_of(context, card), width,
                      [](const auto&, ImVec2) {});
}

void draw_card_buttons(CardDrawing& d, float top) {
  const int person = d.card.reading.person;
  flow_buttons(d.theme, d.m, buttons_of(d.context, d.card), d.right() - d.left(),
               [&](const CardButton& b, ImVec2 offset) {
                 ImGui::PushID(static_cast<int>(b.button));
                 if (small_button(d.pen, d.theme, "##button", b.text,
                                  {d.left() + offset.x, top + offset.y}, b.on, d.alpha)) {
                   act_on(d.context, b.button, person);
                 }
                 ImGui::PopID();
               });
  draw_kept(d.context, person);
}

constexpr float kUnsureAlpha = 0.55F;
constexpr double kSparklineSpan = 30;  // seconds

std::string verdict_text(const PersonCard& card) {
  const auto& verdict = card.reading.verdict;
  const auto label = static_cast<std::size_t>(std::max(0, verdict.label));
  if (!verdict.sure() || label >= card.labels->size()) return "not sure";
  return std::string(base::display_word((*card.labels)[label]));
}

void draw_ground(CardDrawing& d) {
  const auto& theme = d.theme;
  const auto& state = d.context.state;
  auto* list = d.pen.list();
  const float rounding = theme.px(9);
  const bool chosen = state.chosen == d.card.reading.person && state.people.size() > 1;
  const bool hovered = ImGui::IsWindowHovered() &&
                       ImGui::IsMouseHoveringRect(d.at.min, d.at.max) &&
                       state.people.size() > 1;
  const ImU32 ground = chosen || hovered ? theme.colors.popup : theme.colors.card;
  // The edge is the whole card in the person's colour, with the card laid over it.
  list->AddRectFilled(d.at.min, d.at.max,
                      to_imgui(overlay::person_color(d.card.reading.person),
                               d.alpha * (d.card.reading.verdict.sure() ? 1.0F : 0.75F)),
                      rounding);
  list->AddRectFilled({d.at.min.x + d.m.edge, d.at.min.y}, d.at.max, ground, rounding * 0.6F);
  list->AddRectFilled({d.at.max.x - 2 * rounding, d.at.min.y}, d.at.max, ground, rounding,
                      ImDrawFlags_RoundCornersRight);
}

void draw_heading(CardDrawing& d) {
  const auto& theme = d.theme;
  const auto& reading = d.card.reading;
  const auto& state = d.context.state;
  const bool sure = reading.verdict.sure();
  std::string facts;
  const auto* lane = state.history.lane(reading.person);
  if (lane != nullptr && !d.context.view.replay) {
    facts = format_duration(state.clock - lane->in_view_since);
  }
  if (sure) {
    facts = "valence " + base::signed_decimal(reading.valence, 2) +
            (facts.empty() ? "" : " · ") + facts;
  }
  const float facts_width = number_width(theme.small, facts);
  const std::string name = elide(theme.semibold, person_name(d.context.view, reading.person),
                                 d.right() - d.left() - facts_width - theme.px(12));
  d.pen.text(theme.semibold, {d.left(), d.at.min.y + d.m.name_top},
             faded(theme.colors.text, d.alpha), name);
  d.pen.number_right(theme.small, d.right(), d.at.min.y + d.m.name_top + theme.px(1),
                     faded(theme.colors.dim, d.alpha), facts);

  const float gap = theme.px(9);
  const float beside_width = sure ? number_width(theme.semibold, "100%") : 0;
  const std::string word =
      elide(theme.title, verdict_text(d.card), d.right() - d.left() - beside_width - gap);
  const float top = d.at.min.y + d.m.verdict_top;
  const float word_end = d.pen.text(
      theme.title, {d.left(), top},
      faded(sure ? theme.colors.text : theme.colors.soft, d.alpha * (sure ? 1.0F : 0.8F)),
      word);
  const float base =
      top + font_height(theme.title) * 0.80F - font_height(theme.semibold) * 0.80F;
  const ImU32 dim = faded(theme.colors.dim, d.alpha);
  if (sure) {
    d.pen.number(theme.semibold, {word_end + gap, base}, dim,
                 format_percent(reading.verdict.certainty));
  } else {
    d.pen.text(theme.regular, {word_end + gap, base}, dim,
               elide(theme.regular, base::describe(reading.verdict.doubt),
                     d.right() - word_end - gap));
  }
}

/// A past session has no buttons: nothing can be set there.
bool has_buttons(const PanelContext& context, CardLevel level) {
  if (context.view.replay) return false;
  return level == CardLevel::whole || level == CardLevel::full || level == CardLevel::compact;
}
bool has_sparkline(CardLevel level) {
  return level == CardLevel::whole || level == CardLevel::full;
}

bool has_head_row(const PersonCard& card, CardLevel level) {
  return card.geometry && level != CardLevel::line && level != CardLevel::brief;
}
/// Kept free while there are rules, so that nothing moves when an opinion comes and goes.
bool has_opinions_row(const PanelContext& context, const PersonCard& card, CardLevel level) {
  return context.view.opinions && context.view.opinions->size() > 0 &&
         has_head_row(card, level);
}
bool has_movements(const PanelContext& context, const PersonCard& card, CardLevel level) {
  return card.geometry && context.view.settings.show_movements &&
         (level == CardLevel::whole || level == CardLevel::full);
}

float bars_top(const CardMetrics& m, CardLevel level) {
  return m.bars_top + (level == CardLevel::whole ? m.blend : 0);
}

/// Under the label: what else is in the face, and how often it changed.
void draw_blend(CardDrawing& d) {
  const auto& theme = d.theme;
  const auto& reading = d.card.reading;
  const auto signals = d.context.state.signals.of(reading.person);
  const int changes = signals ? signals->transitions : 0;
  // With one expression only, the label above says it already.
  std::string text = emotions::blend(reading.smoothed, *d.card.labels);
  text = text.find(',') == std::string::npos ? "" : text + " · ";
  text += changes == 0 ? "no change" : std::to_string(changes) + " change";
  if (changes > 1) text += 's';
  d.pen.text(theme.small, {d.left(), d.at.min.y + d.m.bars_top - theme.px(2)},
             faded(theme.colors.soft, d.alpha), elide(theme.small, text, d.right() - d.left()));
}

/// The labels that have a bar, in the model's order so that bars do not jump.
std::vector<std::size_t> shown_bars(const PersonCard& card, CardLevel level) {
  std::vector<std::size_t> shown(std::min(card.bars.size(), card.labels->size()));
  std::iota(shown.begin(), shown.end(), std::size_t{0});
  const bool all = level != CardLevel::brief && level != CardLevel::compact;
  if (!all && shown.size() > 2) {
    std::partial_sort(shown.begin(), shown.begin() + 2, shown.end(),
                      [&](std::size_t a, std::size_t b) {
                        return card.reading.smoothed[a] > card.reading.smoothed[b];
                      });
    shown.resize(2);
    std::sort(shown.begin(), shown.end());
  }
  return shown;
}

float label_width(const CardDrawing& d) {
  float width = d.theme.px(72);
  for (const auto& label : *d.card.labels) {
    width = std::max(width, text_width(d.theme.small, base::display_word(label)));
  }
  return std::min(width, (d.right() - d.left()) * 0.42F);
}

/// Returns the bottom.
float draw_bars(CardDrawing& d, CardLevel level) {
  const auto& theme = d.theme;
  const float alpha = d.alpha * (d.card.reading.verdict.sure() ? 1 : kUnsureAlpha);
  const float text = label_width(d);
  const float track_left = d.left() + text + theme.px(12);
  const float track_right = d.right() - number_width(theme.small, "100%") - theme.px(8);
  const float thick = theme.px(8);
  float y = d.at.min.y + bars_top(d.m, level);
  for (const auto i : shown_bars(d.card, level)) {
    const auto& label = (*d.card.labels)[i];
    const bool main = static_cast<int>(i) == d.card.reading.verdict.label;
    const ImU32 ink = faded(main ? theme.colors.text : theme.colors.soft, alpha);
    const float text_top = y + (d.m.row - font_height(theme.small)) / 2;
    d.pen.text(theme.small, {d.left(), text_top}, ink,
               elide(theme.small, base::display_word(label), text));
    const float track_top = std::round(y + (d.m.row - thick) / 2);
    d.pen.pill({track_left, track_top}, {track_right, track_top + thick},
               faded(theme.colors.track, alpha));
    const float share = std::clamp(d.card.bars[i], 0.0F, 1.0F);
    if (share > 0.004F) {
      // At least nearly as wide as high, so that a bar of one percent is drawn as a dot.
      const float width = std::max(share * (track_right - track_left), thick * 0.6F);
      d.pen.pill({track_left, track_top}, {track_left + width, track_top + thick},
                 to_imgui(overlay::label_color(label, static_cast<int>(i)), alpha));
    }
    d.pen.number_right(theme.small, d.right(), text_top, ink, format_percent(share));
    y += d.m.row;
  }
  return y;
}

/// What was measured on the face. Returns the bottom.
float draw_geometry(CardDrawing& d, CardLevel level, float top) {
  const GeometryDrawing drawing{d.pen,
                                d.theme,
                                d.left(),
                                d.right(),
                                label_width(d),
                                overlay::person_color(d.card.reading.person),
                                d.context.view.mirrored,
                                d.alpha};
  float y = top;
  if (has_head_row(d.card, level)) y = draw_head_row(drawing, y, *d.card.geometry);
  if (has_movements(d.context, d.card, level)) {
    const float first = y;
    y = draw_movement_rows(drawing, y, *d.card.geometry);
    if (ImGui::IsWindowHovered() &&
        ImGui::IsMouseHoveringRect({d.left(), first}, {d.right(), y})) {
      std::vector<TooltipLine> lines;
      for (auto& text : movement_row_hint(d.theme, first, ImGui::GetIO().MousePos.y)) {
        // The person's dot stands before the first line alone.
        const ImU32 dot =
            lines.empty() ? to_imgui(drawing.color, d.alpha) : IM_COL32_BLACK_TRANS;
        lines.push_back({std::move(text), "", dot});
      }
      if (!lines.empty()) draw_tooltip(d.context, lines);
    }
  }
  return y;
}

/// What the movements say beside the label, in a row at the card's foot: a dot for each, the
/// words of the first; the pointer has them all.
void draw_opinions(CardDrawing& d, float top) {
  const auto& theme = d.theme;
  const auto& opinions = d.card.opinions;
  if (opinions.empty()) return;
  const auto color = [&](const movements::Opinion& opinion) {
    return to_imgui(overlay::Color{opinion.r, opinion.g, opinion.b}, d.alpha);
  };
  const float dot = theme.px(4);
  float left = d.left();
  for (const auto& opinion : opinions) {
    if (left + 2 * dot > d.right()) break;
    d.pen.list()->AddCircleFilled({left + dot, top + d.m.row / 2}, dot, color(opinion));
    left += 2 * dot + theme.px(3);
  }
  left += theme.px(5);
  d.pen.text(theme.small, {left, top + (d.m.row - font_height(theme.small)) / 2},
             faded(theme.colors.soft, d.alpha),
             elide(theme.small, opinions.front().name, d.right() - left));
  if (ImGui::IsWindowHovered() &&
      ImGui::IsMouseHoveringRect({d.left(), top}, {d.right(), top + d.m.row})) {
    std::vector<TooltipLine> lines;
    lines.reserve(opinions.size());
    for (const auto& opinion : opinions) lines.push_back({opinion.name, "", color(opinion)});
    draw_tooltip(d.context, lines);
  }
}

/// The last half minute's valence. Returns the bottom.
float draw_sparkline(CardDrawing& d, float top) {
  const auto& theme = d.theme;
  const auto& state = d.context.state;
  const float left = d.left() + label_width(d) + theme.px(12);
  const Area plot{{left, top + theme.px(5)}, {d.right(), top + d.m.spark - theme.px(5)}};
  d.pen.text(theme.small, {d.left(), top + (d.m.spark - font_height(theme.small)) / 2},
             faded(theme.colors.dim, d.alpha),
             elide(theme.small, "last 30 s", left - d.left() - theme.px(4)));
  const float middle = std::round((plot.min.y + plot.max.y) / 2);
  d.pen.list()->AddLine({plot.min.x, middle}, {plot.max.x, middle},
                        faded(theme.colors.line, d.alpha));
  plot_line(
      d.pen.list(), state.history, d.card.reading.person,
      {plot, shown_time(d.context), kSparklineSpan},
      [](const TimelineHistory::Sample& sample) { return (sample.valence + 1) / 2; },
      to_imgui(overlay::person_color(d.card.reading.person), d.alpha), theme.px(1.5F));
  return top + d.m.spark;
}

/// How a person's time was shared among the labels: one bar, a piece of each label's colour in
/// the model's order, not sure as its empty rest.
void draw_share_strip(const Pen& pen, const Theme& theme, const Area& area,
                      const emotions::PersonSignals& signals,
                      const std::vector<std::string>& labels, float alpha) {
  auto* list = pen.list();
  list->AddRectFilled(area.min, area.max, faded(theme.colors.track, alpha), theme.px(2));
  double before = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double share = signals.share(i);
    // Ends are rounded from the sum, so that pieces meet.
    const float left = std::round(area.min.x + static_cast<float>(before) * area.width());
    before = std::min(1.0, before + share);
    const float right = std::round(area.min.x + static_cast<float>(before) * area.width());
    if (right <= left) continue;
    list->AddRectFilled({left, area.min.y}, {right, area.max.y},
                        to_imgui(overlay::label_color(labels[i], static_cast<int>(i)), alpha),
                        theme.px(1));
  }
}

/// How the time was shared so far; the pointer has it exactly. Returns the bottom.
float draw_sums(CardDrawing& d, float top) {
  const auto& theme = d.theme;
  const int person = d.card.reading.person;
  const float left = d.left() + label_width(d) + theme.px(12);
  d.pen.text(theme.small, {d.left(), top + (d.m.sums - font_height(theme.small)) / 2},
             faded(theme.colors.dim, d.alpha),
             elide(theme.small, d.context.view.replay ? "in all" : "so far",
                   left - d.left() - theme.px(4)));
  const auto signals = d.context.state.signals.of(person);
  if (signals) {
    const float thick = theme.px(8);
    const float strip_top = std::round(top + (d.m.sums - thick) / 2);
    draw_share_strip(d.pen, theme, {{left, strip_top}, {d.right(), strip_top + thick}},
                     *signals, *d.card.labels, d.alpha);
    const ImVec2 row_end{d.right(), top + d.m.sums};
    if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect({d.left(), top}, row_end)) {
      draw_share_tooltip(d.context, person, *signals, *d.card.labels);
    }
  }
  return top + d.m.sums;
}

/// How much of the resting face is learnt, along the card's lower edge.
void draw_progress(CardDrawing& d) {
  const auto& reading = d.card.reading;
  if (reading.calibration != base::Calibration::collecting) return;
  const float thick = d.theme.px(3);
  const float top = d.at.max.y - thick - d.theme.px(2);
  d.pen.pill({d.left(), top}, {d.right(), top + thick}, faded(d.theme.colors.track, d.alpha));
  const float share = std::clamp(reading.calibration_progress, 0.0F, 1.0F);
  const float end = d.left() + std::max(share * (d.right() - d.left()), thick);
  d.pen.pill({d.left(), top}, {end, top + thick}, faded(d.theme.colors.accent, d.alpha));
}

void draw_line(CardDrawing& d) {
  const auto& theme = d.theme;
  const auto& verdict = d.card.reading.verdict;
  const float top = d.at.min.y + (d.at.height() - font_height(theme.regular)) / 2;
  const bool sure = verdict.sure();
  const std::string number = sure ? format_percent(verdict.certainty) : "";
  float right = d.right();
  if (sure) {
    d.pen.number_right(theme.small, right, top + theme.px(1), faded(theme.colors.dim, d.alpha),
                       number);
  }
  right -= number_width(theme.small, "100%") + theme.px(8);
  const float room = right - d.left();
  const float name_width =
      std::min(text_width(theme.semibold, person_name(d.context.view, d.card.reading.person)),
               room * 0.45F);
  d.pen.text(theme.semibold, {d.left(), top}, faded(theme.colors.text, d.alpha),
             elide(theme.semibold, person_name(d.context.view, d.card.reading.person),
                   name_width + 1));
  const float left = d.left() + std::max(name_width, theme.px(30)) + theme.px(10);
  std::string text = verdict_text(d.card);
  if (!sure) text += std::string(" · ") + base::describe(verdict.doubt);
  d.pen.text(theme.regular, {left, top},
             faded(sure ? theme.colors.text : theme.colors.dim, d.alpha),
             elide(theme.regular, text, (sure ? right : d.right()) - left));
}

}  // namespace

float card_height(const PanelContext& context, const PersonCard& card, CardLevel level,
                  float width) {
  const CardMetrics m(context.theme);
  if (level == CardLevel::line) {
    // Twenty people are in sight at once in a window of 1280x800.
    return context.state.people.size() > kManyPeople ? context.theme.px(24) : m.line;
  }
  float height = bars_top(m, level) +
                 m.row * static_cast<float>(shown_bars(card, level).size()) + m.bottom;
  if (has_head_row(card, level)) height += head_row_height(context.theme);
  if (has_movements(context, card, level)) height += movement_rows_height(context.theme);
  if (has_sparkline(level)) height += m.spark;
  if (level == CardLevel::whole) height += m.sums;
  if (has_opinions_row(context, card, level)) height += m.row;
  if (has_buttons(context, level)) {
    height += m.gap + card_buttons_height(context, card, m, width - m.edge - 2 * m.pad);
  }
  return height;
}

void draw_card(PanelContext& context, Pen& pen, const PersonCard& card, CardLevel level,
               float width) {
  const auto& theme = context.theme;
  const ImVec2 min = ImGui::GetCursorScreenPos();
  const ImVec2 size{width, card_height(context, card, level, width)};
  const Area at{min, {min.x + size.x, min.y + size.y}};
  const int person = card.reading.person;
  if (ImGui::IsRectVisible(at.min, at.max)) {
    const auto gone = static_cast<float>((ImGui::GetTime() - card.seen) / kLinger);
    const float alpha = std::clamp(1.4F * (1 - gone), 0.0F, 1.0F) *
                        (0.5F + 0.5F * context.view.reading_strength);
    CardDrawing d{context, pen, theme, CardMetrics(theme), card, at, alpha};
    ImGui::PushID(person);
    draw_ground(d);
    if (level == CardLevel::line) {
      draw_line(d);
    } else {
      draw_heading(d);
      if (level == CardLevel::whole) draw_blend(d);
      float y = draw_geometry(d, level, draw_bars(d, level));
      if (has_sparkline(level)) y = draw_sparkline(d, y);
      if (level == CardLevel::whole) y = draw_sums(d, y);
      if (has_buttons(context, level)) draw_card_buttons(d, y + d.m.gap);
      if (has_opinions_row(context, card, level)) {
        draw_opinions(d, d.at.max.y - d.m.bottom - d.m.row);
      }
    }
    draw_progress(d);
    if (ImGui::IsWindowHovered() && ImGui::IsMouseClicked(0) && !ImGui::IsAnyItemHovered() &&
        ImGui::IsMouseHoveringRect(at.min, at.max)) {
      context.state.chosen = person;
    }
    ImGui::PopID();
  }
  ImGui::SetCursorScreenPos(min);
  ImGui::Dummy(size);
}

void draw_share_tooltip(PanelContext& context, int person,
                        const emotions::PersonSignals& signals,
                        const std::vector<std::string>& labels) {
  const auto& theme = context.theme;
  std::vector<TooltipLine> lines{
      {person_name(context.view, person) + " · seen for " + format_duration(signals.seconds),
       "", to_imgui(overlay::person_color(person))}};
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (signals.share(i) >= 0.0005) order.push_back(i);
  }
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return signals.share(a) > signals.share(b); });
  for (const auto i : order) {
    lines.push_back({std::string(base::display_word(labels[i])),
                     base::decimal(100 * signals.share(i), 1) + "%",
                     to_imgui(overlay::label_color(labels[i], static_cast<int>(i)))});
  }
  if (signals.seconds > 0 && signals.not_sure_seconds > 0) {
    lines.push_back({"not sure",
                     base::decimal(100 * signals.not_sure_seconds / signals.seconds, 1) + "%",
                     theme.colors.track});
  }
  lines.push_back(
      {"changes of expression", std::to_string(signals.transitions), theme.colors.dim});
  draw_tooltip(context, lines);
}

}  // namespace mien::ui
