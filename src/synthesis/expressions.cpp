#include "mien/synthesis/expressions.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "mien/base/labels.hpp"
#include "mien/synthesis/movements.hpp"

namespace mien::synthesis {
namespace {

// The order of canonical_labels().
enum Label { kNeutral, kHappiness, kSurprise, kSadness, kAnger, kDisgust, kFear, kContempt };
constexpr int kLabels = 8;

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
// Prototypes: Ekman & Friesen, EMFACS (1983) and Unmasking the Face (1975); Du, Tao & Martinez,
// Compound facial expressions of emotion (2014); Cordaro et al., Universals and cultural
// variations in 22 emotional expressions (2018); Lucey et al., CK+ (2010), table 1.
const std::vector<Recipe>& recipes() {
  using enum FaceAction;
  // clang-format off
  static const std::vector<Recipe> kRecipes = {
      // Resting faces. Weak on purpose: stronger ones belong to the labels.
      {kNeutral, "plain", 6, 0, {}},
      {kNeutral, "corners down", 1.5F, 0.15F, {{corner_depress, 0.2F}}, {{kSadness, 1}}},
      {kNeutral, "sagging", 1, 0.1F, {{corner_depress, 0.15F}, {nasolabial_deepen, 0.4F},
       {eye_close, 0.12F}}, {{kSadness, 1}}},
      {kNeutral, "corners up", 1, 0.12F, {{lip_corner_pull, 0.13F}}, {{kHappiness, 1}}},
      {kNeutral, "low brows", 1.5F, 0.12F, {{brow_lower, 0.28F}}, {{kAnger, 1}}},
      {kNeutral, "high brows", 1, 0.1F, {{inner_brow_raise, 0.28F}, {outer_brow_raise, 0.28F}},
       {{kSurprise, 1}}},
      {kNeutral, "mouth ajar", 1.5F, 0, {{lips_part, 0.5F}, {jaw_drop, 0.1F}}},
      {kNeutral, "lids heavy", 1, 0.1F, {{eye_close, 0.4F}}, {{kSadness, 1}}},
      {kNeutral, "eyes closed", 1, 0, {{eye_close, 1}}},
      {kNeutral, "lips pressed", 1, 0.12F, {{lip_press, 0.35F}}, {{kAnger, 0.7F},
       {kContempt, 0.3F}}},
      {kNeutral, "lips rolled in", 0.5F, 0.05F, {{lip_suck, 0.5F}}, {{kSadness, 1}}},
      {kNeutral, "looking aside", 1.5F, 0, {}},
      {kNeutral, "looking down", 1, 0.06F, {{eye_close, 0.1F}}, {{kSadness, 1}}, -0.8F, -6},
      {kNeutral, "looking up", 0.7F, 0, {}, {}, 0.7F},
      {kNeutral, "squinting", 1, 0.08F, {{lid_tighten, 0.5F}, {cheek_raise, 0.2F}},
       {{kHappiness, 0.5F}, {kAnger, 0.5F}}},
      {kNeutral, "speaking, open", 1, 0, {{jaw_drop, 0.28F}, {lips_part, 0.4F}}},
      {kNeutral, "speaking, wide", 0.8F, 0, {{lip_stretch, 0.35F}, {lips_part, 0.6F},
       {jaw_drop, 0.06F}}},
      {kNeutral, "speaking, rounded", 0.8F, 0, {{pucker, 0.5F}, {funnel, 0.25F},
       {jaw_drop, 0.08F}}},
      {kNeutral, "speaking, closed", 0.6F, 0, {{lip_press, 0.3F}, {chin_raise, 0.1F}}},
      {kNeutral, "chewing", 0.5F, 0, {{jaw_left, 0.6F}, {lip_press, 0.2F}, {cheek_puff, 0.15F}}},
      {kNeutral, "uneven mouth", 0.7F, 0.08F, {{dimple, 0.2F, 0, 0}}, {{kContempt, 1}}},

      {kHappiness, "closed smile", 2, 1, {{lip_corner_pull, 1}, {cheek_raise, 0.7F, 0.15F}}},
      {kHappiness, "open smile", 3, 1, {{open_smile, 0.9F}, {lip_corner_pull, 0.2F},
       {cheek_raise, 0.8F, 0.1F}}},
      {kHappiness, "laughing", 2, 1, {{open_smile, 0.8F}, {lip_corner_pull, 0.3F},
       {cheek_raise, 1}, {lid_tighten, 0.4F, 0.3F}, {jaw_drop, 0.35F, 0.2F}}, {}, 0, 4},
      {kHappiness, "laughing, eyes closed", 0.7F, 1, {{open_smile, 0.9F}, {cheek_raise, 1},
       {eye_close, 0.9F, 0.2F}, {jaw_drop, 0.3F, 0.2F}}, {}, 0, 5},
      {kHappiness, "faint", 1.5F, 0.9F, {{lip_corner_pull, 0.6F}, {cheek_raise, 0.2F, 0.3F}}},
      {kHappiness, "polite", 1.2F, 0.95F, {{lip_corner_pull, 0.85F}}},
      {kHappiness, "polite, teeth", 0.8F, 1, {{open_smile, 0.75F}}},
      {kHappiness, "one eye narrowed", 0.6F, 0.95F, {{lip_corner_pull, 0.9F, 0, 0.75F},
       {cheek_raise, 0.6F}, {lid_tighten, 0.9F, 0.1F, 0.2F}}},
      {kHappiness, "uneven", 0.6F, 0.95F, {{lip_corner_pull, 1, 0, 0.55F}, {cheek_raise, 0.5F}},
       {{kContempt, 0.1F}}},
      {kHappiness, "brows up", 0.8F, 1, {{open_smile, 0.8F}, {cheek_raise, 0.3F},
       {inner_brow_raise, 0.4F}, {outer_brow_raise, 0.4F}}, {{kSurprise, 0.1F}}},
      {kHappiness, "lips pressed", 0.6F, 0.95F, {{lip_corner_pull, 0.85F}, {lip_press, 0.6F},
       {cheek_raise, 0.6F}, {dimple, 0.2F}}},

      {kSurprise, "jaw dropped", 3, 1, {{inner_brow_raise, 1}, {outer_brow_raise, 1},
       {upper_lid_raise, 0.9F, 0.1F}, {jaw_drop, 0.7F, 0.1F}, {pucker, 0.15F}}, {{kFear, 0.04F}}},
      {kSurprise, "mouth wide", 1.5F, 1, {{inner_brow_raise, 1}, {outer_brow_raise, 1},
       {upper_lid_raise, 1}, {jaw_drop, 1.05F, 0.1F}}, {{kFear, 0.06F}}},
      {kSurprise, "mouth a little open", 2, 1, {{inner_brow_raise, 0.85F},
       {outer_brow_raise, 0.85F}, {upper_lid_raise, 0.6F}, {jaw_drop, 0.3F}, {lips_part, 0.3F}},
       {{kFear, 0.05F}}},
      {kSurprise, "oh", 1.5F, 1, {{inner_brow_raise, 0.9F}, {outer_brow_raise, 0.9F},
       {upper_lid_raise, 0.7F}, {funnel, 0.4F, 0.1F}, {jaw_drop, 0.4F}}},
      {kSurprise, "mouth closed", 1, 0.85F, {{inner_brow_raise, 1}, {outer_brow_raise, 1},
       {upper_lid_raise, 0.9F}}, {{kFear, 0.1F}}},
      {kSurprise, "brows only", 0.6F, 0.7F, {{inner_brow_raise, 1}, {outer_brow_raise, 1}}},
      {kSurprise, "pleased", 0.7F, 1, {{inner_brow_raise, 0.9F}, {outer_brow_raise, 0.9F},
       {upper_lid_raise, 0.6F}, {open_smile, 0.4F}, {jaw_drop, 0.5F}}, {{kHappiness, 0.3F}}},

      {kSadness, "corners down", 2.5F, 1, {{inner_brow_raise, 1.25F}, {brow_lower, 0.35F},
       {corner_depress, 1}, {chin_raise, 0.4F, 0.2F}, {nasolabial_deepen, 0.3F},
       {eye_close, 0.12F}}},
      {kSadness, "frowning", 1.5F, 1, {{inner_brow_raise, 1.1F}, {brow_lower, 0.7F},
       {corner_depress, 0.9F}, {chin_raise, 0.7F, 0.1F}, {lid_tighten, 0.2F}}, {{kAnger, 0.12F}}},
      {kSadness, "lower lip out", 1.5F, 1, {{inner_brow_raise, 1.25F}, {brow_lower, 0.3F},
       {chin_raise, 1.1F}, {corner_depress, 0.6F}}, {{kDisgust, 0.06F}, {kAnger, 0.03F}}},
      {kSadness, "lids heavy", 1.2F, 0.9F, {{inner_brow_raise, 1.25F}, {brow_lower, 0.2F},
       {eye_close, 0.35F}, {corner_depress, 0.6F}}},
      {kSadness, "eyes down", 1.2F, 0.95F, {{inner_brow_raise, 1.25F}, {brow_lower, 0.3F},
       {corner_depress, 0.75F}, {eye_close, 0.15F}}, {}, -0.8F, -8},
      {kSadness, "crying, mouth closed", 1, 1, {{brow_lower, 0.5F}, {inner_brow_raise, 1.25F},
       {cheek_raise, 0.5F}, {lid_tighten, 0.6F}, {corner_depress, 1}, {chin_raise, 0.8F},
       {nasolabial_deepen, 0.6F}}, {{kDisgust, 0.05F}}},
      {kSadness, "crying, mouth open", 1.2F, 1, {{brow_lower, 0.5F}, {inner_brow_raise, 1.25F},
       {cheek_raise, 0.6F}, {lid_tighten, 0.7F}, {nose_wrinkle, 0.2F}, {corner_depress, 0.8F},
       {lip_stretch, 0.4F}, {lower_lip_depress, 0.5F, 0.2F}, {jaw_drop, 0.15F, 0.2F}},
       {{kFear, 0.06F}, {kDisgust, 0.05F}}},
      {kSadness, "mouth only", 0.8F, 0.85F, {{corner_depress, 1.1F}, {chin_raise, 0.5F}},
       {{kDisgust, 0.08F}, {kAnger, 0.08F}}},
      {kSadness, "brows only", 0.8F, 0.8F, {{inner_brow_raise, 1.25F}, {brow_lower, 0.3F},
       {eye_close, 0.15F}}, {{kFear, 0.12F}}},

      {kAnger, "lips pressed", 3, 1, {{brow_lower, 1}, {upper_lid_raise, 0.3F, 0.2F},
       {lid_tighten, 0.6F}, {lip_press, 0.9F, 0.1F}, {chin_raise, 0.4F, 0.15F}}},
      {kAnger, "lips tight", 2.5F, 1, {{brow_lower, 1}, {lid_tighten, 0.65F},
       {lip_tighten, 1, 0.1F}, {chin_raise, 0.4F, 0.2F}, {nostril_dilate, 0.4F}}},
      {kAnger, "chin pushed up", 2, 1, {{brow_lower, 1}, {lid_tighten, 0.6F}, {chin_raise, 1},
       {lip_tighten, 0.5F}, {corner_depress, 0.3F}}, {{kDisgust, 0.06F}, {kSadness, 0.05F}}},
      {kAnger, "lips drawn small", 1, 1, {{brow_lower, 1}, {lid_tighten, 0.7F},
       {lip_tighten, 0.8F}, {pucker, 0.3F}, {chin_raise, 0.6F}}},
      {kAnger, "teeth shown", 1.5F, 1, {{brow_lower, 1}, {upper_lid_raise, 0.4F},
       {lid_tighten, 0.6F}, {bared_teeth, 0.65F, 0.1F}, {nostril_dilate, 0.6F},
       {nose_wrinkle, 0.2F, 0.3F}}, {{kDisgust, 0.06F}}},
      {kAnger, "upper lip raised", 1, 1, {{brow_lower, 1}, {lid_tighten, 0.7F},
       {upper_lip_raise, 0.6F, 0.15F}, {nose_wrinkle, 0.2F}, {lips_part, 0.3F}},
       {{kDisgust, 0.25F}}},
      {kAnger, "shouting", 1.5F, 1, {{brow_lower, 1}, {upper_lid_raise, 0.4F},
       {lid_tighten, 0.5F}, {bared_teeth, 0.5F}, {jaw_drop, 0.65F, 0.15F}, {nose_wrinkle, 0.25F},
       {nostril_dilate, 0.5F}}, {{kFear, 0.04F}}},
      {kAnger, "teeth clenched", 1, 1, {{brow_lower, 1}, {lid_tighten, 0.8F},
       {bared_teeth, 0.4F, 0.1F}, {lip_stretch, 0.5F}, {jaw_forward, 0.4F}}},
      {kAnger, "funnel", 0.7F, 1, {{brow_lower, 1}, {upper_lid_raise, 0.5F}, {lid_tighten, 0.5F},
       {funnel, 0.5F, 0.1F}}},
      {kAnger, "glare", 1.5F, 0.9F, {{brow_lower, 1}, {upper_lid_raise, 0.7F},
       {lid_tighten, 0.2F}}, {}, 0, -5},
      {kAnger, "lower lids tight", 1.2F, 0.9F, {{brow_lower, 1}, {lid_tighten, 0.9F}}, {}, 0, -3},
      {kAnger, "jaw forward", 1, 1, {{brow_lower, 1}, {lid_tighten, 0.6F}, {jaw_forward, 1},
       {lip_press, 0.6F}, {corner_depress, 0.2F}}, {}, 0, 3},

      {kDisgust, "nose wrinkled", 2.5F, 0.95F, {{nose_wrinkle, 1.1F}, {brow_lower, 0.5F},
       {lid_tighten, 0.6F}, {cheek_raise, 0.5F}, {upper_lip_raise, 0.2F}}, {{kAnger, 0.08F}}},
      {kDisgust, "upper lip raised", 2, 1, {{upper_lip_raise, 1}, {nasolabial_deepen, 0.6F},
       {nose_wrinkle, 0.5F}, {chin_raise, 0.2F}, {lid_tighten, 0.3F}}, {{kContempt, 0.05F}}},
      {kDisgust, "mouth open", 2.5F, 1, {{nose_wrinkle, 1}, {upper_lip_raise, 0.8F},
       {lower_lip_depress, 0.3F, 0.1F}, {lips_part, 0.2F}, {brow_lower, 0.4F},
       {lid_tighten, 0.6F}, {cheek_raise, 0.6F}}, {{kAnger, 0.05F}}},
      {kDisgust, "chin pushed up", 1.5F, 0.95F, {{nose_wrinkle, 0.9F}, {corner_depress, 0.4F},
       {chin_raise, 1}, {brow_lower, 0.4F}, {lid_tighten, 0.5F}, {upper_lip_raise, 0.3F}},
       {{kAnger, 0.1F}, {kSadness, 0.06F}}},
      {kDisgust, "corners down", 1.2F, 0.95F, {{upper_lip_raise, 0.7F}, {corner_depress, 0.6F},
       {chin_raise, 0.4F}, {nasolabial_deepen, 0.6F}, {nose_wrinkle, 0.6F}, {lid_tighten, 0.3F}},
       {{kSadness, 0.08F}}},
      {kDisgust, "tongue out", 1, 1, {{nose_wrinkle, 0.9F}, {upper_lip_raise, 0.5F},
       {jaw_drop, 0.45F}, {brow_lower, 0.4F}, {lid_tighten, 0.7F}}, {}, 0, 0, 0, 1},
      {kDisgust, "eyes narrowed", 2, 1, {{nose_wrinkle, 1.2F}, {upper_lip_raise, 0.6F},
       {lid_tighten, 1}, {cheek_raise, 0.8F}, {brow_lower, 0.7F}}, {{kAnger, 0.07F}}},
      {kDisgust, "one side", 0.8F, 0.95F, {{nose_wrinkle, 1.1F, 0, 0.5F},
       {upper_lip_raise, 1, 0, 0.3F}, {lid_tighten, 0.7F, 0, 0.6F}, {brow_lower, 0.4F}},
       {{kContempt, 0.12F}}},
      {kDisgust, "retching", 0.8F, 1, {{nose_wrinkle, 0.9F}, {upper_lip_raise, 0.6F},
       {jaw_drop, 0.45F}, {lower_lip_depress, 0.4F}, {corner_depress, 0.3F}, {lid_tighten, 0.8F},
       {brow_lower, 0.5F}}},
      {kDisgust, "lips pressed", 0.8F, 0.95F, {{nose_wrinkle, 1.1F}, {brow_lower, 0.5F},
       {lip_press, 0.5F}, {chin_raise, 0.5F}, {lid_tighten, 0.6F}}, {{kAnger, 0.25F}}},

      {kFear, "jaw dropped", 2.5F, 1, {{inner_brow_raise, 1.15F}, {outer_brow_raise, 0.7F},
       {brow_lower, 0.45F}, {upper_lid_raise, 1.1F}, {lid_tighten, 0.15F}, {lip_stretch, 0.8F},
       {jaw_drop, 0.35F, 0.1F}, {corner_depress, 0.25F}}, {{kSurprise, 0.15F}}},
      {kFear, "lips stretched", 3, 1, {{inner_brow_raise, 1.15F}, {outer_brow_raise, 0.6F},
       {brow_lower, 0.45F}, {upper_lid_raise, 0.9F}, {lip_stretch, 1, 0.1F}, {lips_part, 0.3F},
       {lower_lip_depress, 0.5F, 0.2F}, {corner_depress, 0.25F}}, {{kSurprise, 0.06F}}},
      {kFear, "teeth shown", 2, 1, {{inner_brow_raise, 1.15F}, {outer_brow_raise, 0.4F},
       {brow_lower, 0.4F}, {upper_lid_raise, 0.8F}, {lip_stretch, 1},
       {lower_lip_depress, 0.8F, 0.1F}, {platysma, 0.35F}, {upper_lip_raise, 0.15F}},
       {{kDisgust, 0.04F}, {kSadness, 0.04F}}},
      {kFear, "mouth closed", 1.2F, 0.95F, {{inner_brow_raise, 1.15F}, {outer_brow_raise, 0.6F},
       {brow_lower, 0.45F}, {upper_lid_raise, 1.1F}, {lip_stretch, 0.6F}}, {{kSurprise, 0.12F},
       {kSadness, 0.08F}}},
      {kFear, "eyes only", 0.8F, 0.85F, {{upper_lid_raise, 1.2F}, {inner_brow_raise, 0.7F},
       {brow_lower, 0.35F}}, {{kSurprise, 0.28F}}},
      {kFear, "worried", 1, 0.9F, {{inner_brow_raise, 1.15F}, {outer_brow_raise, 0.4F},
       {brow_lower, 0.45F}, {upper_lid_raise, 0.4F}, {lip_stretch, 0.5F}, {lips_part, 0.4F}},
       {{kSadness, 0.3F}}},
      {kFear, "screaming", 1, 1, {{inner_brow_raise, 1.15F}, {outer_brow_raise, 0.7F},
       {brow_lower, 0.45F}, {upper_lid_raise, 1.1F}, {jaw_drop, 0.8F, 0.1F}, {lip_stretch, 0.8F},
       {lower_lip_depress, 0.3F}}, {{kSurprise, 0.2F}}},
      {kFear, "drawing back", 0.8F, 1, {{inner_brow_raise, 1.15F}, {outer_brow_raise, 0.4F},
       {brow_lower, 0.45F}, {upper_lid_raise, 1}, {platysma, 0.8F}, {lip_stretch, 0.8F},
       {lower_lip_depress, 0.4F}}, {{kDisgust, 0.06F}}, 0, 5},

      {kContempt, "corner tightened", 3, 0.95F, {{dimple, 1, 0, 0.1F},
       {lip_corner_pull, 0.2F, 0, 0}, {lip_press, 0.2F}}, {}, 0, 3},
      {kContempt, "corner pulled", 2.5F, 0.95F, {{lip_corner_pull, 0.55F, 0, 0.05F},
       {dimple, 0.7F, 0, 0.1F}}, {{kHappiness, 0.12F}}, 0, 3, 4},
      {kContempt, "lip raised", 1.5F, 0.95F, {{upper_lip_raise, 0.6F, 0, 0},
       {dimple, 0.8F, 0, 0.05F}}, {{kDisgust, 0.12F}}},
      {kContempt, "lids lowered", 1.5F, 0.95F, {{dimple, 0.9F, 0, 0.05F},
       {lip_corner_pull, 0.35F, 0, 0}, {eye_close, 0.28F}}, {{kHappiness, 0.05F}}, -0.1F, 8, 4},
      {kContempt, "brow up", 1, 0.95F, {{dimple, 0.9F, 0, 0}, {lip_corner_pull, 0.3F, 0, 0},
       {outer_brow_raise, 0.8F, 0, 0.1F}}, {{kHappiness, 0.06F}}, 0, 3, 3},
      {kContempt, "sneer", 1, 0.95F, {{upper_lip_raise, 0.9F, 0, 0},
       {nose_wrinkle, 0.3F, 0, 0.1F}, {dimple, 0.3F, 0, 0}}, {{kDisgust, 0.28F}}},
      {kContempt, "both corners tightened", 1, 0.85F, {{dimple, 1, 0, 0.7F}, {lip_press, 0.3F}},
       {{kAnger, 0.06F}, {kHappiness, 0.05F}}, 0, 4},
  };
  // clang-format on
  return kRecipes;
}

// The intensity from which on people agree about a label. A smile is named sooner than anything
// else; below its threshold the mass goes to neutral in proportion, so that anger at 0.2 reads
// neutral 0.58, anger 0.42.
constexpr std::array<float, kLabels> kNamedFrom = {1,     0.30F, 0.40F, 0.45F,
                                                   0.45F, 0.40F, 0.45F, 0.50F};
constexpr float kUnseenBelow = 0.02F;

std::vector<const Recipe*> recipes_of(int label) {
  if (label < 0 || label >= kLabels) throw std::out_of_range("no such expression label");
  std::vector<const Recipe*> found;
  for (const Recipe& recipe : recipes()) {
    if (recipe.label == label) found.push_back(&recipe);
  }
  return found;
}

std::size_t index_of(FaceAction action, FaceSide side = FaceSide::both) {
  return static_cast<std::size_t>(movement_index(action, side));
}

std::string full_name(const Recipe& recipe) {
  return std::string(base::canonical_labels()[static_cast<std::size_t>(recipe.label)]) + ", " +
         recipe.name;
}

std::array<float, kLabels> soft_label(const Recipe& recipe, float intensity) {
  std::array<float, kLabels> label{};
  const auto own = static_cast<std::size_t>(recipe.label);
  const float named =
      recipe.label == kNeutral
          ? intensity
          : std::clamp((intensity - kUnseenBelow) / (kNamedFrom[own] - kUnseenBelow), 0.0F,
                       1.0F);
  const float mass = named * recipe.evidence;
  label[kNeutral] = 1 - mass;
  // A weak face is not only harder to tell from neutral but also from its lookalikes.
  const float doubt = recipe.label == kNeutral ? 1 : 1.5F - 0.5F * intensity;
  float given = 0;
  for (const Lookalike& other : recipe.lookalikes) {
    const float share = other.share * doubt;
    label[static_cast<std::size_t>(other.label)] += mass * share;
    given += share;
  }
  label[own] += mass * (1 - given);
  return label;
}

float response(const RecipePart& part, float intensity) {
  return std::clamp((intensity - part.onset) / (1 - part.onset), 0.0F, 1.0F);
}

void add(std::vector<float>& weights, const RecipePart& part, float amount,
         bool stronger_left) {
  if (!is_paired(part.action)) {
    weights[index_of(part.action)] += amount;
    return;
  }
  weights[index_of(part.action, FaceSide::left)] += amount * (stronger_left ? 1 : part.other);
  weights[index_of(part.action, FaceSide::right)] += amount * (stronger_left ? part.other : 1);
}

void raise_both(std::vector<float>& weights, FaceAction action, float amount) {
  add(weights, {action, amount}, amount, true);
}

// The upper lid rides on the eyeball: it comes down with a look down and up with a look up.
void let_lids_follow(Expression& face) {
  for (const FaceSide side : {FaceSide::left, FaceSide::right}) {
    if (face.gaze_y < 0) {
      float& closed = face.weights[index_of(FaceAction::eye_close, side)];
      closed = std::max(closed, std::min(0.55F, closed * 0.5F - 0.5F * face.gaze_y));
    } else {
      face.weights[index_of(FaceAction::upper_lid_raise, side)] += 0.3F * face.gaze_y;
    }
  }
}

void finish(Expression& face) {
  let_lids_follow(face);
  limit_weights(face.weights);
  // The tongue comes out of an open mouth only.
  face.tongue *= std::min(1.0F, face.weights[index_of(FaceAction::jaw_drop)] * 5);
}

// Intensities: half of them strong, as people pose, half weak, as in everyday life.
float draw_intensity(Rng& rng) {
  const auto uniform = [&](float low, float high) {
    return static_cast<float>(rng.uniform(low, high));
  };
  if (rng.chance(0.5)) return uniform(0.55F, 1);
  return 0.15F + 0.65F * (uniform(0, 0.5F) + uniform(0, 0.5F));
}

class Sampler {
 public:
  explicit Sampler(Rng& rng) : dice_(rng) {}

