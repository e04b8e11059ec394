#include "face_painter.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

namespace mien::synthesis {
namespace {

using cv::Point2d;
using cv::Scalar;

constexpr int kShift = 4;  // OpenCV's polygons know sixteenths of a pixel

}  // namespace

Polyline catmull_rom(const Polyline& through, bool closed) {
  constexpr int kSteps = 10;
  const int count = static_cast<int>(through.size());
  Polyline curve;
  const auto at = [&](int i) {
    return closed ? through[static_cast<std::size_t>((i + count) % count)]
                  : through[static_cast<std::size_t>(std::clamp(i, 0, count - 1))];
  };
  for (int i = 0; i < (closed ? count : count - 1); ++i) {
    const Point2d a = at(i - 1), b = at(i), c = at(i + 1), d = at(i + 2);
    for (int s = 0; s < kSteps; ++s) {
      const double t = static_cast<double>(s) / kSteps;
      curve.push_back(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * (t * t) +
                             (3 * b - a - 3 * c + d) * (t * t * t)));
    }
  }
  if (!closed) curve.push_back(through.back());
  return curve;
}

Canvas::Canvas(const DrawnPerson& person) : person_(person), picture_(kSide, kSide, CV_8UC3) {
  const double angle = person.roll * std::numbers::pi / 180;
  const double size = 0.49 * kSide * person.scale;
  across_ = {std::cos(angle) * size, std::sin(angle) * size};
  down_ = {-across_.y, across_.x};
  middle_ =
      cv::Point2d(0.5 + person.shift.x, 0.495 + person.shift.y) * static_cast<double>(kSide);
  unit_ = size;
}

Point2d Canvas::inner(Point2d p) const {
  const double bulge = std::sqrt(std::max(0.0, 1 - p.x * p.x - 0.6 * p.y * p.y));
  return outer({p.x + person_.yaw * 0.10 * bulge, p.y + person_.pitch * 0.08 * bulge});
}

void Canvas::fill(const Polyline& shape, const Scalar& colour, bool on_face) {
  cv::fillPoly(picture_, std::vector{fixed(shape, on_face)}, colour, cv::LINE_AA, kShift);
}

void Canvas::stroke(const Polyline& line, const Scalar& colour, double thick, double strength) {
  if (strength <= 0.02) return;
  const int width = std::max(1, cvRound(pixels(thick)));
  if (strength >= 1) {
    cv::polylines(picture_, std::vector{fixed(line, true)}, false, colour, width, cv::LINE_AA,
                  kShift);
    return;
  }
  const cv::Rect part = around(line, width);
  if (part.empty()) return;
  const cv::Mat before = picture_(part).clone();
  stroke(line, colour, thick);
  cv::Mat after = picture_(part);
  cv::addWeighted(after, strength, before, 1 - strength, 0, after);
}

void Canvas::dot(Point2d at, double radius_x, double radius_y, const Scalar& colour,
                 bool on_face) {
  Polyline ring;
  for (int i = 0; i < 40; ++i) {
    const double angle = 2 * std::numbers::pi * i / 40;
    ring.push_back({at.x + radius_x * std::cos(angle), at.y + radius_y * std::sin(angle)});
  }
  fill(ring, colour, on_face);
}

void Canvas::glow(Point2d at, double radius, const Scalar& colour, double strength) {
  const Point2d centre = inner(at);
  const double reach = pixels(radius);
  const cv::Rect part = cv::Rect(cvRound(centre.x - reach * 2), cvRound(centre.y - reach * 2),
                                 cvRound(reach * 4), cvRound(reach * 4)) &
                        cv::Rect(0, 0, kSide, kSide);
  for (int y = part.y; y < part.br().y; ++y) {
    for (int x = part.x; x < part.br().x; ++x) {
      const double dx = (x - centre.x) / reach, dy = (y - centre.y) / reach;
      const double share = strength * std::exp(-(dx * dx + dy * dy));
      auto& pixel = picture_.at<cv::Vec3b>(y, x);
      for (int c = 0; c < 3; ++c) {
        pixel[c] = cv::saturate_cast<uchar>(pixel[c] * (1 - share) + colour[c] * share);
      }
    }
  }
}

