#pragma once

#include <vector>

#include "mien/synthesis/movements.hpp"

namespace mien {

// The order of canonical_labels().
enum Label { kNeutral, kHappiness, kSurprise, kSadness, kAnger, kDisgust, kFear, kContempt };
inline constexpr int kLabels = 8;

struct RecipePart {
  FaceAction action;
  float weight;     // at intensity 1
  float onset = 0;  // the intensity at which it begins
  float other = 1;  // what the other side does, as a share: 1 both sides alike, 0 one side only
};

// What else people call it, as shares of the label's mass at intensity 1.
struct Lookalike {
  Label label;
  float share;
};

struct Recipe {
  Label label;
  const char* name;
  float share;     // how often, against the label's other recipes
  float evidence;  // the mass that the label and its lookalikes get from neutral at most
  std::vector<RecipePart> parts;
  std::vector<Lookalike> lookalikes = {};
  float gaze_y = 0;
  float pitch = 0;  // degrees
  float roll = 0;   // degrees, towards the stronger side or away from it by chance
  float tongue = 0;
};

// In the order of the labels; see docs/rendered-faces.md.
const std::vector<Recipe>& recipes();

}  // namespace mien