  Expression draw(int label) {
    const auto choices = recipes_of(label);
    float sum = 0;
    for (const Recipe* recipe : choices) sum += recipe->share;
    float left = uniform(0, sum);
    std::size_t at = 0;
    while (at + 1 < choices.size() && left >= choices[at]->share) left -= choices[at++]->share;
    const float intensity = label == kNeutral ? uniform(0.2F, 1) : draw_intensity(dice_);
    return vary(*choices[at], intensity);
  }

  // Everything that a face does beside its expression.
  void live(Expression& face, bool is_neutral) {
    const int extras = dice_.below(4);
    for (int i = 0; i < extras; ++i) {
      const auto at = static_cast<std::size_t>(dice_.below(kMovements));
      const FaceAction action = movements()[at].action;
      if (action == FaceAction::cheek_puff || action == FaceAction::platysma) continue;
      const float most = is_neutral ? 0.1F : 0.2F;
      const float amount = uniform(0, most);
      face.weights[at] += amount;
      if (is_paired(action)) face.weights[at ^ 1U] += amount * uniform(0.5F, 1);
    }
    if (!is_neutral && dice_.chance(0.1)) speak(face);
    // Any face may be caught blinking.
    if (dice_.chance(0.03)) raise_both(face.weights, FaceAction::eye_close, uniform(0.4F, 1));
    look_about(face);
  }