cv::Mat Canvas::mask(const Polyline& shape, bool on_face) const {
  cv::Mat mask(kSide, kSide, CV_8U, Scalar(0));
  cv::fillPoly(mask, std::vector{fixed(shape, on_face)}, Scalar(255), cv::LINE_AA, kShift);
  return mask;
}

std::vector<cv::Point> Canvas::fixed(const Polyline& line, bool on_face) const {
  std::vector<cv::Point> points;
  for (const auto& p : line) {
    const Point2d q = on_face ? inner(p) : outer(p);
    points.emplace_back(cvRound(q.x * (1 << kShift)), cvRound(q.y * (1 << kShift)));
  }
  return points;
}

cv::Rect Canvas::around(const Polyline& line, int width) const {
  cv::Rect part;
  for (const auto& p : fixed(line, true)) {
    const cv::Point at(p.x >> kShift, p.y >> kShift);
    part |= cv::Rect(at.x - width - 2, at.y - width - 2, 2 * width + 4, 2 * width + 4);
  }
  return part & cv::Rect(0, 0, kSide, kSide);
}

void Canvas::clip_to(const Polyline& shape, const std::function<void()>& paint, bool on_face) {
  const cv::Mat before = picture_.clone();
  paint();
  const cv::Mat inside = mask(shape, on_face);
  for (int y = 0; y < kSide; ++y) {
    const auto* share = inside.ptr<uchar>(y);
    const auto* under = before.ptr<cv::Vec3b>(y);
    auto* over = picture_.ptr<cv::Vec3b>(y);
    for (int x = 0; x < kSide; ++x) {
      if (share[x] == 255) continue;
      for (int c = 0; c < 3; ++c) {
        over[x][c] = static_cast<uchar>(
            (over[x][c] * share[x] + under[x][c] * (255 - share[x]) + 127) / 255);
      }
    }
  }
}

void Canvas::round_off(const Polyline& shape, double width) {
  const cv::Mat inside = mask(shape, false);
  cv::Mat round;
  cv::resize(inside, round, {kDrawnSide, kDrawnSide}, 0, 0, cv::INTER_AREA);
  cv::GaussianBlur(round, round, {}, pixels(width) / kSupersampling);
  cv::resize(round, round, inside.size());
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      if (inside.at<uchar>(y, x) == 0) continue;
      const double light = 0.70 + 0.32 * round.at<uchar>(y, x) / 255.0;
      auto& pixel = picture_.at<cv::Vec3b>(y, x);
      for (int c = 0; c < 3; ++c) pixel[c] = cv::saturate_cast<uchar>(pixel[c] * light);
    }
  }
}

cv::Scalar mix(const cv::Scalar& a, const cv::Scalar& b, double share) {
  return a * (1 - share) + b * share;
}

cv::Mat FacePainter::paint(Rng& rng) {
  background(rng);
  hair_behind();
  body();
  head();
  cheeks();
  nose();
  for (const int side : {-1, 1}) eye(side);
  for (const int side : {-1, 1}) brow(side);
  mouth();
  hair_in_front(rng);
  if (person_.glasses) glasses();
  return canvas_.picture();
}

