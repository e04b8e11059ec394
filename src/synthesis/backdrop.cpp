#include <algorithm>
#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

#include "mien/synthesis/rng.hpp"

#include "face_scene.hpp"

namespace mien::synthesis {
namespace {

/// Painted this small, then enlarged: a backdrop is out of focus.
constexpr int kSheet = 64;

Colour near_by(const Colour& colour, Rng& rng, double spread) {
  const auto scale = static_cast<float>(std::exp(spread * rng.normal()));
  Colour out = colour * scale;
  for (int c = 0; c < 3; ++c) {
    out[c] =
        std::clamp(out[c] * static_cast<float>(1 + 0.3 * spread * rng.normal()), 0.F, 1.2F);
  }
  return out;
}

cv::Scalar scalar(const Colour& colour) {
  return {static_cast<double>(colour[0]), static_cast<double>(colour[1]),
          static_cast<double>(colour[2])};
}

}  // namespace

cv::Mat render_backdrop(const Backdrop& backdrop, int size, std::uint64_t seed) {
  Rng rng(seed ^ 0xBACD20FULL);
  rng.next();
  cv::Mat sheet(kSheet, kSheet, CV_32FC3, scalar(backdrop.first));
  if (backdrop.kind != BackdropKind::plain) {
    const double angle = rng.uniform(0, 2 * std::numbers::pi);
    const double across = std::cos(angle), down = std::sin(angle);
    constexpr int kMiddle = kSheet / 2;
    for (int y = 0; y < kSheet; ++y) {
      for (int x = 0; x < kSheet; ++x) {
        const double along = ((x - kMiddle) * across + (y - kMiddle) * down) / kSheet + 0.5;
        sheet.at<Colour>(y, x) =
            mix(backdrop.first, backdrop.second, clamp01(static_cast<float>(along)));
      }
    }
  }
  const int things = backdrop.kind == BackdropKind::blobs     ? 9
                     : backdrop.kind == BackdropKind::clutter ? 26
                                                              : 0;
  for (int i = 0; i < things; ++i) {
    const Colour colour = near_by(rng.chance(0.5) ? backdrop.first : backdrop.second, rng, 0.7);
    const cv::Point at(rng.below(kSheet), rng.below(kSheet));
    const int a = 2 + rng.below(backdrop.kind == BackdropKind::blobs ? 16 : 12);
    const int b = 2 + rng.below(backdrop.kind == BackdropKind::blobs ? 16 : 24);
    if (backdrop.kind == BackdropKind::blobs) {
      cv::ellipse(sheet, at, {a, b}, rng.uniform(0, 180), 0, 360, scalar(colour), cv::FILLED);
    } else if (rng.chance(0.6)) {
      cv::rectangle(sheet, cv::Rect(at.x - a, at.y - b, 2 * a, 2 * b), scalar(colour),
                    cv::FILLED);
    } else {
      cv::line(sheet, at, {rng.below(kSheet), rng.below(kSheet)}, scalar(colour), 1 + a / 3);
    }
  }
  if (backdrop.kind == BackdropKind::noise) {
    for (auto& pixel : cv::Mat_<Colour>(sheet)) pixel = near_by(pixel, rng, 0.45);
  }
  const double blur = static_cast<double>(backdrop.blur) * kSheet;
  if (blur > 0.3) cv::GaussianBlur(sheet, sheet, {}, blur);
  cv::Mat out;
  cv::resize(sheet, out, {size, size}, 0, 0, cv::INTER_CUBIC);
  return cv::max(out, 0.0);
}

}  // namespace mien::synthesis
