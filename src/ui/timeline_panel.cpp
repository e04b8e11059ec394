#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "mien/base/labels.hpp"

#include "panels.hpp"
#include "people_state.hpp"
#include "share_strip.hpp"
#include "timeline_header.hpp"
#include "timeline_painter.hpp"
#include "timeline_pointer.hpp"
#include "timeline_tip.hpp"
#include "words.hpp"

namespace mien {
namespace {

constexpr float kLeastShown = 0.05f;  // a label that never reaches it has no line

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
  const auto tick = [&](float x, const std::string& words) {
    const float width = number_width(theme.small, words);
    const float left =
        std::clamp(x - width / 2, plot.min.x, std::max(plot.min.x, plot.max.x - width));
    t.pen.list()->AddLine({x, plot.max.y}, {x, plot.max.y + theme.px(3)}, theme.colors.line);
    t.pen.number(theme.small, {left, top}, theme.colors.dim, words);
  };
  if (t.context.view.replay) {
    // Counted from the session's beginning.
    const double from = std::max(0.0, t.plot.end - t.plot.span);
    for (const double time : ticks(from, t.plot.end, step)) {
      tick(t.plot.x_at(time), clock_words(time + 1e-3));
    }
    return;
  }
  for (const double ago : ticks(last, last + t.plot.span, step)) {
    tick(t.plot.x_at(now - ago), ago < 0.5 ? "now" : ago_words(ago));
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
  t.pen.list()->AddLine({x, plot.min.y}, {x, plot.max.y}, theme.colors.text, theme.px(1.5f));
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
    list->AddTriangleFilled({x - side, top}, {x + side, top}, {x, top + 1.6f * side},
                            theme.colors.alarm);
    if (marker.text.empty()) continue;
    const std::string words = elide(theme.small, marker.text, theme.px(220));
    const float width = text_width(theme.small, words);
    float left = x + theme.px(7);
    if (left + width > plot.max.x) left = x - theme.px(7) - width;
    // Words that would lie over others are left out; the pointer shows them.
    if (left < text_end) continue;
    text_end =
        t.pen.text(theme.small, {left, strip_top}, theme.colors.soft, words) + theme.px(8);
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
  for (const float share : {0.0f, 0.5f, 1.0f}) {
    const float y = std::round(plot.max.y - share * plot.height());
    list->AddLine({plot.min.x, y}, {plot.max.x, y}, theme.colors.line);
  }
  const auto* sample = newest_in_sight(t.state().history, t.person, t.plot);
  if (sample == nullptr) return;
  const auto& names = t.state().history.labels_of(*sample);
  for (const auto i : labels) {
    if (i >= names.size()) continue;
    plot_line(
        list, t.state().history, t.person, t.plot,
        [i, set = sample->label_set](const TimelineHistory::Sample& s) {
          return s.label_set == set ? s.share(i) : 0.0f;
        },
        to_imgui(label_color(names[i], static_cast<int>(i))), theme.px(2));
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
  const ImU32 own = to_imgui(person_color(row.person), present ? 1.0f : 0.5f);
  list->AddRectFilled({names_left, row.area.min.y + theme.px(3)},
                      {names_left + theme.px(4), row.area.max.y - theme.px(3)}, own,
                      theme.px(2));
  const float left = names_left + theme.px(10);
  t.pen.text(
      theme.small, {left, text_top},
      row.person == state.chosen ? theme.colors.text
      : present                  ? theme.colors.soft
                                 : theme.colors.dim,
      elide(theme.small, person_name(state, row.person), row.area.min.x - left - theme.px(6)));
  for (const auto& run : plot_runs(state.history, row.person, t.plot)) {
    const auto& names = state.history.labels_of(*run.sample);
    const auto label = static_cast<std::size_t>(std::max<int>(0, run.sample->label));
    const bool sure = run.sample->sure && label < names.size();
    const Color color = sure ? label_color(names[label], static_cast<int>(label)) : Color{};
    const ImVec2 min{run.left, row.area.min.y + theme.px(2)};
    const ImVec2 max{std::max(run.right, run.left + 1), row.area.max.y - theme.px(2)};
    list->AddRectFilled(min, max, sure ? to_imgui(color) : theme.colors.track,
                        std::min(theme.px(3), (max.x - min.x) / 3));
    const std::string_view word = sure ? display_word(names[label]) : "not sure";
    if (text_width(theme.small, word) + theme.px(12) > max.x - min.x) continue;
    t.pen.text(theme.small, {min.x + theme.px(6), text_top},
               sure ? to_imgui(ink_on(color)) : theme.colors.dim, word);
  }
}

/// Over a lane's name: what the person showed so far.
void tell_shares(const Timeline& t, int person) {
  const auto signals = t.state().signals.of(person);
  const auto* lane = t.state().history.lane(person);
  if (!signals || lane == nullptr || lane->samples.empty()) return;
  draw_share_tip(t.context, person, *signals,
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
      if (over_names && ImGui::IsWindowHovered()) tell_shares(t, people[i]);
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
  // Who has left is still there to be looked at.
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
  if (t.person != 0) labels = labels_in_sight(state.history, t.person, t.plot, kLeastShown);
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
             elide(theme.small, "What faces show will be drawn here, as time goes by.",
                   t.plot.area.width()));
  }
  draw_markers(t, strip_top);
  draw_axis(t);
  draw_playhead(t);
  const bool looking = t.hovered && !state.timeline.dragging;
  if (looking && (t.person != 0 || pointed != 0)) {
    draw_tip(t, pointed, t.plot.time_at(ImGui::GetIO().MousePos.x));
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

}  // namespace mien