void FacePainter::background(Rng& rng) {
  // A wall, out of focus.
  const auto colour = [&] {
    const double gray = rng.uniform(70, 225);
    const auto channel = [&] { return std::clamp(gray + 26 * rng.normal(), 20.0, 245.0); };
    const double blue = channel();
    const double green = channel();
    return Scalar(blue, green, channel());
  };
  const Scalar from = colour();
  const Scalar to = mix(from, colour(), 0.6);
  cv::Mat wall(kDrawnSide, kDrawnSide, CV_8UC3);
  const bool upright = rng.chance(0.5);
  for (int i = 0; i < kDrawnSide; ++i) {
    const Scalar shade = mix(from, to, static_cast<double>(i) / kDrawnSide);
    (upright ? wall.row(i) : wall.col(i)).setTo(shade);
  }
  for (int i = rng.below(5); i > 0; --i) {
    const int x = rng.below(kDrawnSide);
    const int y = rng.below(kDrawnSide);
    const Scalar patch = mix(to, colour(), 0.6);
    const int size = 5 + rng.below(kDrawnSide / 3);
    if (rng.chance(0.5)) {
      cv::circle(wall, {x, y}, size, patch, cv::FILLED);
    } else {
      cv::rectangle(wall, cv::Rect(x, y, size, kDrawnSide), patch, cv::FILLED);
    }
  }
  cv::GaussianBlur(wall, wall, {}, rng.uniform(1.5, 4));
  cv::resize(wall, canvas_.picture(), {Canvas::kSide, Canvas::kSide});
}

Polyline FacePainter::outline(double wider, double higher) const {
  Polyline line;
  const double chin = 1 + 0.10 * au_.jaw_drop;
  for (int i = 0; i < 72; ++i) {
    const double angle = 2 * std::numbers::pi * i / 72;
    const double low = std::max(0.0, std::sin(angle));
    line.push_back({person_.width * wider * std::cos(angle) * (1 - person_.jaw * low * low),
                    std::sin(angle) * higher * (low > 0 ? chin : 1.0)});
  }
  return line;
}

void FacePainter::hair_behind() {
  if (person_.hair_style == kLong) {
    canvas_.fill(catmull_rom({{-0.95, -0.5},
                              {-0.6, -1.16},
                              {0, -1.3},
                              {0.6, -1.16},
                              {0.95, -0.5},
                              {1.02, 0.5},
                              {0.95, 1.5},
                              {-0.95, 1.5},
                              {-1.02, 0.5}},
                             true),
                 person_.hair, false);
  } else if (person_.hair_style == kCurly) {
    for (int i = 0; i < 15; ++i) {
      const double angle = std::numbers::pi * (0.9 + 1.2 * i / 14);
      canvas_.dot({0.86 * std::cos(angle), -0.2 + 0.98 * std::sin(angle)}, 0.25, 0.25,
                  mix(person_.hair, Scalar(0, 0, 0), 0.1 * (i % 3)), false);
    }
  } else if (person_.hair_style == kBun) {
    canvas_.dot({0, -1.26}, 0.34, 0.28, mix(person_.hair, Scalar(0, 0, 0), 0.2), false);
  }
  if (person_.hair_style != kBald) {
    canvas_.fill(catmull_rom({{-0.86, 0.02},
                              {-0.86, -0.6},
                              {-0.5, -1.08},
                              {0, -1.19},
                              {0.5, -1.08},
                              {0.86, -0.6},
                              {0.86, 0.02},
                              {0, 0.2}},
                             true),
                 person_.hair, false);
  }
}

void FacePainter::body() {
  canvas_.fill(
      catmull_rom(
          {{-0.36, 0.6}, {-0.38, 1.2}, {-0.5, 1.6}, {0.5, 1.6}, {0.38, 1.2}, {0.36, 0.6}},
          true),
      mix(person_.skin, dark_, 0.35), false);
  canvas_.fill(catmull_rom({{-1.6, 1.8},
                            {-1.2, 1.34},
                            {-0.45, 1.17},
                            {0, 1.32},
                            {0.45, 1.17},
                            {1.2, 1.34},
                            {1.6, 1.8}},
                           true),
               person_.cloth, false);
  for (const int side : {-1, 1}) {
    canvas_.dot({side * (person_.width + 0.03), 0.03}, 0.10, 0.2,
                mix(person_.skin, dark_, 0.15), false);
    canvas_.dot({side * (person_.width + 0.035), 0.03}, 0.05, 0.12,
                mix(person_.skin, dark_, 0.4), false);
  }
}