  void look_about(Expression& face) {
    if (dice_.chance(0.3)) {
      face.gaze_x += 0.45F * bell();
      face.gaze_y += 0.25F * bell();
    } else {
      face.gaze_x += 0.07F * bell();
      face.gaze_y += 0.05F * bell();
    }
    face.gaze_x = std::clamp(face.gaze_x, -1.0F, 1.0F);
    face.gaze_y = std::clamp(face.gaze_y, -1.0F, 1.0F);
  }

  Expression still() {
    Expression face;
    face.variant = "still";
    face.label.fill(1.0F / kLabels);
    face.weights.assign(kMovements, 0);
    look_about(face);
    face.pitch = 2 * bell();
    face.roll = 2 * bell();
    face.yaw = 2 * bell();
    return face;
  }

  Expression moved() {
    Expression face = still();
    face.variant = "movements";
    const int many = 1 + dice_.below(4);
    for (int i = 0; i < many; ++i) {
      const auto action = static_cast<FaceAction>(dice_.below(kActions));
      const float amount = uniform(0.1F, 1) * highest_weight(action);
      face.intensity = std::max(face.intensity, std::min(1.0F, amount));
      if (!is_paired(action)) {
        face.weights[index_of(action)] = amount;
        continue;
      }
      const bool one_side = dice_.chance(0.5);
      const bool left = dice_.chance(0.5);
      const float other = one_side ? 0 : amount * uniform(0.7F, 1);
      face.weights[index_of(action, FaceSide::left)] = left ? amount : other;
      face.weights[index_of(action, FaceSide::right)] = left ? other : amount;
    }
    return face;
  }

