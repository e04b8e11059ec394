#include <algorithm>
#include <cmath>
#include <numbers>

#include "mien/synthesis/rendered_face.hpp"
#include "mien/synthesis/rng.hpp"

#include "face_geometry.hpp"

namespace mien::synthesis {
namespace {

float between(Rng& rng, double low, double high) {
  return static_cast<float>(rng.uniform(low, high));
}

Colour from_srgb(float red, float green, float blue) {
  const auto linear = [](float v) {
    v /= 255;
    return v <= 0.04045F ? v / 12.92F : std::pow((v + 0.055F) / 1.055F, 2.4F);
  };
  return {linear(red), linear(green), linear(blue)};
}

/// Skin from light (0) to dark (1).
Colour skin_tone(float tone) {
  static const std::array<Colour, 7> tones = {
      from_srgb(246, 214, 197), from_srgb(232, 190, 165), from_srgb(214, 163, 130),
      from_srgb(186, 130, 96),  from_srgb(146, 94, 65),   from_srgb(102, 64, 46),
      from_srgb(66, 43, 34)};
  const float at = clamp01(tone) * static_cast<float>(tones.size() - 1);
  const auto i = std::min(static_cast<std::size_t>(at), tones.size() - 2);
  return mix(tones[i], tones[i + 1], at - static_cast<float>(i));
}

Colour varied(const Colour& colour, Rng& rng, double spread) {
  Colour out = colour * static_cast<float>(std::exp(spread * rng.normal()));
  for (int c = 0; c < 3; ++c) out[c] *= static_cast<float>(1 + 0.4 * spread * rng.normal());
  for (int c = 0; c < 3; ++c) out[c] = std::clamp(out[c], 0.002F, 0.95F);
  return out;
}

Colour any_colour(Rng& rng) {
  const float value = between(rng, 0.02, 0.7);
  Colour out;
  for (int c = 0; c < 3; ++c) out[c] = value * between(rng, 0.4, 1.1);
  return out;
}

Colour hair_tone(const FaceLook& look, Rng& rng) {
  static const Colour black(0.012F, 0.010F, 0.010F), dark(0.035F, 0.020F, 0.013F),
      brown(0.085F, 0.045F, 0.024F), fair(0.28F, 0.18F, 0.085F), red(0.17F, 0.05F, 0.018F),
      gray(0.32F, 0.31F, 0.30F), white(0.62F, 0.61F, 0.60F);
  Colour colour = black;
  if (rng.chance(static_cast<double>(look.group[2]))) {
    const int kind = rng.below(10);
    colour = kind < 2 ? black : kind < 5 ? dark : kind < 7 ? brown : kind < 9 ? fair : red;
  } else if (rng.chance(0.15)) {
    colour = dark;
  }
  const float turned = clamp01((look.age - between(rng, 35, 65)) / 20);
  colour = mix(colour, rng.chance(0.5) ? gray : white, turned);
  if (rng.chance(0.02)) colour = any_colour(rng);
  return varied(colour, rng, 0.25);
}

bool shapes_a_face(const std::string& name) {
  for (const char* no : {"macrodetails/", "expression/", "head/head-age", "asym/asymm", "neck/",
                         "ears/", "mouth/mouth-angles", "eyebrows/eyebrows-angle"}) {
    if (name.starts_with(no)) return false;
  }
  return true;
}

void shape_head(const HeadData& head, FaceLook& look, Rng& rng) {
  const double strength = rng.uniform(0.10, 0.30);
  for (std::size_t i = 0; i < head.targets.size(); ++i) {
    const std::string& name = head.targets[i].name;
    const bool chosen = rng.chance(0.22);
    const double drawn = std::abs(rng.normal());
    const double uneven = 1 + 0.12 * rng.normal();
    if (!chosen || !shapes_a_face(name)) continue;
    const auto slash = name.find('/');
    if (name.compare(slash + 1, 2, "r-") == 0) continue;  // comes with the left one
    double weight = std::min(0.65, drawn * strength);
    if (name.starts_with("asym/")) weight *= 0.6;
    look.shape.emplace_back(static_cast<int>(i), static_cast<float>(weight));
    if (name.compare(slash + 1, 2, "l-") == 0) {
      const int other = head.target(name.substr(0, slash + 1) + "r-" + name.substr(slash + 3));
      look.shape.emplace_back(other, static_cast<float>(weight * uneven));
    }
  }
  const auto extra = [&](const char* name, double weight) {
    if (const int target = head.target(name); target >= 0 && weight > 0) {
      look.shape.emplace_back(target, static_cast<float>(weight));
    }
  };
  extra(rng.chance(0.5) ? "head/head-fat" : "head/head-skinny", std::abs(0.3 * rng.normal()));
  extra(rng.chance(0.5) ? "mouth/mouth-angles-up" : "mouth/mouth-angles-down",
        std::min(0.3, std::abs(0.12 * rng.normal())));
  extra(rng.chance(0.5) ? "eyebrows/eyebrows-angle-up" : "eyebrows/eyebrows-angle-down",
        std::min(0.4, std::abs(0.2 * rng.normal())));
  extra("neck/neck-double-more", look.age > 35 ? std::abs(0.3 * rng.normal()) : 0);
}

}  // namespace

FaceLook random_look(const HeadData& head, std::uint64_t person) {
  Rng rng(person * 0x9E3779B97F4A7C15ULL + 0x1234567);
  rng.next();
  FaceLook look;
  look.seed = rng.next();
  const auto main = static_cast<std::size_t>(rng.below(3));
  look.group.fill(0);
  float left = 1;
  if (rng.chance(0.4)) {
    const float share = between(rng, 0.05, 0.45);
    look.group[(main + 1 + static_cast<std::size_t>(rng.below(2))) % 3] += share;
    left -= share;
  }
  look.group[main] += left;
  const bool man = rng.chance(0.5);
  look.sex = man ? between(rng, 0.72, 1.05) : between(rng, -0.05, 0.28);
  look.sex = clamp01(look.sex);
  const double kind = rng.uniform(0, 1);
  look.age = kind < 0.05   ? between(rng, 2, 10)
             : kind < 0.15 ? between(rng, 10, 19)
             : kind < 0.72 ? between(rng, 19, 48)
                           : between(rng, 48, 86);
  shape_head(head, look, rng);

  const float tone = look.group[0] * between(rng, 0.50, 1.0) +
                     look.group[1] * between(rng, 0.08, 0.52) +
                     look.group[2] * between(rng, 0.0, 0.45);
  look.skin = varied(skin_tone(tone), rng, 0.06);
  look.blotches = between(rng, 0.05, 0.6);
  look.redness = between(rng, 0.1, 0.9) * (1 - 0.5F * tone);
  look.freckles = rng.chance(0.15) ? between(rng, 0.2, 0.8) * (1 - tone) : 0;
  look.oil = between(rng, 0.05, 0.9);
  const Colour lip = times(look.skin, Colour(0.80F, 0.48F, 0.50F));
  look.lips = varied(lip, rng, 0.12);
  const bool grown = look.age > 15;
  if (!man && grown && rng.chance(0.45)) {
    look.lipstick = between(rng, 0.2, 1);
    static const std::array<Colour, 5> sticks = {from_srgb(170, 30, 45), from_srgb(200, 70, 90),
                                                 from_srgb(150, 60, 60), from_srgb(120, 25, 50),
                                                 from_srgb(205, 110, 105)};
    look.lips = mix(look.lips, varied(sticks[static_cast<std::size_t>(rng.below(5))], rng, 0.2),
                    look.lipstick);
  }
  look.eye_shadow = !man && grown && rng.chance(0.35) ? between(rng, 0.2, 0.9) : 0;
  look.eye_liner = man ? between(rng, 0.05, 0.4) : between(rng, 0.2, grown ? 1.0 : 0.5);
  look.wrinkles = between(rng, 0.15, 1);
  look.hair = hair_tone(look, rng);
  look.brow = mix(look.hair, Colour(0.02F, 0.013F, 0.01F), between(rng, 0.25, 0.85));
  for (int c = 0; c < 3; ++c)
    look.brow[c] = std::min(look.brow[c], 0.75F * look.skin[c] + 0.03F);
  look.brow_style = rng.below(1000);
  look.brow_thickness = man ? between(rng, 0.8, 1.6) : between(rng, 0.55, 1.25);
  look.brow_density = between(rng, man ? 0.6 : 0.45, 1.0);
  const double hair = rng.uniform(0, 1);
  if (man) {
    const double bald = look.age > 45 ? 0.2 : look.age > 25 ? 0.07 : 0.01;
    const double receding = look.age > 35 ? 0.25 : 0.03;
    look.hair_style = hair < bald                    ? HairStyle::bald
                      : hair < bald + receding       ? HairStyle::receding
                      : hair < bald + receding + 0.2 ? HairStyle::cropped
                      : hair < 0.88                  ? HairStyle::short_hair
                                                     : HairStyle::full;
  } else {
    look.hair_style = hair < 0.03   ? HairStyle::cropped
                      : hair < 0.35 ? HairStyle::short_hair
                      : hair < 0.65 ? HairStyle::full
                                    : HairStyle::long_hair;
  }
  look.hair_volume = between(rng, 0, 1);
  look.hairline = between(rng, -1, 1);
  look.hat = rng.chance(0.06) ? (rng.chance(0.5) ? Hat::cap : Hat::beanie) : Hat::none;
  look.cloth = any_colour(rng);
  const double glasses = rng.uniform(0, 1);
  look.glasses = glasses < 0.09    ? Glasses::thin
                 : glasses < 0.16  ? Glasses::thick
                 : glasses < 0.175 ? Glasses::sunglasses
                                   : Glasses::none;
  look.frame = rng.chance(0.6) ? Colour(0.015F, 0.013F, 0.013F) : any_colour(rng);
  if (man && look.age > 17) {
    const double beard = rng.uniform(0, 1);
    look.beard = beard < 0.22   ? Beard::stubble
                 : beard < 0.30 ? Beard::moustache
                 : beard < 0.38 ? Beard::goatee
                 : beard < 0.52 ? Beard::full
                                : Beard::none;
  }
  look.beard_density = between(rng, 0.4, 1);
  static const std::array<Colour, 6> irises = {
      from_srgb(60, 36, 20),  from_srgb(92, 60, 32),   from_srgb(120, 95, 50),
      from_srgb(90, 120, 90), from_srgb(90, 125, 155), from_srgb(115, 130, 140)};
  const bool light_eyes = rng.chance(static_cast<double>(look.group[2]) * 0.7);
  look.iris =
      varied(irises[static_cast<std::size_t>(light_eyes ? 1 + rng.below(5) : rng.below(2))],
             rng, 0.15);
  look.pupil = between(rng, 0.28, 0.5);
  return look;
}

RenderParameters random_scene(FaceLook look, Expression expression, int size,
                              std::uint64_t seed) {
  Rng rng(seed ^ 0x5CE7EULL);
  rng.next();
  RenderParameters out;
  out.size = size;
  out.seed = rng.next();
  auto& camera = out.camera;
  const bool straight = rng.chance(0.55);
  camera.yaw = static_cast<float>((straight ? 6 : 22) * rng.normal()) * 0.9F + expression.yaw;
  camera.pitch = static_cast<float>((straight ? 4 : 10) * rng.normal()) + expression.pitch;
  camera.roll = static_cast<float>((straight ? 3 : 9) * rng.normal()) + expression.roll;
  camera.yaw = std::clamp(camera.yaw, -65.F, 65.F);
  camera.pitch = std::clamp(camera.pitch, -35.F, 35.F);
  camera.roll = std::clamp(camera.roll, -40.F, 40.F);
  camera.distance = static_cast<float>(4.2 * std::exp(rng.uniform(0, 1.6)));
  camera.face_height = between(rng, 0.62, 0.88);
  camera.shift_x = static_cast<float>(0.03 * rng.normal());
  camera.shift_y = static_cast<float>(0.03 * rng.normal());

  auto& lights = out.lights;
  const auto warm = static_cast<float>(0.12 * rng.normal());
  const Colour tint(1 + warm, 1, 1 - warm);
  const auto lamp = [&](double azimuth, double elevation, double strength, double softness) {
    const double a = azimuth * std::numbers::pi / 180, e = elevation * std::numbers::pi / 180;
    Lamp each;
    each.direction = {static_cast<float>(std::sin(a) * std::cos(e)),
                      static_cast<float>(std::sin(e)),
                      static_cast<float>(std::cos(a) * std::cos(e))};
    each.colour = tint * static_cast<float>(strength);
    each.softness = static_cast<float>(softness);
    lights.lamps.push_back(each);
  };
  const double setup = rng.uniform(0, 1);
  float around = 1;
  if (setup < 0.30) {  // a window or a ceiling lamp
    lamp(rng.uniform(-70, 70), rng.uniform(10, 65), rng.uniform(0.5, 1.0), rng.uniform(0.4, 1));
    around = between(rng, 0.5, 1);
  } else if (setup < 0.50) {  // a studio: key and fill
    const double side = rng.chance(0.5) ? 1 : -1;
    lamp(side * rng.uniform(20, 55), rng.uniform(15, 45), rng.uniform(0.7, 1.1),
         rng.uniform(0.3, 1));
    lamp(-side * rng.uniform(20, 70), rng.uniform(0, 30), rng.uniform(0.15, 0.5), 1);
    around = between(rng, 0.25, 0.6);
  } else if (setup < 0.62) {  // hard light from one side
    lamp((rng.chance(0.5) ? 1 : -1) * rng.uniform(50, 95), rng.uniform(-5, 50),
         rng.uniform(1.0, 1.6), rng.uniform(0, 0.4));
    around = between(rng, 0.15, 0.45);
  } else if (setup < 0.72) {  // sun
    lamp(rng.uniform(-120, 120), rng.uniform(25, 75), rng.uniform(1.2, 2.0),
         rng.uniform(0, 0.2));
    around = between(rng, 0.4, 0.9);
  } else if (setup < 0.80) {  // a flash or a screen
    lamp(rng.uniform(-10, 10), rng.uniform(-15, 15), rng.uniform(0.6, 1.2),
         rng.uniform(0, 0.5));
    around = between(rng, 0.1, 0.6);
  } else {  // an overcast day
    around = 1;
  }
  if (rng.chance(0.15)) {
    lamp((rng.chance(0.5) ? 1 : -1) * rng.uniform(110, 150), rng.uniform(0, 50),
         rng.uniform(0.3, 1.0), 0.5);
  }
  lights.sky = varied(times(tint, Colour(0.62F, 0.62F, 0.64F)), rng, 0.2) * around;
  lights.front = varied(times(tint, Colour(0.42F, 0.42F, 0.42F)), rng, 0.25) * around;
  lights.ground = varied(times(tint, Colour(0.22F, 0.20F, 0.18F)), rng, 0.35) * around;

  auto& back = out.backdrop;
  back.kind = static_cast<BackdropKind>(rng.below(static_cast<int>(BackdropKind::kCount)));
  if (rng.chance(0.35)) {
    const float level = between(rng, 0.01, 0.8);
    back.first = Colour(level, level, level);
    back.second = back.first * between(rng, 0.3, 1.2);
  } else {
    back.first = any_colour(rng);
    back.second = any_colour(rng);
  }
  back.blur = between(rng, 0.015, 0.10);

  auto& fx = out.effects;
  fx.exposure = static_cast<float>(std::exp(0.22 * rng.normal()));
  fx.contrast = between(rng, 0.8, 1.18);
  fx.saturation = between(rng, 0.7, 1.2);
  fx.warmth = static_cast<float>(0.22 * rng.normal());
  fx.defocus = rng.chance(0.55) ? between(rng, 0.2, 1.05) : 0;
  if (rng.chance(0.12)) {
    fx.motion = between(rng, 1, 5);
    fx.motion_angle = between(rng, 0, 180);
  }
  fx.vignette = rng.chance(0.3) ? between(rng, 0, 0.6) : 0;
  fx.noise = rng.chance(0.7) ? static_cast<float>(std::abs(4 * rng.normal())) : 0;
  fx.shrink = rng.chance(0.35) ? between(rng, 0.4, 0.95) : 1;
  fx.jpeg = rng.chance(0.6) ? 35 + rng.below(61) : 0;
  fx.gray = rng.chance(0.25);
  out.look = std::move(look);
  out.expression = std::move(expression);
  return out;
}

}  // namespace mien::synthesis