void FacePainter::head() {
  const Polyline shape = outline();
  canvas_.fill(shape, person_.skin, false);
  canvas_.round_off(shape, 0.16);
  if (person_.beard) {
    const Scalar colour = mix(person_.skin, mix(person_.hair, Scalar(20, 20, 26), 0.4), 0.5);
    canvas_.clip_to(
        outline(0.985, 0.99),
        [&] {
          canvas_.fill(catmull_rom({{-0.9, 0.05},
                                    {-0.68, 0.14},
                                    {-0.58, 0.42},
                                    {-0.36, 0.44},
                                    {-0.16, 0.41},
                                    {0, 0.42},
                                    {0.16, 0.41},
                                    {0.36, 0.44},
                                    {0.58, 0.42},
                                    {0.68, 0.14},
                                    {0.9, 0.05},
                                    {0.9, 1.3},
                                    {-0.9, 1.3}},
                                   true),
                       colour, false);
        },
        false);
  }
  const double lines = std::max(au_.inner_brow_raiser, au_.outer_brow_raiser);
  for (int i = 0; i < 3; ++i) {
    const double y = -0.72 + 0.085 * i;
    const double reach = au_.outer_brow_raiser > 0.3 ? 0.42 : 0.2;
    canvas_.stroke(catmull_rom({{-reach, y + 0.02},
                                {-reach / 2, y - 0.01},
                                {0, y},
                                {reach / 2, y - 0.01},
                                {reach, y + 0.02}},
                               false),
                   dark_, 0.022, 0.7 * (lines - 0.25));
  }
}

void FacePainter::hair_in_front(Rng& rng) {
  const Scalar shine = mix(person_.hair, Scalar(255, 255, 255), 0.12);
  const double part = rng.uniform(-0.4, 0.4);
  Polyline line;
  switch (person_.hair_style) {
    case kBald:
      return;
    case kFringe:
      line = {{-0.85, -0.05}, {-0.88, -0.6},  {-0.5, -1.1}, {0, -1.2},     {0.5, -1.1},
              {0.88, -0.6},   {0.85, -0.05},  {0.7, -0.45}, {0.45, -0.58}, {0.15, -0.55},
              {-0.15, -0.6},  {-0.45, -0.56}, {-0.7, -0.45}};
      break;
    case kLong:
      line = {{-0.9, 0.4},  {-0.9, -0.6}, {-0.5, -1.15}, {0, -1.26},
              {0.5, -1.15}, {0.9, -0.6},  {0.9, 0.4},    {0.76, -0.1},
              {0.6, -0.6},  {part, -0.9}, {-0.6, -0.6},  {-0.76, -0.1}};
      break;
    default:
      line = {{-0.82, -0.15}, {-0.88, -0.6}, {-0.5, -1.1},  {0, -1.2},
              {0.5, -1.1},    {0.88, -0.6},  {0.82, -0.15}, {0.74, -0.45},
              {0.5, -0.78},   {part, -0.86}, {-0.5, -0.76}, {-0.74, -0.45}};
  }
  const Polyline shape = catmull_rom(line, true);
  canvas_.fill(shape, person_.hair, false);
  canvas_.clip_to(
      shape,
      [&] {
        for (int i = 0; i < 7; ++i) {
          const double x = 0.5 * part + 0.2 * (i - 3);
          canvas_.stroke(catmull_rom({{x * 0.6, -1.2}, {x, -1.0}, {x * 1.3, -0.8}}, false),
                         shine, 0.035, 0.6);
        }
      },
      false);
}

void FacePainter::glasses() {
  const Scalar frame(30, 28, 34);
  for (const int side : {-1, 1}) {
    Polyline ring;
    for (int i = 0; i <= 32; ++i) {
      const double angle = 2 * std::numbers::pi * i / 32;
      ring.push_back(
          {side * person_.eye_apart + 0.225 * std::cos(angle), -0.07 + 0.19 * std::sin(angle)});
    }
    canvas_.stroke(ring, frame, 0.028);
    canvas_.stroke({{side * (person_.eye_apart + 0.225), -0.08}, {side * person_.width, -0.10}},
                   frame, 0.028);
  }
  canvas_.stroke(
      catmull_rom(
          {{-person_.eye_apart + 0.22, -0.08}, {0, -0.11}, {person_.eye_apart - 0.22, -0.08}},
          false),
      frame, 0.028);
}

