#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "mien/base/labels.hpp"

#include "curves.hpp"
#include "formatting.hpp"
#include "panels.hpp"
#include "pen.hpp"
#include "person_card.hpp"
#include "ui_state.hpp"
#include "widgets.hpp"

namespace mien::ui {
namespace {

/// What the parts of the timeline share while it is drawn once.
struct Timeline {
  PanelContext& context;
  Pen& pen;
  const Theme& theme;
  const Area& area;
  TimelinePlot plot;
  int person = 0;        ///< whose lines; 0: lanes
  bool hovered = false;  ///< the pointer is over the plot
  bool live = true;      ///< the right end is now

  UiState& state() const { return context.state; }
};

constexpr double kMinSpan = 5;
constexpr float kClick = 4;  // pixels of movement that still count as a click

void keep_in_history(UiState& state) {
  auto& view = state.timeline;
  view.span = std::clamp(view.span, kMinSpan, std::max(kMinSpan, state.history.span()));
  if (view.following) return;
  const double oldest = state.history.oldest(state.clock);
  view.end = std::max(view.end, std::min(state.clock - 1e-3, oldest + 1));
  if (view.end >= state.clock) {
    view.end = state.clock;
    view.following = true;
  }
}

/// The plot stays where it is from now on, while time goes by.
void hold_timeline(UiState& state) {
  if (!state.timeline.following) return;
  state.timeline.following = false;
  // Slightly before now: an end at the present follows time again (keep_in_history).
  state.timeline.end = state.clock - 1e-3;
}

/// Zooms with the wheel and pans by dragging; `t.plot` and `t.live` follow. Returns true when
/// the plot was clicked and not dragged.
bool zoom_and_pan(Timeline& t) {
  auto& state = t.state();
  auto& view = state.timeline;
  const auto& io = ImGui::GetIO();
  const auto& plot = t.plot.area;
  if (t.hovered && io.MouseWheel != 0 && !io.KeyShift) {
    // Zooms around the pointer, or around the right end while that is now.
    const double at = t.plot.time_at(io.MousePos.x);
    const double old = view.span;
    view.span = std::clamp(old * std::pow(0.8, io.MouseWheel), kMinSpan,
                           std::max(kMinSpan, state.history.span()));
    if (!view.following) view.end = at + (view.end - at) * view.span / old;
    t.context.animating = true;
  }
  if (t.hovered && io.MouseWheelH != 0) {
    hold_timeline(state);
    view.end -= io.MouseWheelH * view.span / 20;
  }
  if (t.hovered && ImGui::IsMouseClicked(0)) {
    view.dragging = true;
    view.dragged = 0;
  }
  bool clicked = false;
  if (view.dragging) {
    view.dragged += std::abs(io.MouseDelta.x) + std::abs(io.MouseDelta.y);
    if (!ImGui::IsMouseDown(0)) {
      view.dragging = false;
      clicked = t.hovered && view.dragged < kClick;
    } else if (view.dragged >= kClick && io.MouseDelta.x != 0) {
      hold_timeline(state);
      view.end -= static_cast<double>(io.MouseDelta.x / plot.width()) * view.span;
    }
  }
  keep_in_history(state);
  t.plot.end = view.following ? state.clock : view.end;
  t.plot.span = view.span;
  t.live = view.following;
  return clicked;
}

/// Of the chosen curve that is the `place`-th: curves have the palette's colours in turn.
ImU32 curve_color(const Theme& theme, std::size_t place) {
  if (place == 0) return theme.colors.text;
  return to_imgui(overlay::person_color(static_cast<int>(place)));
}

/// What a person showed at a moment, the likeliest first.
void add_values(const Timeline& t, int person, double time, std::vector<TooltipLine>& lines) {
  const auto& history = t.state().history;
  const double tolerance = std::max(1.05, t.plot.span / t.plot.area.width() * 2);
  const auto* sample = history.at(person, time, tolerance);
  lines.push_back(
      {person_name(t.context.view, person), "", to_imgui(overlay::person_color(person))});
  if (sample == nullptr) {
    lines.push_back({"not in view", "", t.theme.colors.dim});
    return;
  }
  const auto& names = history.labels_of(*sample);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < std::min(names.size(), TimelineHistory::kMaxLabels); ++i) {
    if (sample->share(i) >= 0.01F) order.push_back(i);
  }
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return sample->share(a) > sample->share(b); });
  if (order.size() > 4) order.resize(4);
  if (!sample->sure) lines.push_back({"not sure", "", t.theme.colors.dim});
  for (const auto i : order) {
    lines.push_back({std::string(base::display_word(names[i])),
                     format_percent(sample->share(i)),
                     to_imgui(overlay::label_color(names[i], static_cast<int>(i)))});
  }
  lines.push_back({"valence", base::signed_decimal(sample->valence, 2), t.theme.colors.dim});
  const auto chosen = chosen_curves(t.context.view.settings.curves);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const auto& curve = curves()[chosen[i]];
    if (curve.id == "valence" || (curve.ticks && !sample->blinked)) continue;
    lines.push_back({curve.name, curve_text(*sample, chosen[i]), curve_color(t.theme, i)});
  }
}

