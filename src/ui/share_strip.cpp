#include "share_strip.hpp"

#include <algorithm>
#include <cmath>

#include "mien/base/labels.hpp"

#include "people_state.hpp"
#include "tip.hpp"
#include "words.hpp"

namespace mien {

void draw_share_strip(const Pen& pen, const Theme& theme, const Area& area,
                      const PersonSignals& signals, const std::vector<std::string>& labels,
                      float alpha) {
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
                        to_imgui(label_color(labels[i], static_cast<int>(i)), alpha),
                        theme.px(1));
  }
}

void draw_share_tip(PanelContext& context, int person, const PersonSignals& signals,
                    const std::vector<std::string>& labels) {
  const auto& theme = context.theme;
  std::vector<TipLine> lines{
      {person_name(context.state, person) + " · seen for " + span_words(signals.seconds), "",
       to_imgui(person_color(person))}};
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (signals.share(i) >= 0.0005) order.push_back(i);
  }
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return signals.share(a) > signals.share(b); });
  for (const auto i : order) {
    lines.push_back({std::string(display_word(labels[i])),
                     decimal(100 * signals.share(i), 1) + "%",
                     to_imgui(label_color(labels[i], static_cast<int>(i)))});
  }
  if (signals.seconds > 0 && signals.not_sure_seconds > 0) {
    lines.push_back({"not sure",
                     decimal(100 * signals.not_sure_seconds / signals.seconds, 1) + "%",
                     theme.colors.track});
  }
  lines.push_back(
      {"changes of expression", std::to_string(signals.transitions), theme.colors.dim});
  draw_tip_lines(context, lines);
}

}  // namespace mien