void FacePainter::cheeks() {
  const Scalar red = mix(person_.skin, Scalar(110, 100, 225), 0.55);
  for (const int side : {-1, 1}) {
    const double raised = std::max(au_.cheek_raiser, 0.6 * pull(side));
    canvas_.glow({side * 0.45, 0.28 - 0.08 * raised}, 0.2, red, 0.18 + 0.35 * raised);
    canvas_.glow({side * 0.42, 0.17 - 0.05 * raised}, 0.10,
                 mix(person_.skin, Scalar(255, 255, 255), 0.5), 0.3 * raised);
    // From the wings of the nose around the mouth.
    const double fold = std::max(
        {0.9 * pull(side), au_.upper_lip_raiser, au_.nose_wrinkler, 0.8 * dimple(side)});
    const double out = 0.06 * pull(side);
    canvas_.stroke(catmull_rom({{side * 0.17, 0.24 - 0.05 * au_.nose_wrinkler},
                                {side * (0.30 + out), 0.36},
                                {side * (0.38 + out), 0.50},
                                {side * (0.40 + out), 0.60}},
                               false),
                   dark_, 0.026, 0.75 * fold);
    // Under the eye.
    canvas_.stroke(
        catmull_rom({{side * 0.20, 0.06}, {side * 0.34, 0.115}, {side * 0.48, 0.06}}, false),
        dark_, 0.022, 0.65 * std::max(au_.cheek_raiser, 0.6 * au_.lid_tightener));
    // Crow's feet.
    for (int i = -1; i <= 1; ++i) {
      canvas_.stroke({{side * 0.54, -0.09 + 0.035 * i}, {side * 0.63, -0.09 + 0.085 * i}},
                     dark_, 0.02, 0.7 * (au_.cheek_raiser - 0.3));
    }
  }
}

void FacePainter::nose() {
  const double up = 0.05 * au_.nose_wrinkler + 0.02 * au_.upper_lip_raiser;
  const double tip = 0.25 * person_.nose_length - up;
  const double wing = 0.125 * person_.nose_width * (1 + 0.15 * au_.nose_wrinkler);
  const Scalar shade = mix(person_.skin, dark_, 0.55);
  canvas_.stroke(
      catmull_rom({{-0.07, -0.22}, {-0.055, 0.0}, {-wing * 0.85, tip - 0.04}}, false), shade,
      0.03, 0.45);
  canvas_.glow({0.01, tip - 0.06}, 0.08, mix(person_.skin, Scalar(255, 255, 255), 0.6), 0.45);
  canvas_.stroke(catmull_rom({{-wing, tip - 0.07},
                              {-wing * 1.08, tip - 0.01},
                              {-wing * 0.6, tip + 0.045},
                              {0, tip + 0.06},
                              {wing * 0.6, tip + 0.045},
                              {wing * 1.08, tip - 0.01},
                              {wing, tip - 0.07}},
                             false),
                 dark_, 0.026, 0.8);
  for (const int side : {-1, 1}) {
    canvas_.dot({side * wing * 0.5, tip + 0.025}, 0.036, 0.02, mix(dark_, ink_, 0.5));
    for (int i = 0; i < 3; ++i) {  // the wrinkles of AU9
      const double y = -0.13 + 0.07 * i;
      canvas_.stroke({{side * 0.025, y + 0.02}, {side * 0.115, y - 0.03}}, dark_, 0.026,
                     0.95 * au_.nose_wrinkler);
    }
  }
}