/// What is known of `time`, beside the pointer: how long ago, markers there, and what `person`
/// showed; 0 for nobody.
void draw_plot_tooltip(Timeline& t, int person, double time) {
  const auto& theme = t.theme;
  const float x = std::round(t.plot.x_at(time));
  t.pen.list()->AddLine({x, t.plot.area.min.y}, {x, t.plot.area.max.y},
                        faded(theme.colors.soft, 0.5F));
  const double ago = t.state().clock - time;
  const std::string when = t.context.view.replay ? format_clock(time)
                           : ago < 0.5           ? "now"
                                                 : format_ago(ago);
  std::vector<TooltipLine> lines{{when, "", theme.colors.soft}};
  for (const auto& marker : t.state().history.markers()) {
    if (std::abs(t.plot.x_at(marker.time) - x) > theme.px(5)) continue;
    lines.push_back(
        {elide(theme.small, marker.text.empty() ? "marker" : marker.text, theme.px(260)), "",
         theme.colors.alarm});
  }
  if (person != 0) add_values(t, person, time, lines);
  draw_tooltip(t.context, lines);
}

/// From marker to marker, and from one expression of the person to the next.
template <typename MakeButton>
void draw_transport(Timeline& t, MakeButton&& button) {
  auto& state = t.state();
  const double position = t.context.view.replay->position;
  const auto go = [&](std::optional<double> to) {
    if (to) t.context.ask(action::Seek{*to});
  };
  if (!t.live && button("##whole", "Whole session", true)) {
    state.timeline = {};
    state.timeline.span = state.clock;
  }
  const int person = t.person != 0 ? t.person : chosen_person(state);
  const auto episodes = state.replay.episodes.find(person);
  if (episodes != state.replay.episodes.end()) {
    if (button("##next-episode", "Episode →", false)) {
      go(next_time(episodes->second, position));
    }
    if (button("##last-episode", "←", false)) go(previous_time(episodes->second, position));
  }
  if (!state.replay.markers.empty()) {
    if (button("##next-marker", "Marker →", false)) {
      go(next_time(state.replay.markers, position));
    }
    if (button("##last-marker", "← ", false)) {
      go(previous_time(state.replay.markers, position));
    }
  }
}

