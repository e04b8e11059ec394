#include "drawn_person.hpp"

#include <algorithm>

namespace mien {
namespace {

using cv::Scalar;

Scalar pick(Dice& dice, std::initializer_list<Scalar> colours, double jitter) {
  Scalar colour = *(colours.begin() + dice.below(static_cast<int>(colours.size())));
  const double brighter = dice.uniform(-jitter, jitter);
  for (int c = 0; c < 3; ++c) {
    colour[c] =
        std::clamp(colour[c] + brighter + dice.uniform(-jitter, jitter) / 3, 8.0, 247.0);
  }
  return colour;
}

}  // namespace

Scalar mix(const Scalar& a, const Scalar& b, double share) {
  return a * (1 - share) + b * share;
}

Person make_person(Dice& dice) {
  Person who;
  // From light to dark; BGR.
  who.skin = pick(dice,
                  {{196, 214, 245},
                   {176, 198, 236},
                   {160, 184, 226},
                   {138, 168, 214},
                   {118, 150, 200},
                   {96, 130, 182},
                   {82, 112, 160},
                   {66, 92, 138}},
                  10);
  who.lip = mix(who.skin, Scalar(88, 72, 178), dice.uniform(0.4, 0.65));
  who.hair = pick(dice,
                  {{28, 26, 30},
                   {36, 44, 62},
                   {44, 66, 102},
                   {84, 138, 186},
                   {120, 178, 214},
                   {52, 82, 156},
                   {150, 152, 156}},
                  12);
  who.iris = pick(dice, {{44, 62, 92}, {38, 48, 66}, {152, 122, 82}, {96, 120, 84}}, 10);
  who.cloth = Scalar(dice.uniform(40, 210), dice.uniform(40, 210), dice.uniform(40, 210));
  who.width = dice.uniform(0.74, 0.82);
  who.jaw = dice.uniform(0.22, 0.38);
  who.eye_apart = dice.uniform(0.315, 0.345);
  who.eye_size = dice.uniform(0.95, 1.1);
  who.brow_thick = dice.uniform(0.8, 1.3);
  who.nose_length = dice.uniform(0.92, 1.08);
  who.nose_width = dice.uniform(0.88, 1.15);
  who.mouth_width = dice.uniform(0.94, 1.06);
  who.lip_full = dice.uniform(0.8, 1.25);
  who.hair_style = dice.below(kHairStyles);
  who.beard = (who.hair_style == kShort || who.hair_style == kBald) && dice.chance(0.25);
  who.glasses = dice.chance(0.15);
  who.roll = dice.normal() * 1.6;
  who.scale = dice.uniform(0.985, 1.015);
  who.yaw = dice.normal() * 0.16;
  who.pitch = dice.normal() * 0.12;
  who.shift = {dice.normal() * 0.005, dice.normal() * 0.005};
  who.gaze = {dice.normal() * 0.12, dice.normal() * 0.06};
  return who;
}

}  // namespace mien
