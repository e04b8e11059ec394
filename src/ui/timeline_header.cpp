#include "timeline_header.hpp"

#include <optional>

#include "mien/base/labels.hpp"

#include "chip.hpp"
#include "people_state.hpp"
#include "timeline_pointer.hpp"
#include "words.hpp"

namespace mien {
namespace {

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

}  // namespace

void draw_timeline_header(Timeline& t, const std::vector<std::size_t>& labels) {
  auto& state = t.state();
  const auto& theme = t.theme;
  const float pad = theme.px(12);
  const float top = t.area.min.y + theme.px(8);
  const float chip_top = t.area.min.y + theme.px(5);
  const int chosen = chosen_person(state);
  float right = t.area.max.x - theme.px(8);
  const auto button = [&](const char* id, const std::string& words, bool on) {
    right -= chip_size(theme, words).x;
    const bool clicked = chip(t.pen, theme, id, words, {right, chip_top}, on);
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
  Settings settings = t.context.view.settings;
  if (button("##lanes", settings.timeline_lanes ? "One person" : "Everyone", false)) {
    settings.timeline_lanes = !settings.timeline_lanes;
    t.context.ask(action::ChangeSettings{std::move(settings)});
  }

  float x = t.area.min.x + pad;
  const std::string title =
      t.person == 0 ? (chosen == 0 && state.history.lanes().empty() ? "Timeline" : "Everyone")
                    : person_name(state, t.person);
  x = t.pen.text(theme.semibold, {x, top - theme.px(1)}, theme.colors.text,
                 elide(theme.semibold, title, theme.px(160)));
  const auto& replay = t.context.view.replay;
  const std::string span =
      replay ? clock_words(replay->position) + " of " + clock_words(replay->length)
             : (t.live ? "last " : "") + span_words(t.plot.span) +
                   (t.live ? "" : " until " + ago_words(state.clock - t.plot.end));
  x = t.pen.number(theme.small, {x + theme.px(10), top}, theme.colors.dim, span);
  // The lines' words.
  const auto* sample =
      t.person == 0 ? nullptr : newest_in_sight(state.history, t.person, t.plot);
  if (sample != nullptr) {
    const auto& names = state.history.labels_of(*sample);
    x += theme.px(10);
    for (const auto i : labels) {
      if (i >= names.size()) continue;
      const auto word = display_word(names[i]);
      const float radius = theme.px(3.5f);
      const float needed = theme.px(24) + text_width(theme.small, word);
      if (x + needed > right) break;
      t.pen.list()->AddCircleFilled({x + theme.px(8), top + font_height(theme.small) / 2},
                                    radius,
                                    to_imgui(label_color(names[i], static_cast<int>(i))));
      x = t.pen.text(theme.small, {x + theme.px(17), top}, theme.colors.soft, word) +
          theme.px(4);
    }
  }
  const std::string_view hint = replay ? "click to go there · drag and wheel to look around"
                                       : "drag to look back · wheel to zoom · M adds a marker";
  if (x + theme.px(24) + text_width(theme.small, hint) < right) {
    t.pen.text_right(theme.small, right - theme.px(6), top, theme.colors.dim, hint);
  }
}

}  // namespace mien