/// The title and the buttons; the hint and the names of `labels`, which have a line in the
/// plot, as far as there is room.
void draw_timeline_header(Timeline& t, const std::vector<std::size_t>& labels) {
  auto& state = t.state();
  const auto& theme = t.theme;
  const float pad = theme.px(12);
  const float top = t.area.min.y + theme.px(8);
  const float button_top = t.area.min.y + theme.px(5);
  const int chosen = chosen_person(state);
  float right = t.area.max.x - theme.px(8);
  const auto button = [&](const char* id, const std::string& text, bool on) {
    right -= small_button_size(theme, text).x;
    const bool clicked = small_button(t.pen, theme, id, text, {right, button_top}, on);
    right -= theme.px(6);
    return clicked;
  };
  if (t.context.view.replay) {
    draw_transport(t, button);
  } else if (button("##now", t.live ? "Hold" : "Back to now", !t.live)) {
    if (t.live) {
      hold_timeline(state);
    } else {
      state.timeline.following = true;
    }
  }
  const bool lanes = t.context.view.settings.timeline_lanes;
  if (button("##lanes", lanes ? "One person" : "Everyone", false)) {
    t.context.ask(action::ChangeSetting{&base::Settings::timeline_lanes, !lanes});
  }

  float x = t.area.min.x + pad;
  const std::string title =
      t.person == 0 ? (chosen == 0 && state.history.lanes().empty() ? "Timeline" : "Everyone")
                    : person_name(t.context.view, t.person);
  x = t.pen.text(theme.semibold, {x, top - theme.px(1)}, theme.colors.text,
                 elide(theme.semibold, title, theme.px(160)));
  const auto& replay = t.context.view.replay;
  const std::string span =
      replay ? format_clock(replay->position) + " of " + format_clock(replay->length)
             : (t.live ? "last " : "") + format_duration(t.plot.span) +
                   (t.live ? "" : " until " + format_ago(state.clock - t.plot.end));
  x = t.pen.number(theme.small, {x + theme.px(10), top}, theme.colors.dim, span);
  // The legend.
  const auto* sample =
      t.person == 0 ? nullptr : newest_in_sight(state.history, t.person, t.plot);
  if (sample != nullptr) {
    const auto& names = state.history.labels_of(*sample);
    x += theme.px(10);
    const auto add = [&](std::string_view word, ImU32 color) {
      const float needed = theme.px(24) + text_width(theme.small, word);
      if (x + needed > right) return false;
      t.pen.list()->AddCircleFilled({x + theme.px(8), top + font_height(theme.small) / 2},
                                    theme.px(3.5F), color);
      x = t.pen.text(theme.small, {x + theme.px(17), top}, theme.colors.soft, word) +
          theme.px(4);
      return true;
    };
    bool room = true;
    const auto shown = chosen_curves(t.context.view.settings.curves);
    for (std::size_t i = 0; i < shown.size() && room; ++i) {
      room = add(curves()[shown[i]].name, curve_color(theme, i));
    }
    for (const auto i : labels) {
      if (i >= names.size()) continue;
      if (!room) break;
      room = add(base::display_word(names[i]),
                 to_imgui(overlay::label_color(names[i], static_cast<int>(i))));
    }
  }
  const std::string_view hint = replay ? "click to go there · drag and wheel to look around"
                                       : "drag to look back · wheel to zoom · M adds a marker";
  if (x + theme.px(24) + text_width(theme.small, hint) < right) {
    t.pen.text_right(theme.small, right - theme.px(6), top, theme.colors.dim, hint);
  }
}

constexpr float kMinShown = 0.05F;  // a label that never reaches it has no line

/// Seconds between two ticks of the axis, so that they are at least `least` pixels apart.
double tick_step(const TimelinePlot& plot, float least) {
  for (const double step : {1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0,
                            3600.0, 7200.0, 21600.0}) {
    if (plot.area.width() * step / plot.span >= least) return step;
  }
  constexpr double kDay = 86400;
  return std::max(1.0, std::ceil(least * plot.span / plot.area.width() / kDay)) * kDay;
}

/// The multiples of `step` from `first` to `last`.
std::vector<double> ticks(double first, double last, double step) {
  const auto from = static_cast<std::int64_t>(std::ceil(first / step - 1e-6));
  const auto to = static_cast<std::int64_t>(std::floor(last / step + 1e-6));
  std::vector<double> places;
  for (auto i = from; i <= to; ++i) places.push_back(static_cast<double>(i) * step);
  return places;
}

/// The lanes that have something in sight, by number.
std::vector<int> people_in_sight(const Timeline& t) {
  std::vector<int> people;
  for (const auto& [person, lane] : t.state().history.lanes()) {
    if (newest_in_sight(t.state().history, person, t.plot) != nullptr) people.push_back(person);
  }
  return people;
}