  float uniform(float low, float high) { return static_cast<float>(dice_.uniform(low, high)); }

  // Bell-shaped, deviation 1: a sum of uniforms, since std::log and std::cos differ between
  // platforms in the last bit.
  float bell() {
    float sum = 0;
    for (int i = 0; i < 4; ++i) sum += uniform(-1, 1);
    return sum * 0.866F;
  }

 private:
  Expression vary(const Recipe& recipe, float intensity) {
    Expression face;
    face.variant = full_name(recipe);
    face.intensity = intensity;
    face.label = soft_label(recipe, intensity);
    face.weights.assign(kMovements, 0);
    const bool stronger_left = dice_.chance(0.5);
    // Random asymmetry: one side of the face moves a little more.
    const float lean = 0.07F * bell();
    for (const RecipePart& part : recipe.parts) {
      float amount =
          part.weight * response(part, intensity) * std::max(0.3F, 1 + 0.15F * bell());
      if (recipe.parts.size() > 2 && dice_.chance(0.08)) amount *= uniform(0, 0.5F);
      add(face.weights, part, amount, stronger_left);
      if (is_paired(part.action)) {
        const float uneven = lean + 0.05F * bell();
        face.weights[index_of(part.action, FaceSide::left)] *= 1 + uneven;
        face.weights[index_of(part.action, FaceSide::right)] *= 1 - uneven;
      }
    }
    if (stronger_left && recipe.label == kNeutral) {
      std::swap(face.weights[index_of(FaceAction::jaw_left)],
                face.weights[index_of(FaceAction::jaw_right)]);
    }
    face.gaze_y = recipe.gaze_y * uniform(0.5F, 1.1F);
    if (std::string_view(recipe.name) == "looking aside") {
      face.gaze_x = uniform(0.4F, 1) * (stronger_left ? 1.0F : -1.0F);
    }
    face.tongue = recipe.tongue * uniform(0.4F, 1) * intensity;
    const float strength = recipe.label == kNeutral ? 1 : intensity;
    // One draw a statement: the order of draws within an expression is the compiler's choice.
    face.pitch = recipe.pitch * strength * uniform(0, 1.5F);
    face.pitch += 2 * bell();
    face.roll = recipe.roll * strength * uniform(0, 1.5F);
    if (dice_.chance(0.5)) face.roll = -face.roll;
    face.roll += 2 * bell();
    face.yaw = 2 * bell();
    return face;
  }