void FacePainter::eye(int side) {
  const double half = 0.155 * person_.eye_size;
  const Point2d centre(side * person_.eye_apart, -0.09);
  const double up =
      0.088 * person_.eye_size *
      (1 + 0.75 * au_.upper_lid_raiser - 0.38 * au_.lid_tightener - 0.30 * au_.cheek_raiser -
       0.2 * au_.nose_wrinkler - 0.18 * std::max(0.0, au_.lip_corner_depressor - 0.3));
  const double low =
      0.058 * person_.eye_size *
      (1 + 0.25 * au_.upper_lid_raiser - 0.55 * au_.cheek_raiser - 0.45 * au_.lid_tightener);
  // Inner corners lie lower.
  const Point2d in(centre.x - side * half, centre.y + 0.02);
  const Point2d out(centre.x + side * half, centre.y - 0.012);
  const double droop =
      0.03 * au_.inner_brow_raiser * (1 - au_.upper_lid_raiser) * au_.lip_corner_depressor;
  const Polyline upper =
      catmull_rom({in,
                   {centre.x - side * half * 0.5, centre.y - up * 0.86},
                   {centre.x + side * half * 0.1, centre.y - up},
                   {centre.x + side * half * 0.65, centre.y - up * 0.66 + droop},
                   {out.x, out.y + droop}},
                  false);
  const Polyline lower = catmull_rom({in,
                                      {centre.x - side * half * 0.45, centre.y + low * 0.85},
                                      {centre.x + side * half * 0.15, centre.y + low},
                                      {centre.x + side * half * 0.65, centre.y + low * 0.6},
                                      {out.x, out.y + droop}},
                                     false);
  Polyline shape = upper;
  shape.insert(shape.end(), lower.rbegin(), lower.rend());
  canvas_.glow({centre.x, centre.y - 0.03}, 0.15, dark_, 0.22);
  canvas_.fill(shape, Scalar(236, 238, 240));
  canvas_.clip_to(shape, [&] {
    const Point2d at(centre.x + person_.gaze.x * 0.2, centre.y - 0.012 + person_.gaze.y * 0.2);
    const double radius = 0.076 * person_.eye_size;
    canvas_.dot(at, radius, radius, mix(person_.iris, Scalar(0, 0, 0), 0.45));
    canvas_.dot(at, radius * 0.86, radius * 0.86, person_.iris);
    canvas_.dot(at, radius * 0.5, radius * 0.5, Scalar(12, 12, 14));
    canvas_.dot({at.x - 0.026, at.y - 0.028}, 0.019, 0.019, Scalar(250, 250, 250));
  });
  Polyline crease = upper;
  const double above = 0.055 + 0.02 * au_.upper_lid_raiser;
  for (auto& p : crease) p.y -= above;
  canvas_.stroke(crease, dark_, 0.02, 0.45);
  canvas_.stroke(upper, ink_, 0.038);
  canvas_.stroke(lower, dark_, 0.018, 0.8);
}

