#include "mien/synthesis/movements.hpp"

#include <algorithm>
#include <array>

namespace mien::synthesis {
namespace {

// '@' stands for the side: "left" and "right" in a unit's name, "l" and "r" at the head of a
// shape target's ("^"). A target without either is the same on both sides and is cut at the
// middle.
struct Ingredient {
  const char* target;
  float weight;
};

struct Entry {
  FaceAction action;
  const char* name;
  const char* facs;
  const char* meaning;
  std::vector<Ingredient> ingredients;
  float highest = 1;
};

const std::vector<Entry>& entries() {
  // clang-format off
  static const std::vector<Entry> kEntries = {
      {FaceAction::inner_brow_raise, "inner_brow_raise", "AU1", "the brow's inner end goes up",
       {{"expression/units/eyebrows-@-inner-up", 1.7F}, {"eyebrows/eyebrows-angle-up", 0.25F}},
       1.3F},
      {FaceAction::outer_brow_raise, "outer_brow_raise", "AU2", "the brow's outer end goes up",
       {{"expression/units/eyebrows-@-extern-up", 0.9F}, {"expression/units/eyebrows-@-up", 0.7F},
       {"eyebrows/eyebrows-trans-vert-more", 0.5F}}},
      {FaceAction::brow_lower, "brow_lower", "AU4", "the brow goes down and towards the other",
       {{"expression/units/eyebrows-@-down", 1.0F}, {"eyebrows/eyebrows-trans-vert-less", 0.65F}}},
      {FaceAction::upper_lid_raise, "upper_lid_raise", "AU5",
       "the upper lid goes up, the eye is wide", {{"expression/units/eye-@-opened-up", 1.3F},
       {"eyes/^-eye-height2-max", 0.1F}}, 1.2F},
      {FaceAction::cheek_raise, "cheek_raise", "AU6",
       "the cheek goes up and pushes the lower lid", {{"cheek/^-cheek-trans-vert-up", 1.1F},
       {"expression/units/eye-@-slit", 0.32F}}},
      {FaceAction::lid_tighten, "lid_tighten", "AU7", "the lids narrow the eye",
       {{"expression/units/eye-@-slit", 0.5F}, {"eyes/^-eye-height3-min", 0.3F}}},
      {FaceAction::nose_wrinkle, "nose_wrinkle", "AU9", "the nose's side is drawn up",
       {{"expression/units/nose-@-elevation", 1.5F}, {"expression/units/mouth-elevation", 0.3F},
       {"eyebrows/eyebrows-trans-vert-less", 0.4F}, {"cheek/^-cheek-trans-vert-up", 0.3F}}, 1.2F},
      {FaceAction::upper_lip_raise, "upper_lip_raise", "AU10", "the upper lip goes up",
       {{"expression/units/mouth-elevation", 1.0F}}},
      {FaceAction::nasolabial_deepen, "nasolabial_deepen", "AU11",
       "the fold from nose to mouth deepens", {{"mouth/mouth-laugh-lines-in", 0.8F}}},
      {FaceAction::lip_corner_pull, "lip_corner_pull", "AU12",
       "the mouth's corner goes up and out", {{"expression/units/mouth-corner-puller", 1.15F}},
       1.1F},
      {FaceAction::open_smile, "open_smile", "AU12+25", "the corner goes up and the teeth show",
       {{"expression/units/mouth-upward-retraction", 1.0F},
       {"expression/units/mouth-corner-puller", 0.2F}}, 1.1F},
      {FaceAction::dimple, "dimple", "AU14", "the corner is drawn in and dimples",
       {{"expression/units/mouth-compression", 1.1F}, {"mouth/mouth-dimples-in", 0.6F}}, 1.1F},
      {FaceAction::corner_depress, "corner_depress", "AU15", "the corner goes down",
       {{"expression/units/mouth-depression", 0.8F}, {"mouth/mouth-angles-down", 0.2F}}, 1.2F},
      {FaceAction::lip_stretch, "lip_stretch", "AU20", "the corner is drawn sideways",
       {{"expression/units/mouth-retraction", 1.1F}, {"expression/units/neck-platysma", 0.15F},
       {"expression/units/mouth-depression", 0.15F}}, 1.2F},
      {FaceAction::nostril_dilate, "nostril_dilate", "AU38", "the nostril opens",
       {{"expression/units/nose-@-dilatation", 1.3F}}, 1.2F},
      {FaceAction::eye_close, "eye_close", "AU43", "the eye closes",
       {{"expression/units/eye-@-closure", 1.0F}}},
      {FaceAction::lower_lip_depress, "lower_lip_depress", "AU16",
       "the lower lip goes down and bares the lower teeth",
       {{"expression/units/mouth-depression-retraction", 0.85F}}},
      {FaceAction::chin_raise, "chin_raise", "AU17", "the chin's ball pushes the lower lip up",
       {{"expression/units/mouth-eversion", 0.9F}, {"mouth/mouth-trans-up", 0.3F},
       {"mouth/mouth-angles-down", 0.2F}}, 1.1F},
      {FaceAction::pucker, "pucker", "AU18", "the lips are drawn to a point",
       {{"expression/units/mouth-pursing", 1.0F}}},
      {FaceAction::platysma, "platysma", "AU21", "the neck's cords pull the corners down",
       {{"expression/units/neck-platysma", 1.0F}}},
      {FaceAction::funnel, "funnel", "AU22", "the lips open to a funnel",
       {{"expression/units/mouth-protusion", 1.0F}}},
      {FaceAction::lip_tighten, "lip_tighten", "AU23", "the lips become thin and narrow",
       {{"mouth/mouth-upperlip-height-min", 0.8F}, {"mouth/mouth-lowerlip-height-min", 0.8F},
       {"mouth/mouth-scale-horiz-decr", 0.55F}}},
      {FaceAction::lip_press, "lip_press", "AU24", "the lips are pressed together",
       {{"mouth/mouth-upperlip-height-min", 1.0F}, {"mouth/mouth-lowerlip-height-min", 1.0F},
       {"mouth/mouth-lowerlip-volume-deflate", 1.0F},
       {"mouth/mouth-upperlip-volume-deflate", 1.0F}}},
      {FaceAction::lips_part, "lips_part", "AU25", "the lips part",
       {{"expression/units/mouth-parling", 1.0F}}},
      {FaceAction::bared_teeth, "bared_teeth", "AU10+16+25", "both lips bare the teeth, squarely",
       {{"expression/units/mouth-part-later", 1.0F}}},
      {FaceAction::jaw_drop, "jaw_drop", "AU26", "the jaw drops; above 0.6 it is pulled (AU27)",
       {{"expression/units/mouth-open", 0.85F}, {"chin/chin-jaw-drop-more", 0.4F}}, 1.1F},
      {FaceAction::lip_suck, "lip_suck", "AU28", "the lips are rolled in over the teeth",
       {{"mouth/mouth-upperlip-height-min", 1.2F}, {"mouth/mouth-lowerlip-height-min", 1.2F},
       {"mouth/mouth-trans-backward", 0.5F}}},
      {FaceAction::jaw_forward, "jaw_forward", "AU29", "the lower jaw is pushed forward",
       {{"chin/chin-prognathism-more", 0.8F}}},
      {FaceAction::jaw_left, "jaw_left", "AU30", "the jaw goes to the person's left",
       {{"mouth/mouth-trans-out", 0.5F}, {"asym/asym-jaw-1-l", 0.8F}}},
      {FaceAction::jaw_right, "jaw_right", "AU30", "the jaw goes to the person's right",
       {{"mouth/mouth-trans-in", 0.5F}, {"asym/asym-jaw-1-r", 0.8F}}},
      {FaceAction::cheek_puff, "cheek_puff", "AU34", "the cheeks are blown up",
       {{"cheek/l-cheek-inner-inflate", 1.0F}, {"cheek/r-cheek-inner-inflate", 1.0F},
       {"cheek/l-cheek-volume-inflate", 0.6F}, {"cheek/r-cheek-volume-inflate", 0.6F}}},
      {FaceAction::nostril_compress, "nostril_compress", "AU39", "the nostrils narrow",
       {{"expression/units/nose-compression", 1.0F}}},
  };
  // clang-format on
  return kEntries;
}

void replace(std::string& text, char mark, std::string_view by) {
  if (const auto at = text.find(mark); at != std::string::npos) text.replace(at, 1, by);
}

Movement movement(const Entry& entry, FaceSide side) {
  Movement made{entry.name, entry.facs, entry.action, side, entry.meaning, {}};
  if (side != FaceSide::both) made.name += side == FaceSide::left ? "_left" : "_right";
  for (const auto& [target, weight] : entry.ingredients) {
    MovementPart part{target, side, weight};
    if (part.target.find_first_of("@^") != std::string::npos) {
      replace(part.target, '@', side == FaceSide::left ? "left" : "right");
      replace(part.target, '^', side == FaceSide::left ? "l" : "r");
      part.side = FaceSide::both;  // the target itself moves one half only
    }
    made.parts.push_back(std::move(part));
  }
  return made;
}

// Scales two weights down together so that their sum stays below `most`.
void share(float& first, float& second, float most) {
  const float sum = first + second;
  if (sum <= most) return;
  first *= most / sum;
  second *= most / sum;
}

}  // namespace

std::span<const Movement> movements() {
  static const std::vector<Movement> kAll = [] {
    std::vector<Movement> all;
    for (const Entry& entry : entries()) {
      if (is_paired(entry.action)) {
        all.push_back(movement(entry, FaceSide::left));
        all.push_back(movement(entry, FaceSide::right));
      } else {
        all.push_back(movement(entry, FaceSide::both));
      }
    }
    return all;
  }();
  return kAll;
}

int movement_index(FaceAction action, FaceSide side) {
  const int index = static_cast<int>(action);
  if (!is_paired(action)) return index + kPairedActions;
  return 2 * index + (side == FaceSide::right ? 1 : 0);
}

std::optional<int> movement_index(std::string_view name) {
  const auto all = movements();
  const auto found = std::ranges::find(all, name, &Movement::name);
  if (found == all.end()) return std::nullopt;
  return static_cast<int>(found - all.begin());
}

float highest_weight(FaceAction action) {
  return entries()[static_cast<std::size_t>(action)].highest;
}

void limit_weights(std::span<float> weights) {
  const auto all = movements();
  const auto clamp_all = [&] {
    for (std::size_t i = 0; i < weights.size(); ++i) {
      weights[i] = std::clamp(weights[i], 0.0F, highest_weight(all[i].action));
    }
  };
  clamp_all();
  const auto at = [&](FaceAction action, FaceSide side = FaceSide::both) -> float& {
    return weights[static_cast<std::size_t>(movement_index(action, side))];
  };
  for (const FaceSide side : {FaceSide::left, FaceSide::right}) {
    // A closing lid takes the place of a raised one, and what narrows the eye must leave the
    // closed lid on the eye instead of below it.
    const float closed = at(FaceAction::eye_close, side);
    at(FaceAction::upper_lid_raise, side) *= 1 - closed;
    at(FaceAction::lid_tighten, side) *= 1 - 0.9F * closed;
    at(FaceAction::cheek_raise, side) *= 1 - 0.5F * closed;
    // A corner is pulled up or down, not both; smiling with and without teeth share the pull.
    share(at(FaceAction::lip_corner_pull, side), at(FaceAction::corner_depress, side), 1.2F);
    share(at(FaceAction::lip_corner_pull, side), at(FaceAction::open_smile, side), 1.1F);
    share(at(FaceAction::upper_lip_raise, side), at(FaceAction::open_smile, side), 1.1F);
    share(at(FaceAction::lip_corner_pull, side), at(FaceAction::dimple, side), 1.4F);
    share(at(FaceAction::lip_stretch, side), at(FaceAction::pucker), 1.0F);
    share(at(FaceAction::upper_lip_raise, side), at(FaceAction::bared_teeth), 1.2F);
  }
  // All movements that open the mouth share one range.
  const float opening = at(FaceAction::jaw_drop) + 0.6F * at(FaceAction::bared_teeth) +
                        0.6F * at(FaceAction::funnel) +
                        0.4F * at(FaceAction::lower_lip_depress) +
                        0.25F * at(FaceAction::lips_part);
  if (opening > 1.25F) {
    for (const FaceAction action :
         {FaceAction::jaw_drop, FaceAction::bared_teeth, FaceAction::funnel,
          FaceAction::lower_lip_depress, FaceAction::lips_part}) {
      at(action) *= 1.25F / opening;
    }
  }
  // Lips that are apart can be neither pressed nor rolled in, and the chin cannot lift them.
  const float apart =
      std::min(1.0F, at(FaceAction::jaw_drop) * 2 + at(FaceAction::lips_part) +
                         at(FaceAction::bared_teeth) * 2 + at(FaceAction::funnel) * 2 +
                         at(FaceAction::lower_lip_depress) * 2);
  at(FaceAction::lip_press) *= 1 - apart;
  at(FaceAction::lip_suck) *= 1 - apart;
  at(FaceAction::cheek_puff) *= 1 - apart;
  at(FaceAction::lip_tighten) *= 1 - 0.5F * apart;
  at(FaceAction::chin_raise) *= 1 - 0.8F * std::min(1.0F, at(FaceAction::jaw_drop) * 2);
  share(at(FaceAction::platysma), at(FaceAction::lower_lip_depress), 1.0F);
  share(at(FaceAction::lip_press), at(FaceAction::lip_suck), 1.0F);
  share(at(FaceAction::lip_press), at(FaceAction::lip_tighten), 1.2F);
  share(at(FaceAction::pucker), at(FaceAction::funnel), 1.0F);
  share(at(FaceAction::jaw_left), at(FaceAction::jaw_right), 1.0F);
  share(at(FaceAction::nostril_compress), at(FaceAction::nostril_dilate, FaceSide::left), 1.0F);
}

}  // namespace mien::synthesis
