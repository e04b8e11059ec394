#pragma once

#include <string>

#include "mien/ui/view_model.hpp"

#include "ui_state.hpp"

namespace mien {

/// Why the face of `person` cannot be an example now, in a sentence; empty when it can.
std::string face_refusal(const ViewModel& view, const UiState& state, int person);

/// What a lesson is worth, and which two labels it takes for each other.
std::string lesson_words(const TeachingView::Lesson& lesson);

/// Right hardly more often than by guessing.
bool hardly_better_than_chance(const TeachingView::Lesson& lesson);

/// What the examples allow or lack.
std::string readiness_words(const TeachingView& teaching);

}  // namespace mien