void FacePainter::brow(int side) {
  const double raise_in = 0.15 * au_.inner_brow_raiser;
  const double sink =
      0.125 * au_.brow_lowerer * (1 - 0.65 * au_.inner_brow_raiser) + 0.06 * au_.nose_wrinkler;
  const double raise_out = 0.14 * au_.outer_brow_raiser;
  const double together = 0.045 * au_.brow_lowerer;
  const double grief = 0.05 * std::max(0.0, au_.inner_brow_raiser - au_.outer_brow_raiser);
  const double eye = person_.eye_apart;
  const Polyline spine = catmull_rom(
      {{side * (eye - 0.20 - together), -0.335 - raise_in + sink},
       {side * (eye - 0.08), -0.365 - 0.75 * raise_in - 0.3 * raise_out + 0.72 * sink},
       {side * (eye + 0.07),
        -0.385 - 0.2 * raise_in - 0.9 * raise_out + 0.25 * sink + 0.5 * grief},
       {side * (eye + 0.21), -0.325 - raise_out - 0.15 * sink + grief}},
      false);
  const double thick = 0.042 * person_.brow_thick;
  Polyline shape;
  const auto count = static_cast<double>(spine.size() - 1);
  for (std::size_t i = 0; i < spine.size(); ++i) {
    const double t = static_cast<double>(i) / count;
    shape.push_back({spine[i].x, spine[i].y - thick * (1 - 0.75 * t)});
  }
  for (std::size_t i = spine.size(); i-- > 0;) {
    const double t = static_cast<double>(i) / count;
    shape.push_back({spine[i].x, spine[i].y + thick * (1 - 0.8 * t)});
  }
  canvas_.fill(shape, mix(mix(person_.hair, Scalar(20, 20, 26), 0.35), person_.skin, 0.12));
  // The furrow.
  canvas_.stroke(catmull_rom({{side * 0.055, -0.42 + 0.3 * sink},
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
        0.265 * person_.mouth_width *
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
    lips.outer_up.push_back({x, up - 0.062 * person_.lip_full * press * thin *
                                         (1 - std::pow(std::abs(t), 2.2)) * cupid});
    lips.outer_low.push_back(
        {x, std::max(low, up) + 0.085 * person_.lip_full * press * thin * std::pow(bow, 0.8)});
  }
  return lips;
}

Polyline FacePainter::between(const Polyline& a, const Polyline& b) {
  Polyline shape = a;
  shape.insert(shape.end(), b.rbegin(), b.rend());
  return shape;
}

void FacePainter::mouth() {
  const Lips at = lips();
  const std::size_t half = at.inner_up.size() / 2;
  const Scalar lower = mix(person_.lip, Scalar(190, 190, 235), 0.15);
  const double gap = at.inner_low[half].y - at.inner_up[half].y;
  canvas_.fill(between(at.outer_up, at.inner_up), person_.lip);
  canvas_.fill(between(at.inner_low, at.outer_low), lower);
  if (gap > 0.02) {
    const Polyline hole = between(at.inner_up, at.inner_low);
    canvas_.fill(hole, Scalar(26, 20, 52));
    canvas_.clip_to(hole, [&] {
      if (au_.jaw_drop > 0.4) {
        canvas_.dot({0, at.inner_low[half].y}, 0.14, 0.09, Scalar(96, 88, 178));
      }
      Polyline edge = at.inner_up;
      const double teeth = std::min(0.085, gap * 0.8);
      for (auto& p : edge) p.y += au_.jaw_drop > 0.4 ? 0.035 : teeth;
      canvas_.fill(between(at.inner_up, edge), Scalar(232, 238, 242));
      if (au_.lower_lip_depressor > 0.2) {
        edge = at.inner_low;
        for (auto& p : edge) p.y -= gap * 0.38;
        canvas_.fill(between(edge, at.inner_low), Scalar(218, 226, 232));
      }
    });
    canvas_.stroke(at.inner_up, mix(person_.lip, ink_, 0.6), 0.018);
    canvas_.stroke(at.inner_low, mix(person_.lip, ink_, 0.5), 0.014);
  } else {
    canvas_.stroke(at.inner_up, mix(person_.lip, ink_, 0.75), 0.028);
  }
  for (const int side : {-1, 1}) {
    const Point2d corner = side < 0 ? at.inner_up.front() : at.inner_up.back();
    const double dent = std::max({pull(side), dimple(side), au_.lip_corner_depressor * 0.8});
    canvas_.glow({corner.x + side * 0.05, corner.y - 0.02}, 0.10, dark_,
                 0.45 * std::min(1.0, dimple(side)));
    const double turn = au_.lip_corner_depressor > 0.3 ? 0.07 : -0.04;
    canvas_.stroke(catmull_rom({{corner.x, corner.y},
                                {corner.x + side * 0.035, corner.y + turn * 0.4},
                                {corner.x + side * 0.05, corner.y + turn}},
                               false),
                   dark_, 0.03, 0.9 * dent);
  }
  const double below = at.outer_low[half].y;
  canvas_.glow({0, below + 0.05}, 0.09, dark_, 0.28 + 0.15 * au_.chin_raiser);
  for (int i = 0; au_.chin_raiser > 0.2 && i < 3; ++i) {  // the dimpled chin
    canvas_.dot({0.07 * (i - 1), below + 0.13 + 0.02 * (i % 2)}, 0.018, 0.014,
                mix(person_.skin, dark_, 0.5 * au_.chin_raiser));
  }
}

}  // namespace mien::synthesis
