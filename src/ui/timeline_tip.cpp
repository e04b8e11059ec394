#include "timeline_tip.hpp"

#include <algorithm>
#include <cmath>

#include "mien/base/labels.hpp"

#include "people_state.hpp"
#include "tip.hpp"
#include "words.hpp"

namespace mien {
namespace {

/// What a person showed at a moment, the likeliest first.
void add_values(const Timeline& t, int person, double time, std::vector<TipLine>& lines) {
  const auto& history = t.state().history;
  const double tolerance = std::max(1.05, t.plot.span / t.plot.area.width() * 2);
  const auto* sample = history.at(person, time, tolerance);
  lines.push_back({person_name(t.state(), person), "", to_imgui(person_color(person))});
  if (sample == nullptr) {
    lines.push_back({"not in view", "", t.theme.colors.dim});
    return;
  }
  const auto& names = history.labels_of(*sample);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < std::min(names.size(), TimelineHistory::kMostLabels); ++i) {
    if (sample->share(i) >= 0.01f) order.push_back(i);
  }
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return sample->share(a) > sample->share(b); });
  if (order.size() > 4) order.resize(4);
  if (!sample->sure) lines.push_back({"not sure", "", t.theme.colors.dim});
  for (const auto i : order) {
    lines.push_back({std::string(display_word(names[i])), percent(sample->share(i)),
                     to_imgui(label_color(names[i], static_cast<int>(i)))});
  }
  lines.push_back({"valence", signed_decimal(sample->valence), t.theme.colors.dim});
}

}  // namespace

void draw_tip(Timeline& t, int person, double time) {
  const auto& theme = t.theme;
  const float x = std::round(t.plot.x_at(time));
  t.pen.list()->AddLine({x, t.plot.area.min.y}, {x, t.plot.area.max.y},
                        faded(theme.colors.soft, 0.5f));
  const double ago = t.state().clock - time;
  const std::string when = t.context.view.replay ? clock_words(time)
                           : ago < 0.5           ? "now"
                                                 : ago_words(ago);
  std::vector<TipLine> lines{{when, "", theme.colors.soft}};
  for (const auto& marker : t.state().history.markers()) {
    if (std::abs(t.plot.x_at(marker.time) - x) > theme.px(5)) continue;
    lines.push_back(
        {elide(theme.small, marker.text.empty() ? "marker" : marker.text, theme.px(260)), "",
         theme.colors.alarm});
  }
  if (person != 0) add_values(t, person, time, lines);
  draw_tip_lines(t.context, lines);
}

}  // namespace mien
