#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mien {

/// More labels than any model of expressions has.
inline constexpr std::size_t kMostModelLabels = 256;

/// Why `label` cannot be a model's label, for the end of a sentence: "holds a control
/// character". Labels are columns, cells and lines in tables and on screen, so those that would
/// be taken for something else there are refused. Empty when nothing is wrong with it.
std::string label_problem(std::string_view label);

}  // namespace mien
