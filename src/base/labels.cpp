#include "mien/base/labels.hpp"

#include <algorithm>
#include <array>

#include "mien/base/text.hpp"

namespace mien {
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

}  // namespace mien