void draw_axis(Timeline& t) {
  const auto& theme = t.theme;
  const auto& plot = t.plot.area;
  const double now = t.state().clock;
  const double step = tick_step(t.plot, theme.px(120));
  const double last = now - t.plot.end;
  const float top = plot.max.y + theme.px(4);
  const auto tick = [&](float x, const std::string& text) {
    const float width = number_width(theme.small, text);
    const float left =
        std::clamp(x - width / 2, plot.min.x, std::max(plot.min.x, plot.max.x - width));
    t.pen.list()->AddLine({x, plot.max.y}, {x, plot.max.y + theme.px(3)}, theme.colors.line);
    t.pen.number(theme.small, {left, top}, theme.colors.dim, text);
  };
  if (t.context.view.replay) {
    // Counted from the session's beginning.
    const double from = std::max(0.0, t.plot.end - t.plot.span);
    for (const double time : ticks(from, t.plot.end, step)) {
      tick(t.plot.x_at(time), format_clock(time + 1e-3));
    }
    return;
  }
  for (const double ago : ticks(last, last + t.plot.span, step)) {
    tick(t.plot.x_at(now - ago), ago < 0.5 ? "now" : format_ago(ago));
  }
}

/// Where in the session the picture is.
void draw_playhead(Timeline& t) {
  if (!t.context.view.replay) return;
  const auto& theme = t.theme;
  const auto& plot = t.plot.area;
  const float x = std::round(t.plot.x_at(t.context.view.replay->position));
  if (x < plot.min.x - 1 || x > plot.max.x + 1) return;
  const float radius = theme.px(4);
  t.pen.list()->AddLine({x, plot.min.y}, {x, plot.max.y}, theme.colors.text, theme.px(1.5F));
  t.pen.list()->AddCircleFilled({x, plot.max.y}, radius, theme.colors.text);
}

void draw_markers(Timeline& t, float strip_top) {
  const auto& theme = t.theme;
  const auto& plot = t.plot.area;
  auto* list = t.pen.list();
  float text_end = plot.min.x;
  for (const auto& marker : t.state().history.markers()) {
    const float x = std::round(t.plot.x_at(marker.time));
    if (x < plot.min.x || x > plot.max.x) continue;
    const int dashes = static_cast<int>(std::ceil(plot.height() / theme.px(6)));
    for (int dash = 0; dash < dashes; ++dash) {
      const float y = plot.min.y + static_cast<float>(dash) * theme.px(6);
      list->AddLine({x, y}, {x, std::min(y + theme.px(3), plot.max.y)}, theme.colors.alarm);
    }
    const float side = theme.px(4);
    const float top = strip_top + theme.px(5);
    list->AddTriangleFilled({x - side, top}, {x + side, top}, {x, top + 1.6F * side},
                            theme.colors.alarm);
    if (marker.text.empty()) continue;
    const std::string text = elide(theme.small, marker.text, theme.px(220));
    const float width = text_width(theme.small, text);
    float left = x + theme.px(7);
    if (left + width > plot.max.x) left = x - theme.px(7) - width;
    // A text that would overlap another is left out; the tooltip has it.
    if (left < text_end) continue;
    text_end =
        t.pen.text(theme.small, {left, strip_top}, theme.colors.soft, text) + theme.px(8);
  }
}

bool any_marker_in_sight(const Timeline& t) {
  const auto& markers = t.state().history.markers();
  return std::any_of(markers.begin(), markers.end(), [&](const auto& marker) {
    return marker.time <= t.plot.end && marker.time >= t.plot.end - t.plot.span;
  });
}

void draw_lines(Timeline& t, const std::vector<std::size_t>& labels) {
  const auto& theme = t.theme;
  const auto& plot = t.plot.area;
  auto* list = t.pen.list();
  for (const float share : {0.0F, 0.5F, 1.0F}) {
    const float y = std::round(plot.max.y - share * plot.height());
    list->AddLine({plot.min.x, y}, {plot.max.x, y}, theme.colors.line);
  }
  const auto* sample = newest_in_sight(t.state().history, t.person, t.plot);
  if (sample == nullptr) return;
  const auto& names = t.state().history.labels_of(*sample);
  const auto chosen = chosen_curves(t.context.view.settings.curves);
  // Curves that were asked for stand out from the expressions.
  const float strength = chosen.empty() ? 1.0F : 0.4F;
  for (const auto i : labels) {
    if (i >= names.size()) continue;
    plot_line(
        list, t.state().history, t.person, t.plot,
        [i, set = sample->label_set](const TimelineHistory::Sample& s) {
          return s.label_set == set ? s.share(i) : 0.0F;
        },
        to_imgui(overlay::label_color(names[i], static_cast<int>(i)), strength), theme.px(2));
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const auto curve = chosen[i];
    const ImU32 color = curve_color(theme, i);
    if (curves()[curve].ticks) {
      plot_blinks(list, t.state().history, t.person, t.plot, color, theme.px(9), theme.px(2));
      continue;
    }
    plot_line(
        list, t.state().history, t.person, t.plot,
        [curve](const TimelineHistory::Sample& s) { return curve_height(s, curve); }, color,
        theme.px(1.5F));
  }
}

