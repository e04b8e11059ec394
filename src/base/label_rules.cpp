#include "mien/base/label_rules.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

namespace mien {
namespace {

constexpr std::size_t kLongestLabel = 64;

/// The columns of faces.csv and the word of a verdict that names no label.
constexpr std::string_view kReserved[] = {
    "frame", "face_id", "timestamp", "confidence", "success", "x",       "y",       "w",
    "h",     "file",    "verdict",   "certainty",  "reason",  "valence", "not sure"};

/// Control characters of ASCII and Latin-1, line and paragraph separators, and those that turn
/// the direction of writing.
bool holds_control_characters(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto at = [&](std::size_t place) {
      return place < text.size() ? static_cast<unsigned char>(text[place]) : 0U;
    };
    if (at(i) < ' ' || at(i) == 0x7F) return true;
    if (at(i) == 0xC2 && at(i + 1) < 0xA0) return true;
    if (at(i) == 0xE2 && at(i + 1) == 0x80 && at(i + 2) >= 0xA8 && at(i + 2) <= 0xAE)
      return true;
    if (at(i) == 0xE2 && at(i + 1) == 0x81 && at(i + 2) >= 0xA6 && at(i + 2) <= 0xA9)
      return true;
  }
  return false;
}

}  // namespace

std::string label_problem(std::string_view label) {
  if (label.empty()) return "is empty";
  if (label.size() > kLongestLabel) {
    return "is longer than " + std::to_string(kLongestLabel) + " bytes";
  }
  if (holds_control_characters(label)) return "holds a control character";
  if (label.front() == ' ' || label.back() == ' ') return "begins or ends with a space";
  std::string lower(label);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (std::find(std::begin(kReserved), std::end(kReserved), lower) != std::end(kReserved)) {
    return "is a word that results use for something else";
  }
  return {};
}

}  // namespace mien
