#include <algorithm>
#include <cmath>
#include <numbers>

#include "mien/synthesis/drawn_face.hpp"

namespace mien {

ActionUnits action_units(std::string_view label, Dice& dice) {
  ActionUnits units;
  // No face is without any tone.
  for (double* each : {&units.inner_brow_raiser, &units.brow_lowerer, &units.upper_lid_raiser,
                       &units.lip_corner_depressor}) {
    *each = dice.uniform(0, 0.08);
  }
  const double strength = dice.uniform(0.8, 1);
  const auto much = [&] { return std::min(1.0, strength * dice.uniform(0.85, 1.1)); };
  const auto some = [&] { return strength * dice.uniform(0.4, 0.7); };
  if (label == "happiness") {
    units.cheek_raiser = much();
    units.lip_corner_puller[0] = much();
    units.lip_corner_puller[1] = units.lip_corner_puller[0] * dice.uniform(0.93, 1.07);
    units.lips_part = dice.chance(0.75) ? much() : 0;
    if (units.lips_part > 0) units.jaw_drop = dice.uniform(0, 0.3);
  } else if (label == "surprise") {
    units.inner_brow_raiser = units.outer_brow_raiser = much();
    units.upper_lid_raiser = much();
    units.lips_part = 1;
    units.jaw_drop = much();
  } else if (label == "sadness") {
    units.inner_brow_raiser = much();
    units.brow_lowerer = some();
    units.lip_corner_depressor = much();
    units.chin_raiser = some();
    units.upper_lid_raiser = 0;
    units.lid_tightener = dice.uniform(0, 0.3);
  } else if (label == "anger") {
    units.inner_brow_raiser = 0;
    units.brow_lowerer = much();
    units.upper_lid_raiser = some();
    units.lid_tightener = much();
    if (dice.chance(0.3)) {  // bared teeth
      units.lips_part = much();
      units.lower_lip_depressor = some();
      units.upper_lip_raiser = dice.uniform(0, 0.3);
    } else {
      units.lip_presser = much();
    }
  } else if (label == "disgust") {
    units.nose_wrinkler = much();
    units.upper_lip_raiser = much();
    units.brow_lowerer = some();
    units.cheek_raiser = some();
    units.lid_tightener = some();
    units.lip_corner_depressor = some();
    units.lips_part = dice.chance(0.5) ? some() : 0;
    units.chin_raiser = units.lips_part > 0 ? 0 : some();
  } else if (label == "fear") {
    units.inner_brow_raiser = much();
    units.outer_brow_raiser = some();
    units.brow_lowerer = much();
    units.upper_lid_raiser = much();
    units.lip_stretcher = much();
    units.lips_part = much();
    units.lower_lip_depressor = some();
    units.jaw_drop = dice.uniform(0.1, 0.3);
  } else if (label == "contempt") {
    const int side = dice.below(2);
    units.lip_corner_puller[side] = 1.45 * much();  // one side must say it all
    units.dimpler[side] = 1.45 * much();
    units.lid_tightener = some();
  }
  return units;
}

}  // namespace mien
