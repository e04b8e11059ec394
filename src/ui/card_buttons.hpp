#pragma once

#include "card_drawing.hpp"

namespace mien {

/// How high the buttons of `card` are in rows of `width`.
float card_buttons_height(const PanelContext& context, const PersonCard& card,
                          const CardMetrics& m, float width);

/// Draws the buttons below `top` (resting face, kept names, rename, forget) and does what they
/// say when they are clicked.
void draw_card_buttons(CardDrawing& d, float top);

}  // namespace mien
