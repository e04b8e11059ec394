#include <algorithm>
#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

#include "face_painter.hpp"

namespace mien {
namespace {

using cv::Point2d;
using cv::Scalar;

}  // namespace

void FacePainter::cheeks() {
  const Scalar red = mix(who_.skin, Scalar(110, 100, 225), 0.55);
  for (const int side : {-1, 1}) {
    const double raised = std::max(au_.cheek_raiser, 0.6 * pull(side));
    sheet_.glow({side * 0.45, 0.28 - 0.08 * raised}, 0.2, red, 0.18 + 0.35 * raised);
    sheet_.glow({side * 0.42, 0.17 - 0.05 * raised}, 0.10,
                mix(who_.skin, Scalar(255, 255, 255), 0.5), 0.3 * raised);
    // From the wings of the nose around the mouth.
    const double fold = std::max(
        {0.9 * pull(side), au_.upper_lip_raiser, au_.nose_wrinkler, 0.8 * dimple(side)});
    const double out = 0.06 * pull(side);
    sheet_.stroke(smooth({{side * 0.17, 0.24 - 0.05 * au_.nose_wrinkler},
                          {side * (0.30 + out), 0.36},
                          {side * (0.38 + out), 0.50},
                          {side * (0.40 + out), 0.60}},
                         false),
                  dark_, 0.026, 0.75 * fold);
    // Under the eye.
    sheet_.stroke(
        smooth({{side * 0.20, 0.06}, {side * 0.34, 0.115}, {side * 0.48, 0.06}}, false), dark_,
        0.022, 0.65 * std::max(au_.cheek_raiser, 0.6 * au_.lid_tightener));
    // Crow's feet.
    for (int i = -1; i <= 1; ++i) {
      sheet_.stroke({{side * 0.54, -0.09 + 0.035 * i}, {side * 0.63, -0.09 + 0.085 * i}}, dark_,
                    0.02, 0.7 * (au_.cheek_raiser - 0.3));
    }
  }
}

void FacePainter::nose() {
  const double up = 0.05 * au_.nose_wrinkler + 0.02 * au_.upper_lip_raiser;
  const double tip = 0.25 * who_.nose_length - up;
  const double wing = 0.125 * who_.nose_width * (1 + 0.15 * au_.nose_wrinkler);
  const Scalar shade = mix(who_.skin, dark_, 0.55);
  sheet_.stroke(smooth({{-0.07, -0.22}, {-0.055, 0.0}, {-wing * 0.85, tip - 0.04}}, false),
                shade, 0.03, 0.45);
  sheet_.glow({0.01, tip - 0.06}, 0.08, mix(who_.skin, Scalar(255, 255, 255), 0.6), 0.45);
  sheet_.stroke(smooth({{-wing, tip - 0.07},
                        {-wing * 1.08, tip - 0.01},
                        {-wing * 0.6, tip + 0.045},
                        {0, tip + 0.06},
                        {wing * 0.6, tip + 0.045},
                        {wing * 1.08, tip - 0.01},
                        {wing, tip - 0.07}},
                       false),
                dark_, 0.026, 0.8);
  for (const int side : {-1, 1}) {
    sheet_.dot({side * wing * 0.5, tip + 0.025}, 0.036, 0.02, mix(dark_, ink_, 0.5));
    for (int i = 0; i < 3; ++i) {  // the wrinkles of AU9
      const double y = -0.13 + 0.07 * i;
      sheet_.stroke({{side * 0.025, y + 0.02}, {side * 0.115, y - 0.03}}, dark_, 0.026,
                    0.95 * au_.nose_wrinkler);
    }
  }
}

void FacePainter::eye(int side) {
  const double half = 0.155 * who_.eye_size;
  const Point2d centre(side * who_.eye_apart, -0.09);
  const double up =
      0.088 * who_.eye_size *
      (1 + 0.75 * au_.upper_lid_raiser - 0.38 * au_.lid_tightener - 0.30 * au_.cheek_raiser -
       0.2 * au_.nose_wrinkler - 0.18 * std::max(0.0, au_.lip_corner_depressor - 0.3));
  const double low =
      0.058 * who_.eye_size *
      (1 + 0.25 * au_.upper_lid_raiser - 0.55 * au_.cheek_raiser - 0.45 * au_.lid_tightener);
  // Inner corners lie lower.
  const Point2d in(centre.x - side * half, centre.y + 0.02);
  const Point2d out(centre.x + side * half, centre.y - 0.012);
  const double droop =
      0.03 * au_.inner_brow_raiser * (1 - au_.upper_lid_raiser) * au_.lip_corner_depressor;
  const Line upper = smooth({in,
                             {centre.x - side * half * 0.5, centre.y - up * 0.86},
                             {centre.x + side * half * 0.1, centre.y - up},
                             {centre.x + side * half * 0.65, centre.y - up * 0.66 + droop},
                             {out.x, out.y + droop}},
                            false);
  const Line lower = smooth({in,
                             {centre.x - side * half * 0.45, centre.y + low * 0.85},
                             {centre.x + side * half * 0.15, centre.y + low},
                             {centre.x + side * half * 0.65, centre.y + low * 0.6},
                             {out.x, out.y + droop}},
                            false);
  Line shape = upper;
  shape.insert(shape.end(), lower.rbegin(), lower.rend());
  sheet_.glow({centre.x, centre.y - 0.03}, 0.15, dark_, 0.22);
  sheet_.fill(shape, Scalar(236, 238, 240));
  sheet_.within(shape, [&] {
    const Point2d at(centre.x + who_.gaze.x * 0.2, centre.y - 0.012 + who_.gaze.y * 0.2);
    const double radius = 0.076 * who_.eye_size;
    sheet_.dot(at, radius, radius, mix(who_.iris, Scalar(0, 0, 0), 0.45));
    sheet_.dot(at, radius * 0.86, radius * 0.86, who_.iris);
    sheet_.dot(at, radius * 0.5, radius * 0.5, Scalar(12, 12, 14));
    sheet_.dot({at.x - 0.026, at.y - 0.028}, 0.019, 0.019, Scalar(250, 250, 250));
  });
  Line crease = upper;
  const double above = 0.055 + 0.02 * au_.upper_lid_raiser;
  for (auto& p : crease) p.y -= above;
  sheet_.stroke(crease, dark_, 0.02, 0.45);
  sheet_.stroke(upper, ink_, 0.038);
  sheet_.stroke(lower, dark_, 0.018, 0.8);
}

void FacePainter::brow(int side) {
  const double raise_in = 0.15 * au_.inner_brow_raiser;
  const double sink =
      0.125 * au_.brow_lowerer * (1 - 0.65 * au_.inner_brow_raiser) + 0.06 * au_.nose_wrinkler;
  const double raise_out = 0.14 * au_.outer_brow_raiser;
  const double together = 0.045 * au_.brow_lowerer;
  const double grief = 0.05 * std::max(0.0, au_.inner_brow_raiser - au_.outer_brow_raiser);
  const double eye = who_.eye_apart;
  const Line spine =
      smooth({{side * (eye - 0.20 - together), -0.335 - raise_in + sink},
              {side * (eye - 0.08), -0.365 - 0.75 * raise_in - 0.3 * raise_out + 0.72 * sink},
              {side * (eye + 0.07),
               -0.385 - 0.2 * raise_in - 0.9 * raise_out + 0.25 * sink + 0.5 * grief},
              {side * (eye + 0.21), -0.325 - raise_out - 0.15 * sink + grief}},
             false);
  const double thick = 0.042 * who_.brow_thick;
  Line shape;
  const auto count = static_cast<double>(spine.size() - 1);
  for (std::size_t i = 0; i < spine.size(); ++i) {
    const double t = static_cast<double>(i) / count;
    shape.push_back({spine[i].x, spine[i].y - thick * (1 - 0.75 * t)});
  }
  for (std::size_t i = spine.size(); i-- > 0;) {
    const double t = static_cast<double>(i) / count;
    shape.push_back({spine[i].x, spine[i].y + thick * (1 - 0.8 * t)});
  }
  sheet_.fill(shape, mix(mix(who_.hair, Scalar(20, 20, 26), 0.35), who_.skin, 0.12));
  // The furrow.
  sheet_.stroke(smooth({{side * 0.055, -0.42 + 0.3 * sink},
                        {side * 0.045, -0.34 + 0.3 * sink},
                        {side * 0.06, -0.24}},
                       false),
                dark_, 0.024, 0.9 * (au_.brow_lowerer - 0.2));
}

FacePainter::Lips FacePainter::lips() const {
  const double middle = 0.56;
  const double round =
      au_.jaw_drop * (1 - au_.lip_stretcher) * (1 - std::max(pull(-1), pull(1)));
  const double part = 0.05 * au_.lips_part + 0.26 * au_.jaw_drop;
  Lips lips;
  constexpr int kPoints = 33;
  for (int i = 0; i < kPoints; ++i) {
    const double t = 2.0 * i / (kPoints - 1) - 1;
    const int side = t < 0 ? -1 : 1;
    const double corner = std::pow(std::abs(t), 1.8);
    const double width =
        0.265 * who_.mouth_width *
        (1 + 0.34 * pull(side) + 0.12 * dimple(side) + 0.34 * au_.lip_stretcher -
         0.12 * au_.lip_presser - 0.30 * round + 0.05 * au_.lip_corner_depressor);
    const double corner_y = -0.14 * pull(side) - 0.02 * dimple(side) +
                            0.15 * au_.lip_corner_depressor + 0.03 * au_.lip_stretcher +
                            0.02 * round;
    const double bow = 1 - t * t;
    // The middle gives way to the corners, and to the chin.
    const double line = middle + corner_y * corner +
                        (0.025 * (pull(-1) + pull(1)) / 2 - 0.05 * au_.chin_raiser -
                         0.03 * au_.upper_lip_raiser) *
                            bow;
    const double square = 1 - std::pow(t, 6);
    // Bared teeth and a stretched mouth are square, a dropped jaw is round.
    const double open =
        part * (round > 0.3 ? std::sqrt(bow) : 0.5 * std::pow(bow, 0.7) + 0.5 * square);
    const double up =
        line - 0.3 * open - 0.075 * au_.upper_lip_raiser * square * (0.6 + 0.4 * au_.lips_part);
    const double low = line + 0.7 * open + 0.05 * au_.lower_lip_depressor * square;
    const double press = 1 - 0.72 * au_.lip_presser;
    const double thin = 1 - 0.25 * std::max(pull(-1), pull(1)) - 0.25 * au_.lip_stretcher;
    const double cupid = 1 - 0.3 * std::exp(-t * t / 0.03);
    const double x = t * width;
    lips.inner_up.push_back({x, up});
    lips.inner_low.push_back({x, std::max(low, up)});
    lips.outer_up.push_back({x, up - 0.062 * who_.lip_full * press * thin *
                                         (1 - std::pow(std::abs(t), 2.2)) * cupid});
    lips.outer_low.push_back(
        {x, std::max(low, up) + 0.085 * who_.lip_full * press * thin * std::pow(bow, 0.8)});
  }
  return lips;
}

Line FacePainter::between(const Line& a, const Line& b) {
  Line shape = a;
  shape.insert(shape.end(), b.rbegin(), b.rend());
  return shape;
}

void FacePainter::mouth() {
  const Lips at = lips();
  const std::size_t half = at.inner_up.size() / 2;
  const Scalar lower = mix(who_.lip, Scalar(190, 190, 235), 0.15);
  const double gap = at.inner_low[half].y - at.inner_up[half].y;
  sheet_.fill(between(at.outer_up, at.inner_up), who_.lip);
  sheet_.fill(between(at.inner_low, at.outer_low), lower);
  if (gap > 0.02) {
    const Line hole = between(at.inner_up, at.inner_low);
    sheet_.fill(hole, Scalar(26, 20, 52));
    sheet_.within(hole, [&] {
      if (au_.jaw_drop > 0.4) {
        sheet_.dot({0, at.inner_low[half].y}, 0.14, 0.09, Scalar(96, 88, 178));
      }
      Line edge = at.inner_up;
      const double teeth = std::min(0.085, gap * 0.8);
      for (auto& p : edge) p.y += au_.jaw_drop > 0.4 ? 0.035 : teeth;
      sheet_.fill(between(at.inner_up, edge), Scalar(232, 238, 242));
      if (au_.lower_lip_depressor > 0.2) {
        edge = at.inner_low;
        for (auto& p : edge) p.y -= gap * 0.38;
        sheet_.fill(between(edge, at.inner_low), Scalar(218, 226, 232));
      }
    });
    sheet_.stroke(at.inner_up, mix(who_.lip, ink_, 0.6), 0.018);
    sheet_.stroke(at.inner_low, mix(who_.lip, ink_, 0.5), 0.014);
  } else {
    sheet_.stroke(at.inner_up, mix(who_.lip, ink_, 0.75), 0.028);
  }
  for (const int side : {-1, 1}) {
    const Point2d corner = side < 0 ? at.inner_up.front() : at.inner_up.back();
    const double dent = std::max({pull(side), dimple(side), au_.lip_corner_depressor * 0.8});
    sheet_.glow({corner.x + side * 0.05, corner.y - 0.02}, 0.10, dark_,
                0.45 * std::min(1.0, dimple(side)));
    const double turn = au_.lip_corner_depressor > 0.3 ? 0.07 : -0.04;
    sheet_.stroke(smooth({{corner.x, corner.y},
                          {corner.x + side * 0.035, corner.y + turn * 0.4},
                          {corner.x + side * 0.05, corner.y + turn}},
                         false),
                  dark_, 0.03, 0.9 * dent);
  }
  const double below = at.outer_low[half].y;
  sheet_.glow({0, below + 0.05}, 0.09, dark_, 0.28 + 0.15 * au_.chin_raiser);
  for (int i = 0; au_.chin_raiser > 0.2 && i < 3; ++i) {  // the dimpled chin
    sheet_.dot({0.07 * (i - 1), below + 0.13 + 0.02 * (i % 2)}, 0.018, 0.014,
               mix(who_.skin, dark_, 0.5 * au_.chin_raiser));
  }
}

}  // namespace mien
