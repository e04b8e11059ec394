#pragma once

#include <string>

#include "ui_state.hpp"

namespace mien {

constexpr double kLinger = 1.2;  ///< seconds a card stays after its face left

/// Takes the newest readings into the cards and the history. Once per redraw, before the
/// panels.
void follow_people(PanelContext& context);

/// Asks for names that were given or taken back to be known. Once per redraw, after the panels.
void tell_names(PanelContext& context);

/// Whom keys and the timeline's lines are about: who was clicked, else the largest face; 0 when
/// nobody is in view.
int chosen_person(const UiState& state);

/// The name that the user gave, or "P1".
std::string person_name(const UiState& state, int person);

}  // namespace mien
