#include "face_painter.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

namespace mien {
namespace {

using cv::Scalar;

}  // namespace

cv::Mat FacePainter::paint(Dice& dice) {
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

void FacePainter::background(Dice& dice) {
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
  cv::resize(wall, sheet_.picture(), {Sheet::kSide, Sheet::kSide});
}

Line FacePainter::outline(double wider, double higher) const {
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

void FacePainter::hair_behind() {
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

void FacePainter::body() {
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

void FacePainter::head() {
  const Line shape = outline();
  sheet_.fill(shape, who_.skin, false);
  sheet_.round_off(shape, 0.16);
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

void FacePainter::hair_in_front(Dice& dice) {
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

void FacePainter::glasses() {
  const Scalar frame(30, 28, 34);
  for (const int side : {-1, 1}) {
    Line ring;
    for (int i = 0; i <= 32; ++i) {
      const double angle = 2 * std::numbers::pi * i / 32;
      ring.push_back(
          {side * who_.eye_apart + 0.225 * std::cos(angle), -0.07 + 0.19 * std::sin(angle)});
    }
    sheet_.stroke(ring, frame, 0.028);
    sheet_.stroke({{side * (who_.eye_apart + 0.225), -0.08}, {side * who_.width, -0.10}}, frame,
                  0.028);
  }
  sheet_.stroke(
      smooth({{-who_.eye_apart + 0.22, -0.08}, {0, -0.11}, {who_.eye_apart - 0.22, -0.08}},
             false),
      frame, 0.028);
}

}  // namespace mien