  void speak(Expression& face) {
    const float much = uniform(0.4F, 1);
    switch (dice_.below(4)) {
      case 0:
        raise_both(face.weights, FaceAction::jaw_drop, 0.25F * much);
        raise_both(face.weights, FaceAction::lips_part, 0.35F * much);
        break;
      case 1:
        raise_both(face.weights, FaceAction::pucker, 0.4F * much);
        break;
      case 2:
        raise_both(face.weights, FaceAction::lip_stretch, 0.3F * much);
        raise_both(face.weights, FaceAction::lips_part, 0.5F * much);
        break;
      default:
        raise_both(face.weights, FaceAction::lip_press, 0.3F * much);
        break;
    }
  }

  Rng& dice_;
};

}  // namespace

std::vector<std::string> expression_variants(int label) {
  std::vector<std::string> names;
  for (const Recipe* recipe : recipes_of(label)) names.push_back(full_name(*recipe));
  return names;
}

Expression exact_expression(int label, int variant, float intensity) {
  const Recipe& recipe = *recipes_of(label).at(static_cast<std::size_t>(variant));
  Expression face;
  face.variant = full_name(recipe);
  face.intensity = intensity;
  face.label = soft_label(recipe, intensity);
  face.weights.assign(kMovements, 0);
  for (const RecipePart& part : recipe.parts) {
    add(face.weights, part, part.weight * response(part, intensity), true);
  }
  const float strength = recipe.label == kNeutral ? 1 : intensity;
  face.gaze_y = recipe.gaze_y;
  if (std::string_view(recipe.name) == "looking aside") face.gaze_x = 0.8F;
  face.tongue = recipe.tongue * intensity;
  face.pitch = recipe.pitch * strength;
  face.roll = recipe.roll * strength;
  finish(face);
  return face;
}

Expression sample_expression(int label, Rng& rng) {
  Sampler sampler(rng);
  Expression face = sampler.draw(label);
  sampler.live(face, label == kNeutral);
  finish(face);
  return face;
}

Expression sample_movements(Rng& rng) {
  Expression face = Sampler(rng).moved();
  finish(face);
  return face;
}

Expression sample_still(Rng& rng) {
  Expression face = Sampler(rng).still();
  face.gaze_y = 0;  // the lids follow it, and they are to rest
  finish(face);
  return face;
}

Expression sample_blend(int first, int second, Rng& rng) {
  Sampler sampler(rng);
  Expression face = sampler.draw(first);
  const Expression other = sampler.draw(second);
  // Each label keeps enough of its movements to be seen.
  const float share = sampler.uniform(0.35F, 0.65F);
  const float keep_first = std::min(1.0F, 0.4F + share);
  const float keep_second = std::min(1.0F, 1.4F - share);
  for (std::size_t i = 0; i < face.weights.size(); ++i) {
    face.weights[i] = std::max(keep_first * face.weights[i], keep_second * other.weights[i]);
  }
  for (std::size_t i = 0; i < face.label.size(); ++i) {
    face.label[i] = share * face.label[i] + (1 - share) * other.label[i];
  }
  face.gaze_y = share * face.gaze_y + (1 - share) * other.gaze_y;
  face.tongue = std::max(share * face.tongue, (1 - share) * other.tongue);
  face.pitch = share * face.pitch + (1 - share) * other.pitch;
  face.roll = share * face.roll + (1 - share) * other.roll;
  face.intensity = share * face.intensity + (1 - share) * other.intensity;
  face.variant += " + " + other.variant;
  sampler.live(face, false);
  finish(face);
  return face;
}

Expression sample_any(std::span<const float> shares, float blends, Rng& rng) {
  // What goes together in life (Du, Tao & Martinez 2014, table 1).
  static const std::array<std::vector<int>, kLabels> kGoesWith = {{
      {},
      {kSurprise, kDisgust, kContempt},
      {kHappiness, kFear, kAnger, kDisgust, kSadness},
      {kAnger, kFear, kDisgust, kSurprise},
      {kDisgust, kSadness, kSurprise, kFear, kContempt},
      {kAnger, kSadness, kSurprise, kFear, kContempt},
      {kSurprise, kSadness, kDisgust, kAnger},
      {kAnger, kDisgust, kHappiness},
  }};
  if (shares.size() != kLabels) throw std::out_of_range("eight label shares are needed");
  float sum = 0;
  for (const float share : shares) sum += share;
  auto left = static_cast<float>(rng.uniform(0, sum));
  int label = 0;
  while (label + 1 < kLabels && left >= shares[static_cast<std::size_t>(label)]) {
    left -= shares[static_cast<std::size_t>(label++)];
  }
  const auto& partners = kGoesWith[static_cast<std::size_t>(label)];
  if (!partners.empty() && rng.chance(blends)) {
    return sample_blend(
        label, partners[static_cast<std::size_t>(rng.below(static_cast<int>(partners.size())))],
        rng);
  }
  return sample_expression(label, rng);
}

}  // namespace mien::synthesis
