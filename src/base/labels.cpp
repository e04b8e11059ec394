#include "mien/base/labels.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "mien/base/text.hpp"

namespace mien::base {
namespace {

constexpr std::array<std::string_view, 8> kCanonical = {
    "neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"};
constexpr std::array<std::string_view, 8> kDisplay = {
    "neutral", "happy", "surprised", "sad", "angry", "disgusted", "afraid", "contempt"};

struct Synonym {
  std::string_view word;
  int label;
};

// Folder and label names seen in FER2013, AffectNet, RAF-DB, CK+, DeepFace and Keras examples.
constexpr Synonym kSynonyms[] = {
    {"happy", 1},        {"joy", 1},       {"smile", 1},  {"surprised", 2}, {"sad", 3},
    {"angry", 4},        {"disgusted", 5}, {"afraid", 6}, {"fearful", 6},   {"scared", 6},
    {"contemptuous", 7}, {"normal", 0},    {"calm", 0}};

}  // namespace

std::span<const std::string_view> canonical_labels() { return kCanonical; }

std::optional<std::string_view> canonical_label(std::string_view word) {
  const std::string lower = ascii_lower(word);
  if (const auto it = std::find(kCanonical.begin(), kCanonical.end(), lower);
      it != kCanonical.end()) {
    return *it;
  }
  for (const auto& synonym : kSynonyms) {
    if (synonym.word == lower) return kCanonical[synonym.label];
  }
  return std::nullopt;
}

std::string_view display_word(std::string_view label) {
  for (std::size_t i = 0; i < kCanonical.size(); ++i) {
    if (kCanonical[i] == label) return kDisplay[i];
  }
  return label;
}

namespace {

constexpr std::size_t kMaxLabelLength = 64;

/// The columns of faces.csv and the word of a verdict that names no label.
constexpr std::string_view kReserved[] = {
    "frame", "face_id", "timestamp", "confidence", "success", "x",       "y",       "w",
    "h",     "file",    "verdict",   "certainty",  "reason",  "valence", "not sure"};

}  // namespace

std::string label_problem(std::string_view label) {
  if (label.empty()) return "is empty";
  if (label.size() > kMaxLabelLength) {
    return "is longer than " + std::to_string(kMaxLabelLength) + " bytes";
  }
  if (has_control_characters(label)) return "holds a control character";
  if (label.front() == ' ' || label.back() == ' ') return "begins or ends with a space";
  if (std::find(std::begin(kReserved), std::end(kReserved), ascii_lower(label)) !=
      std::end(kReserved)) {
    return "is reserved for the tables of results";
  }
  return {};
}

}  // namespace mien::base
