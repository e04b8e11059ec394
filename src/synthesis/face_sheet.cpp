#include "face_sheet.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

namespace mien {
namespace {

using cv::Point2d;
using cv::Scalar;

constexpr int kShift = 4;  // OpenCV's polygons know sixteenths of a pixel

}  // namespace

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

Sheet::Sheet(const Person& who) : who_(who), picture_(kSide, kSide, CV_8UC3) {
  const double angle = who.roll * std::numbers::pi / 180;
  const double size = 0.49 * kSide * who.scale;
  across_ = {std::cos(angle) * size, std::sin(angle) * size};
  down_ = {-across_.y, across_.x};
  middle_ = cv::Point2d(0.5 + who.shift.x, 0.495 + who.shift.y) * static_cast<double>(kSide);
  unit_ = size;
}

Point2d Sheet::inner(Point2d p) const {
  const double bulge = std::sqrt(std::max(0.0, 1 - p.x * p.x - 0.6 * p.y * p.y));
  return outer({p.x + who_.yaw * 0.10 * bulge, p.y + who_.pitch * 0.08 * bulge});
}

void Sheet::fill(const Line& shape, const Scalar& colour, bool on_face) {
  cv::fillPoly(picture_, std::vector{fixed(shape, on_face)}, colour, cv::LINE_AA, kShift);
}

void Sheet::stroke(const Line& line, const Scalar& colour, double thick, double strength) {
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

void Sheet::dot(Point2d at, double radius_x, double radius_y, const Scalar& colour,
                bool on_face) {
  Line ring;
  for (int i = 0; i < 40; ++i) {
    const double angle = 2 * std::numbers::pi * i / 40;
    ring.push_back({at.x + radius_x * std::cos(angle), at.y + radius_y * std::sin(angle)});
  }
  fill(ring, colour, on_face);
}

void Sheet::glow(Point2d at, double radius, const Scalar& colour, double strength) {
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

cv::Mat Sheet::mask(const Line& shape, bool on_face) const {
  cv::Mat mask(kSide, kSide, CV_8U, Scalar(0));
  cv::fillPoly(mask, std::vector{fixed(shape, on_face)}, Scalar(255), cv::LINE_AA, kShift);
  return mask;
}

std::vector<cv::Point> Sheet::fixed(const Line& line, bool on_face) const {
  std::vector<cv::Point> points;
  for (const auto& p : line) {
    const Point2d q = on_face ? inner(p) : outer(p);
    points.emplace_back(cvRound(q.x * (1 << kShift)), cvRound(q.y * (1 << kShift)));
  }
  return points;
}

cv::Rect Sheet::around(const Line& line, int width) const {
  cv::Rect part;
  for (const auto& p : fixed(line, true)) {
    const cv::Point at(p.x >> kShift, p.y >> kShift);
    part |= cv::Rect(at.x - width - 2, at.y - width - 2, 2 * width + 4, 2 * width + 4);
  }
  return part & cv::Rect(0, 0, kSide, kSide);
}

void Sheet::within(const Line& shape, const std::function<void()>& paint, bool on_face) {
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

void Sheet::round_off(const Line& shape, double width) {
  const cv::Mat inside = mask(shape, false);
  cv::Mat round;
  cv::resize(inside, round, {kDrawnSide, kDrawnSide}, 0, 0, cv::INTER_AREA);
  cv::GaussianBlur(round, round, {}, pixels(width) / kFiner);
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

}  // namespace mien