struct LaneRow {
  int person;
  Area area;
};

void draw_lane(Timeline& t, const LaneRow& row, float names_left) {
  auto& state = t.state();
  const auto& theme = t.theme;
  auto* list = t.pen.list();
  const bool present = state.people.find(row.person) != state.people.end();
  const float middle = (row.area.min.y + row.area.max.y) / 2;
  const float text_top = middle - font_height(theme.small) / 2;
  const ImU32 own = to_imgui(overlay::person_color(row.person), present ? 1.0F : 0.5F);
  list->AddRectFilled({names_left, row.area.min.y + theme.px(3)},
                      {names_left + theme.px(4), row.area.max.y - theme.px(3)}, own,
                      theme.px(2));
  const float left = names_left + theme.px(10);
  t.pen.text(theme.small, {left, text_top},
             row.person == state.chosen ? theme.colors.text
             : present                  ? theme.colors.soft
                                        : theme.colors.dim,
             elide(theme.small, person_name(t.context.view, row.person),
                   row.area.min.x - left - theme.px(6)));
  for (const auto& run : plot_runs(state.history, row.person, t.plot)) {
    const auto& names = state.history.labels_of(*run.sample);
    const auto label = static_cast<std::size_t>(std::max<int>(0, run.sample->label));
    const bool sure = run.sample->sure && label < names.size();
    const overlay::Color color =
        sure ? overlay::label_color(names[label], static_cast<int>(label)) : overlay::Color{};
    const ImVec2 min{run.left, row.area.min.y + theme.px(2)};
    const ImVec2 max{std::max(run.right, run.left + 1), row.area.max.y - theme.px(2)};
    list->AddRectFilled(min, max, sure ? to_imgui(color) : theme.colors.track,
                        std::min(theme.px(3), (max.x - min.x) / 3));
    const std::string_view word = sure ? base::display_word(names[label]) : "not sure";
    if (text_width(theme.small, word) + theme.px(12) > max.x - min.x) continue;
    t.pen.text(theme.small, {min.x + theme.px(6), text_top},
               sure ? to_imgui(overlay::ink_on(color)) : theme.colors.dim, word);
  }
}

/// The tooltip over a lane's name: what the person showed so far.
void draw_lane_tooltip(const Timeline& t, int person) {
  const auto signals = t.state().signals.of(person);
  const auto* lane = t.state().history.lane(person);
  if (!signals || lane == nullptr || lane->samples.empty()) return;
  draw_share_tooltip(t.context, person, *signals,
                     t.state().history.labels_of(lane->samples.back()));
}

/// Returns whose lane the pointer is over; 0 for nobody's.
int draw_lanes(Timeline& t, const std::vector<int>& people) {
  const auto& theme = t.theme;
  const Area plot = t.plot.area;
  const float names_left = t.area.min.x + theme.px(12);
  const float row = std::clamp(std::floor(plot.height() / static_cast<float>(people.size())),
                               theme.px(21), theme.px(34));
  const float width = t.area.max.x - theme.px(2) - names_left;
  ImGui::SetCursorScreenPos({names_left, plot.min.y});
  ImGui::BeginChild("##lanes", {width, plot.height()}, false,
                    ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoBackground);
  const auto& io = ImGui::GetIO();
  const bool over_names = io.MousePos.x < plot.min.x;
  if (ImGui::IsWindowHovered() && io.MouseWheel != 0 && (over_names || io.KeyShift)) {
    ImGui::SetScrollY(ImGui::GetScrollY() - io.MouseWheel * row);
  }
  Pen pen(t.context, "timeline", ImGui::GetWindowDrawList());
  Timeline inside{t.context, pen, t.theme, t.area, t.plot, 0, t.hovered, t.live};
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  int hovered = 0;
  for (std::size_t i = 0; i < people.size(); ++i) {
    const float top = origin.y + row * static_cast<float>(i);
    const LaneRow lane{people[i], {{plot.min.x, top}, {plot.max.x, top + row}}};
    if (lane.area.max.y <= plot.min.y || lane.area.min.y >= plot.max.y) continue;
    draw_lane(inside, lane, names_left);
    if (io.MousePos.y >= lane.area.min.y && io.MousePos.y < lane.area.max.y) {
      hovered = people[i];
      if (over_names && ImGui::IsWindowHovered()) draw_lane_tooltip(t, people[i]);
    }
  }
  ImGui::Dummy({1, row * static_cast<float>(people.size())});
  ImGui::EndChild();
  return hovered;
}

}  // namespace

