#include "drawn_face.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <opencv2/imgproc.hpp>

namespace mien {
namespace {

using cv::Point2d;
using cv::Scalar;
using Line = std::vector<Point2d>;

constexpr int kFiner = 3;  // drawn so many times larger, then averaged
constexpr int kSide = kDrawnSide * kFiner;
constexpr int kShift = 4;  // OpenCV's polygons know sixteenths of a pixel

Scalar mix(const Scalar& a, const Scalar& b, double share) {
  return a * (1 - share) + b * share;
}

/// Who is drawn, and how the picture is taken.
struct Person {
  Scalar skin, lip, hair, iris, cloth;
  double width = 0.78, jaw = 0.3, eye_apart = 0.33, eye_size = 1, brow_thick = 1;
  double nose_length = 1, nose_width = 1, mouth_width = 1, lip_full = 1;
  int hair_style = 0;  ///< kShort ...
  bool beard = false, glasses = false;
  double roll = 0, scale = 1, yaw = 0, pitch = 0;
  Point2d shift;
  Point2d gaze;
};
enum HairStyle { kShort, kLong, kFringe, kCurly, kBald, kBun, kHairStyles };

Scalar pick(Dice& dice, std::initializer_list<Scalar> colours, double jitter) {
  Scalar colour = *(colours.begin() + dice.below(static_cast<int>(colours.size())));
  const double brighter = dice.uniform(-jitter, jitter);
  for (int c = 0; c < 3; ++c) {
    colour[c] =
        std::clamp(colour[c] + brighter + dice.uniform(-jitter, jitter) / 3, 8.0, 247.0);
  }
  return colour;
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

/// A smooth closed or open curve through points (Catmull-Rom).
Line smooth(const Line& through, bool closed) {
  constexpr int kSteps = 10;
  const int count = static_cast<int>(through.size());
  Line curve;
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

/// The sheet of paper. Face coordinates: the middle of the face is 0, the face reaches from -1
/// (hairline) to 1 (chin).
class Sheet {
 public:
  explicit Sheet(const Person& who) : who_(who), picture_(kSide, kSide, CV_8UC3) {
    const double angle = who.roll * std::numbers::pi / 180;
    const double size = 0.49 * kSide * who.scale;
    across_ = {std::cos(angle) * size, std::sin(angle) * size};
    down_ = {-across_.y, across_.x};
    middle_ = Point2d(0.5 + who.shift.x, 0.495 + who.shift.y) * static_cast<double>(kSide);
    unit_ = size;
  }

  cv::Mat& picture() { return picture_; }
  double pixels(double length) const { return length * unit_; }

  Point2d outer(Point2d p) const { return middle_ + across_ * p.x + down_ * p.y; }
  /// Points on the face's surface shift when the head turns; those at its edge do not.
  Point2d inner(Point2d p) const {
    const double bulge = std::sqrt(std::max(0.0, 1 - p.x * p.x - 0.6 * p.y * p.y));
    return outer({p.x + who_.yaw * 0.10 * bulge, p.y + who_.pitch * 0.08 * bulge});
  }

  void fill(const Line& shape, const Scalar& colour, bool on_face = true) {
    cv::fillPoly(picture_, std::vector{fixed(shape, on_face)}, colour, cv::LINE_AA, kShift);
  }
  void stroke(const Line& line, const Scalar& colour, double thick, double strength = 1) {
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
  void dot(Point2d at, double radius_x, double radius_y, const Scalar& colour,
           bool on_face = true) {
    Line ring;
    for (int i = 0; i < 40; ++i) {
      const double angle = 2 * std::numbers::pi * i / 40;
      ring.push_back({at.x + radius_x * std::cos(angle), at.y + radius_y * std::sin(angle)});
    }
    fill(ring, colour, on_face);
  }
  /// A soft patch of colour.
  void glow(Point2d at, double radius, const Scalar& colour, double strength) {
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
  /// What `paint` paints shows within `shape` only.
  template <typename Paint>
  void within(const Line& shape, const Paint& paint, bool on_face = true) {
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
  cv::Mat mask(const Line& shape, bool on_face) const {
    cv::Mat mask(kSide, kSide, CV_8U, Scalar(0));
    cv::fillPoly(mask, std::vector{fixed(shape, on_face)}, Scalar(255), cv::LINE_AA, kShift);
    return mask;
  }

 private:
  std::vector<cv::Point> fixed(const Line& line, bool on_face) const {
    std::vector<cv::Point> points;
    for (const auto& p : line) {
      const Point2d q = on_face ? inner(p) : outer(p);
      points.emplace_back(cvRound(q.x * (1 << kShift)), cvRound(q.y * (1 << kShift)));
    }
    return points;
  }

  cv::Rect around(const Line& line, int width) const {
    cv::Rect part;
    for (const auto& p : fixed(line, true)) {
      const cv::Point at(p.x >> kShift, p.y >> kShift);
      part |= cv::Rect(at.x - width - 2, at.y - width - 2, 2 * width + 4, 2 * width + 4);
    }
    return part & cv::Rect(0, 0, kSide, kSide);
  }

  const Person& who_;
  cv::Mat picture_;
  Point2d across_, down_, middle_;
  double unit_ = 1;
};

/// Draws one person with one expression, from the back to the front.
class Painter {
 public:
  Painter(const ActionUnits& units, const Person& who) : au_(units), who_(who), sheet_(who) {
    dark_ = mix(who.skin, Scalar(24, 28, 52), 0.55);
    ink_ = mix(who.skin, Scalar(14, 14, 24), 0.85);
  }

  cv::Mat paint(Dice& dice) {
    background(dice);
    hair_behind();
    body();
    head();
    cheeks();
    nose();
    for (const int side : {-1, 1}) eye(side);
    for (const int side : {-1, 1}) brow(side);
    mouth();
    hair_in_front(dice);
    if (who_.glasses) glasses();
    return sheet_.picture();
  }

 private:
  void background(Dice& dice) {
    // A wall, out of focus.
    const auto colour = [&] {
      const double gray = dice.uniform(70, 225);
      const auto channel = [&] { return std::clamp(gray + 26 * dice.normal(), 20.0, 245.0); };
      const double blue = channel();
      const double green = channel();
      return Scalar(blue, green, channel());
    };
    const Scalar from = colour();
    const Scalar to = mix(from, colour(), 0.6);
    cv::Mat wall(kDrawnSide, kDrawnSide, CV_8UC3);
    const bool upright = dice.chance(0.5);
    for (int i = 0; i < kDrawnSide; ++i) {
      const Scalar shade = mix(from, to, static_cast<double>(i) / kDrawnSide);
      (upright ? wall.row(i) : wall.col(i)).setTo(shade);
    }
    for (int i = dice.below(5); i > 0; --i) {
      const int x = dice.below(kDrawnSide);
      const int y = dice.below(kDrawnSide);
      const Scalar patch = mix(to, colour(), 0.6);
      const int size = 5 + dice.below(kDrawnSide / 3);
      if (dice.chance(0.5)) {
        cv::circle(wall, {x, y}, size, patch, cv::FILLED);
      } else {
        cv::rectangle(wall, cv::Rect(x, y, size, kDrawnSide), patch, cv::FILLED);
      }
    }
    cv::GaussianBlur(wall, wall, {}, dice.uniform(1.5, 4));
    cv::resize(wall, sheet_.picture(), {kSide, kSide});
  }

  Line outline(double wider = 1, double higher = 1) const {
    Line line;
    const double chin = 1 + 0.10 * au_.jaw_drop;
    for (int i = 0; i < 72; ++i) {
      const double angle = 2 * std::numbers::pi * i / 72;
      const double low = std::max(0.0, std::sin(angle));
      line.push_back({who_.width * wider * std::cos(angle) * (1 - who_.jaw * low * low),
                      std::sin(angle) * higher * (low > 0 ? chin : 1.0)});
    }
    return line;
  }

  void hair_behind() {
    if (who_.hair_style == kLong) {
      sheet_.fill(smooth({{-0.95, -0.5},
                          {-0.6, -1.16},
                          {0, -1.3},
                          {0.6, -1.16},
                          {0.95, -0.5},
                          {1.02, 0.5},
                          {0.95, 1.5},
                          {-0.95, 1.5},
                          {-1.02, 0.5}},
                         true),
                  who_.hair, false);
    } else if (who_.hair_style == kCurly) {
      for (int i = 0; i < 15; ++i) {
        const double angle = std::numbers::pi * (0.9 + 1.2 * i / 14);
        sheet_.dot({0.86 * std::cos(angle), -0.2 + 0.98 * std::sin(angle)}, 0.25, 0.25,
                   mix(who_.hair, Scalar(0, 0, 0), 0.1 * (i % 3)), false);
      }
    } else if (who_.hair_style == kBun) {
      sheet_.dot({0, -1.26}, 0.34, 0.28, mix(who_.hair, Scalar(0, 0, 0), 0.2), false);
    }
    if (who_.hair_style != kBald) {
      sheet_.fill(smooth({{-0.86, 0.02},
                          {-0.86, -0.6},
                          {-0.5, -1.08},
                          {0, -1.19},
                          {0.5, -1.08},
                          {0.86, -0.6},
                          {0.86, 0.02},
                          {0, 0.2}},
                         true),
                  who_.hair, false);
    }
  }

  void body() {
    sheet_.fill(
        smooth({{-0.36, 0.6}, {-0.38, 1.2}, {-0.5, 1.6}, {0.5, 1.6}, {0.38, 1.2}, {0.36, 0.6}},
               true),
        mix(who_.skin, dark_, 0.35), false);
    sheet_.fill(smooth({{-1.6, 1.8},
                        {-1.2, 1.34},
                        {-0.45, 1.17},
                        {0, 1.32},
                        {0.45, 1.17},
                        {1.2, 1.34},
                        {1.6, 1.8}},
                       true),
                who_.cloth, false);
    for (const int side : {-1, 1}) {
      sheet_.dot({side * (who_.width + 0.03), 0.03}, 0.10, 0.2, mix(who_.skin, dark_, 0.15),
                 false);
      sheet_.dot({side * (who_.width + 0.035), 0.03}, 0.05, 0.12, mix(who_.skin, dark_, 0.4),
                 false);
    }
  }

  void head() {
    const Line shape = outline();
    sheet_.fill(shape, who_.skin, false);
    // Rounder towards its edge.
    const cv::Mat inside = sheet_.mask(shape, false);
    cv::Mat round;
    cv::resize(inside, round, {kDrawnSide, kDrawnSide}, 0, 0, cv::INTER_AREA);
    cv::GaussianBlur(round, round, {}, sheet_.pixels(0.16) / kFiner);
    cv::resize(round, round, inside.size());
    cv::Mat& picture = sheet_.picture();
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        if (inside.at<uchar>(y, x) == 0) continue;
        const double light = 0.70 + 0.32 * round.at<uchar>(y, x) / 255.0;
        auto& pixel = picture.at<cv::Vec3b>(y, x);
        for (int c = 0; c < 3; ++c) pixel[c] = cv::saturate_cast<uchar>(pixel[c] * light);
      }
    }
    if (who_.beard) {
      const Scalar colour = mix(who_.skin, mix(who_.hair, Scalar(20, 20, 26), 0.4), 0.5);
      sheet_.within(
          outline(0.985, 0.99),
          [&] {
            sheet_.fill(smooth({{-0.9, 0.05},
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
      sheet_.stroke(smooth({{-reach, y + 0.02},
                            {-reach / 2, y - 0.01},
                            {0, y},
                            {reach / 2, y - 0.01},
                            {reach, y + 0.02}},
                           false),
                    dark_, 0.022, 0.7 * (lines - 0.25));
    }
  }

  double pull(int side) const { return au_.lip_corner_puller[side < 0 ? 0 : 1]; }
  double dimple(int side) const { return au_.dimpler[side < 0 ? 0 : 1]; }

  void cheeks() {
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
          smooth({{side * 0.20, 0.06}, {side * 0.34, 0.115}, {side * 0.48, 0.06}}, false),
          dark_, 0.022, 0.65 * std::max(au_.cheek_raiser, 0.6 * au_.lid_tightener));
      // Crow's feet.
      for (int i = -1; i <= 1; ++i) {
        sheet_.stroke({{side * 0.54, -0.09 + 0.035 * i}, {side * 0.63, -0.09 + 0.085 * i}},
                      dark_, 0.02, 0.7 * (au_.cheek_raiser - 0.3));
      }
    }
  }

  void nose() {
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

  void eye(int side) {
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

  void brow(int side) {
    const double raise_in = 0.15 * au_.inner_brow_raiser;
    const double sink = 0.125 * au_.brow_lowerer * (1 - 0.65 * au_.inner_brow_raiser) +
                        0.06 * au_.nose_wrinkler;
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

  struct Lips {
    Line outer_up, inner_up, inner_low, outer_low;
  };

  Lips lips() const {
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
      const double up = line - 0.3 * open -
                        0.075 * au_.upper_lip_raiser * square * (0.6 + 0.4 * au_.lips_part);
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

  static Line between(const Line& a, const Line& b) {
    Line shape = a;
    shape.insert(shape.end(), b.rbegin(), b.rend());
    return shape;
  }

  void mouth() {
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

  void hair_in_front(Dice& dice) {
    const Scalar shine = mix(who_.hair, Scalar(255, 255, 255), 0.12);
    const double part = dice.uniform(-0.4, 0.4);
    Line line;
    switch (who_.hair_style) {
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
    const Line shape = smooth(line, true);
    sheet_.fill(shape, who_.hair, false);
    sheet_.within(
        shape,
        [&] {
          for (int i = 0; i < 7; ++i) {
            const double x = 0.5 * part + 0.2 * (i - 3);
            sheet_.stroke(smooth({{x * 0.6, -1.2}, {x, -1.0}, {x * 1.3, -0.8}}, false), shine,
                          0.035, 0.6);
          }
        },
        false);
  }

  void glasses() {
    const Scalar frame(30, 28, 34);
    for (const int side : {-1, 1}) {
      Line ring;
      for (int i = 0; i <= 32; ++i) {
        const double angle = 2 * std::numbers::pi * i / 32;
        ring.push_back(
            {side * who_.eye_apart + 0.225 * std::cos(angle), -0.07 + 0.19 * std::sin(angle)});
      }
      sheet_.stroke(ring, frame, 0.028);
      sheet_.stroke({{side * (who_.eye_apart + 0.225), -0.08}, {side * who_.width, -0.10}},
                    frame, 0.028);
    }
    sheet_.stroke(
        smooth({{-who_.eye_apart + 0.22, -0.08}, {0, -0.11}, {who_.eye_apart - 0.22, -0.08}},
               false),
        frame, 0.028);
  }

  const ActionUnits& au_;
  const Person& who_;
  Sheet sheet_;
  Scalar dark_, ink_;
};

/// Light from a side, blur and a sensor's noise.
cv::Mat photograph(const cv::Mat& drawn, Dice& dice) {
  cv::Mat small;
  cv::resize(drawn, small, {kDrawnSide, kDrawnSide}, 0, 0, cv::INTER_AREA);
  const double blur = dice.uniform(0, 0.7);
  if (blur > 0.25) cv::GaussianBlur(small, small, {5, 5}, blur);
  const double angle = dice.uniform(0, 2 * std::numbers::pi);
  const double slope = dice.uniform(0, 0.2);
  const double bright = dice.uniform(0.88, 1.1);
  const double contrast = dice.uniform(0.9, 1.12);
  const double grain = dice.uniform(0, 5);
  const double warm = dice.uniform(-0.05, 0.05);
  const double tint[] = {1 - warm, 1, 1 + warm};
  for (int y = 0; y < kDrawnSide; ++y) {
    for (int x = 0; x < kDrawnSide; ++x) {
      const double along =
          ((x - kDrawnSide / 2) * std::cos(angle) + (y - kDrawnSide / 2) * std::sin(angle)) /
          (kDrawnSide / 2);
      const double light = bright * (1 + slope * along);
      auto& pixel = small.at<cv::Vec3b>(y, x);
      for (int c = 0; c < 3; ++c) {
        const double value = (pixel[c] * light * tint[c] - 128) * contrast + 128;
        pixel[c] = cv::saturate_cast<uchar>(value + grain * dice.normal());
      }
    }
  }
  return small;
}

}  // namespace

cv::Mat draw_face(const ActionUnits& units, Dice& dice) {
  const Person who = make_person(dice);
  return photograph(Painter(units, who).paint(dice), dice);
}

}  // namespace mien
