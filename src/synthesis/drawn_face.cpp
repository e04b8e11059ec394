#include "mien/synthesis/drawn_face.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

#include "face_painter.hpp"

namespace mien::synthesis {

namespace {

using cv::Scalar;

Scalar pick(Rng& rng, std::initializer_list<Scalar> colours, double jitter) {
  Scalar colour = *(colours.begin() + rng.below(static_cast<int>(colours.size())));
  const double brighter = rng.uniform(-jitter, jitter);
  for (int c = 0; c < 3; ++c) {
    colour[c] = std::clamp(colour[c] + brighter + rng.uniform(-jitter, jitter) / 3, 8.0, 247.0);
  }
  return colour;
}

/// Somebody at random.
DrawnPerson make_person(Rng& rng) {
  DrawnPerson person;
  // From light to dark; BGR.
  person.skin = pick(rng,
                     {{196, 214, 245},
                      {176, 198, 236},
                      {160, 184, 226},
                      {138, 168, 214},
                      {118, 150, 200},
                      {96, 130, 182},
                      {82, 112, 160},
                      {66, 92, 138}},
                     10);
  person.lip = mix(person.skin, Scalar(88, 72, 178), rng.uniform(0.4, 0.65));
  person.hair = pick(rng,
                     {{28, 26, 30},
                      {36, 44, 62},
                      {44, 66, 102},
                      {84, 138, 186},
                      {120, 178, 214},
                      {52, 82, 156},
                      {150, 152, 156}},
                     12);
  person.iris = pick(rng, {{44, 62, 92}, {38, 48, 66}, {152, 122, 82}, {96, 120, 84}}, 10);
  person.cloth = Scalar(rng.uniform(40, 210), rng.uniform(40, 210), rng.uniform(40, 210));
  person.width = rng.uniform(0.74, 0.82);
  person.jaw = rng.uniform(0.22, 0.38);
  person.eye_apart = rng.uniform(0.315, 0.345);
  person.eye_size = rng.uniform(0.95, 1.1);
  person.brow_thick = rng.uniform(0.8, 1.3);
  person.nose_length = rng.uniform(0.92, 1.08);
  person.nose_width = rng.uniform(0.88, 1.15);
  person.mouth_width = rng.uniform(0.94, 1.06);
  person.lip_full = rng.uniform(0.8, 1.25);
  person.hair_style = rng.below(kHairStyles);
  person.beard =
      (person.hair_style == kShort || person.hair_style == kBald) && rng.chance(0.25);
  person.glasses = rng.chance(0.15);
  person.roll = rng.normal() * 1.6;
  person.scale = rng.uniform(0.985, 1.015);
  person.yaw = rng.normal() * 0.16;
  person.pitch = rng.normal() * 0.12;
  person.shift = {rng.normal() * 0.005, rng.normal() * 0.005};
  person.gaze = {rng.normal() * 0.12, rng.normal() * 0.06};
  return person;
}

/// Light from a side, blur and a sensor's noise.
cv::Mat photograph_drawing(const cv::Mat& drawn, Rng& rng) {
  cv::Mat small;
  cv::resize(drawn, small, {kDrawnSide, kDrawnSide}, 0, 0, cv::INTER_AREA);
  const double blur = rng.uniform(0, 0.7);
  if (blur > 0.25) cv::GaussianBlur(small, small, {5, 5}, blur);
  const double angle = rng.uniform(0, 2 * std::numbers::pi);
  const double slope = rng.uniform(0, 0.2);
  const double bright = rng.uniform(0.88, 1.1);
  const double contrast = rng.uniform(0.9, 1.12);
  const double grain = rng.uniform(0, 5);
  const double warm = rng.uniform(-0.05, 0.05);
  constexpr int kMiddle = kDrawnSide / 2;
  const double tint[] = {1 - warm, 1, 1 + warm};
  for (int y = 0; y < kDrawnSide; ++y) {
    for (int x = 0; x < kDrawnSide; ++x) {
      const double along =
          ((x - kMiddle) * std::cos(angle) + (y - kMiddle) * std::sin(angle)) / kMiddle;
      const double light = bright * (1 + slope * along);
      auto& pixel = small.at<cv::Vec3b>(y, x);
      for (int c = 0; c < 3; ++c) {
        const double value = (pixel[c] * light * tint[c] - 128) * contrast + 128;
        pixel[c] = cv::saturate_cast<uchar>(value + grain * rng.normal());
      }
    }
  }
  return small;
}

}  // namespace

ActionUnits action_units(std::string_view label, Rng& rng) {
  ActionUnits units;
  // No face is without any tone.
  for (double* each : {&units.inner_brow_raiser, &units.brow_lowerer, &units.upper_lid_raiser,
                       &units.lip_corner_depressor}) {
    *each = rng.uniform(0, 0.08);
  }
  const double strength = rng.uniform(0.8, 1);
  const auto much = [&] { return std::min(1.0, strength * rng.uniform(0.85, 1.1)); };
  const auto some = [&] { return strength * rng.uniform(0.4, 0.7); };
  if (label == "happiness") {
    units.cheek_raiser = much();
    units.lip_corner_puller[0] = much();
    units.lip_corner_puller[1] = units.lip_corner_puller[0] * rng.uniform(0.93, 1.07);
    units.lips_part = rng.chance(0.75) ? much() : 0;
    if (units.lips_part > 0) units.jaw_drop = rng.uniform(0, 0.3);
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
    units.lid_tightener = rng.uniform(0, 0.3);
  } else if (label == "anger") {
    units.inner_brow_raiser = 0;
    units.brow_lowerer = much();
    units.upper_lid_raiser = some();
    units.lid_tightener = much();
    if (rng.chance(0.3)) {  // bared teeth
      units.lips_part = much();
      units.lower_lip_depressor = some();
      units.upper_lip_raiser = rng.uniform(0, 0.3);
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
    units.lips_part = rng.chance(0.5) ? some() : 0;
    units.chin_raiser = units.lips_part > 0 ? 0 : some();
  } else if (label == "fear") {
    units.inner_brow_raiser = much();
    units.outer_brow_raiser = some();
    units.brow_lowerer = much();
    units.upper_lid_raiser = much();
    units.lip_stretcher = much();
    units.lips_part = much();
    units.lower_lip_depressor = some();
    units.jaw_drop = rng.uniform(0.1, 0.3);
  } else if (label == "contempt") {
    const int side = rng.below(2);
    units.lip_corner_puller[side] = 1.45 * much();  // one side must say it all
    units.dimpler[side] = 1.45 * much();
    units.lid_tightener = some();
  }
  return units;
}

cv::Mat draw_face(const ActionUnits& units, Rng& rng) {
  const DrawnPerson person = make_person(rng);
  return photograph_drawing(FacePainter(units, person).paint(rng), rng);
}

}  // namespace mien::synthesis