/// The chosen person's expressions as lines, or everybody's verdicts as lanes; a quarter of an
/// hour can be looked back at.
void draw_timeline_panel(PanelContext& context) {
  const auto& area = context.layout.timeline;
  if (area.width() <= 0) return;
  auto& state = context.state;
  const auto& theme = context.theme;
  begin_panel_window("##timeline", area);
  Pen pen(context, "timeline", ImGui::GetWindowDrawList());
  pen.list()->AddRectFilled(area.min, area.max, theme.colors.card, theme.px(9));

  Timeline t{context, pen, theme, area, {}, 0};
  t.person = context.view.settings.timeline_lanes ? 0 : chosen_person(state);
  // With nobody in view: the lines of the person who was seen last.
  if (!context.view.settings.timeline_lanes && t.person == 0 &&
      !state.history.lanes().empty()) {
    const auto& lanes = state.history.lanes();
    t.person = std::max_element(lanes.begin(), lanes.end(), [](const auto& a, const auto& b) {
                 return a.second.last_seen < b.second.last_seen;
               })->first;
  }
  const float names = t.person == 0 ? theme.px(96) : theme.px(12);
  t.plot.area = {{area.min.x + names, area.min.y + theme.px(32)},
                 {area.max.x - theme.px(12), area.max.y - theme.px(23)}};
  t.plot.span = state.timeline.span;
  t.plot.end = state.timeline.following ? state.clock : state.timeline.end;
  t.live = state.timeline.following;
  const auto& plot = t.plot.area;
  t.hovered = ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows) &&
              ImGui::IsMouseHoveringRect(plot.min, plot.max, false);
  const bool clicked = zoom_and_pan(t);
  const float strip_top = t.plot.area.min.y - theme.px(3);
  if (any_marker_in_sight(t)) t.plot.area.min.y += theme.px(15);

  std::vector<std::size_t> labels;
  if (t.person != 0) labels = labels_in_sight(state.history, t.person, t.plot, kMinShown);
  draw_timeline_header(t, labels);
  const auto people = t.person == 0 ? people_in_sight(t) : std::vector<int>{};
  int pointed = t.person;
  if (t.person != 0) {
    draw_lines(t, labels);
  } else if (!people.empty()) {
    pointed = draw_lanes(t, people);
  } else {
    pen.text(theme.small, {t.plot.area.min.x, t.plot.area.min.y + theme.px(8)},
             theme.colors.dim,
             elide(theme.small, "Expressions over time appear here.", t.plot.area.width()));
  }
  draw_markers(t, strip_top);
  draw_axis(t);
  draw_playhead(t);
  const bool looking = t.hovered && !state.timeline.dragging;
  if (looking && (t.person != 0 || pointed != 0)) {
    draw_plot_tooltip(t, pointed, t.plot.time_at(ImGui::GetIO().MousePos.x));
  }
  if (clicked && context.view.replay) {
    context.ask(action::Seek{std::clamp(t.plot.time_at(ImGui::GetIO().MousePos.x), 0.0,
                                        context.view.replay->length)});
  }
  if (clicked && t.person == 0 && state.people.find(pointed) != state.people.end()) {
    state.chosen = pointed;
  }
  ImGui::End();
}

}  // namespace mien::ui
