#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mien::base {

/// The canonical expression labels, in FER+ order: neutral happiness surprise sadness anger
/// disgust fear contempt. Models may have fewer, or their own.
std::span<const std::string_view> canonical_labels();

/// The canonical label that a word stands for ("happy", "Happiness", "HAPPY" -> "happiness"),
/// or nullopt for a word that is not known.
std::optional<std::string_view> canonical_label(std::string_view word);

/// The adjective shown to people: "happiness" -> "happy". A label of a model's own is shown as
/// it is.
std::string_view display_word(std::string_view label);

/// More labels than any model of expressions has.
inline constexpr std::size_t kMaxModelLabels = 256;

/// Why `label` cannot be a model's label, for the end of a sentence: "holds a control
/// character". Labels are columns, cells and lines in tables and on screen, so those that would
/// be taken for something else there are refused. Empty when nothing is wrong with it.
std::string label_problem(std::string_view label);

}  // namespace mien::base
