#pragma once

#include "pen.hpp"
#include "ui_state.hpp"

namespace mien {

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

}  // namespace mien
