#pragma once

#include "pen.hpp"
#include "ui_state.hpp"

namespace mien {

/// How a person's time was shared among the labels: one bar, a piece of each label's colour in
/// the model's order, not sure as its empty rest.
void draw_share_strip(const Pen& pen, const Theme& theme, const Area& area,
                      const PersonSignals& signals, const std::vector<std::string>& labels,
                      float alpha);

/// A tooltip with the exact shares, the changes and how long the person was seen.
void draw_share_tip(PanelContext& context, int person, const PersonSignals& signals,
                    const std::vector<std::string>& labels);

}  // namespace mien
