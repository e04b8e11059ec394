#pragma once

#include "pen.hpp"
#include "ui_state.hpp"

namespace mien::ui {

/// How much a card says; the panel chooses what fits.
enum class CardLevel {
  line,     ///< name and label in one row
  brief,    ///< and the two likeliest labels' bars
  compact,  ///< and the buttons
  bars,     ///< all bars, no buttons
  full,     ///< all bars, the last half minute, buttons
  whole,    ///< and the blend, the share of time
};

/// From more people than that on, a line is as low as it can be read.
inline constexpr std::size_t kManyPeople = 12;

/// The height of a card that is `width` wide.
float card_height(const PanelContext& context, const PersonCard& card, CardLevel level,
                  float width);

/// Draws a card at the cursor of the current window and takes its place there. Handles its
/// clicks.
void draw_card(PanelContext& context, Pen& pen, const PersonCard& card, CardLevel level,
               float width);

/// A tooltip with the exact shares, the changes and how long the person was seen.
void draw_share_tooltip(PanelContext& context, int person,
                        const emotions::PersonSignals& signals,
                        const std::vector<std::string>& labels);

}  // namespace mien::ui
