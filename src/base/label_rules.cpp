#include "mien/base/label_rules.hpp"

#include <algorithm>
#include <iterator>

#include "mien/base/text.hpp"

namespace mien {
namespace {

constexpr std::size_t kLongestLabel = 64;

/// The columns of faces.csv and the word of a verdict that names no label.
constexpr std::string_view kReserved[] = {
    "frame", "face_id", "timestamp", "confidence", "success", "x",       "y",       "w",
    "h",     "file",    "verdict",   "certainty",  "reason",  "valence", "not sure"};

}  // namespace

std::string label_problem(std::string_view label) {
  if (label.empty()) return "is empty";
  if (label.size() > kLongestLabel) {
    return "is longer than " + std::to_string(kLongestLabel) + " bytes";
  }
  if (has_control_characters(label)) return "holds a control character";
  if (label.front() == ' ' || label.back() == ' ') return "begins or ends with a space";
  if (std::find(std::begin(kReserved), std::end(kReserved), ascii_lower(label)) !=
      std::end(kReserved)) {
    return "is a word that results use for something else";
  }
  return {};
}

}  // namespace mien
