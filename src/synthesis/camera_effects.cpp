#include <algorithm>
#include <cmath>
#include <numbers>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/synthesis/rng.hpp"

#include "face_scene.hpp"

namespace mien::synthesis {
namespace {

cv::Mat smear(const cv::Mat& picture, double length, double degrees) {
  const int reach = std::max(1, static_cast<int>(std::ceil(length / 2)));
  cv::Mat kernel(2 * reach + 1, 2 * reach + 1, CV_32F, cv::Scalar(0));
  const double angle = degrees * std::numbers::pi / 180;
  for (int i = 0; i <= 40; ++i) {
    const double along = (i / 40.0 - 0.5) * length;
    const int x = cvRound(reach + along * std::cos(angle));
    const int y = cvRound(reach + along * std::sin(angle));
    kernel.at<float>(y, x) += 1.F / 41;
  }
  cv::Mat out;
  cv::filter2D(picture, out, -1, kernel, {-1, -1}, 0, cv::BORDER_REFLECT);
  return out;
}

/// sRGB with a soft shoulder, by a table of linear values from 0 to 4.
const std::vector<float>& tone_table() {
  static const std::vector<float> table = [] {
    std::vector<float> values(4097);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double linear = static_cast<double>(i) / 1024;
      const double soft =
          linear < 0.5 ? linear : 0.5 + 0.5 * (1 - std::exp(-(linear - 0.5) / 0.5));
      values[i] = static_cast<float>(
          soft <= 0.0031308 ? 12.92 * soft : 1.055 * std::pow(soft, 1 / 2.4) - 0.055);
    }
    return values;
  }();
  return table;
}

float tone(const std::vector<float>& table, float linear) {
  const float at = std::clamp(linear, 0.F, 3.999F) * 1024;
  const auto i = static_cast<std::size_t>(at);
  return mix(table[i], table[i + 1], at - static_cast<float>(i));
}

}  // namespace

cv::Mat apply_camera_effects(cv::Mat linear, const CameraEffects& effects, std::uint64_t seed) {
  Rng rng(seed ^ 0x5EED0FCA3E7AULL);
  rng.next();
  const int size = linear.rows;
  const double unit = size / 100.0;
  if (effects.defocus > 0) {
    const double deviation = static_cast<double>(effects.defocus) * unit;
    if (deviation > 0.2) cv::GaussianBlur(linear, linear, {}, deviation);
  }
  if (static_cast<double>(effects.motion) * unit > 1) {
    linear = smear(linear, static_cast<double>(effects.motion) * unit,
                   static_cast<double>(effects.motion_angle));
  }
  const Colour gain(1 + 0.25F * effects.warmth, 1, 1 - 0.25F * effects.warmth);
  const auto& table = tone_table();
  cv::Mat picture(size, size, CV_32FC3);
  for (int y = 0; y < size; ++y) {
    const auto* from = linear.ptr<Colour>(y);
    auto* to = picture.ptr<cv::Vec3f>(y);
    for (int x = 0; x < size; ++x) {
      const float dx = (static_cast<float>(x) + 0.5F) / static_cast<float>(size) - 0.5F;
      const float dy = (static_cast<float>(y) + 0.5F) / static_cast<float>(size) - 0.5F;
      const float dark = effects.exposure * (1 - effects.vignette * 1.4F * (dx * dx + dy * dy));
      Colour value;
      for (int c = 0; c < 3; ++c) {
        const float v = tone(table, from[x][c] * gain[c] * dark);
        value[c] = 0.5F + (v - 0.5F) * effects.contrast;
      }
      const float gray = 0.299F * value[0] + 0.587F * value[1] + 0.114F * value[2];
      const float keep = effects.gray ? 0.F : effects.saturation;
      to[x] = {gray + (value[2] - gray) * keep, gray + (value[1] - gray) * keep,
               gray + (value[0] - gray) * keep};
    }
  }
  if (effects.shrink < 0.98F) {
    const int small = std::max(8, cvRound(static_cast<float>(size) * effects.shrink));
    cv::Mat reduced;
    cv::resize(picture, reduced, {small, small}, 0, 0, cv::INTER_AREA);
    cv::resize(reduced, picture, {size, size}, 0, 0, cv::INTER_CUBIC);
  }
  if (effects.noise > 0) {
    const float deviation = effects.noise / 255;
    // Four evenly spread numbers make one that is nearly normal.
    for (int y = 0; y < size; ++y) {
      auto* row = picture.ptr<cv::Vec3f>(y);
      for (int x = 0; x < size; ++x) {
        const auto draw = [&] {
          const std::uint64_t bits = rng.next();
          const auto sum = static_cast<float>((bits & 0xFFFF) + (bits >> 16 & 0xFFFF) +
                                              (bits >> 32 & 0xFFFF) + (bits >> 48));
          return (sum / 65536 - 2) * 1.73F;
        };
        const float common = draw();
        for (int c = 0; c < 3; ++c) {
          const float level = 0.5F + row[x][c];
          const float own = effects.gray ? common : 0.6F * common + 0.8F * draw();
          row[x][c] += own * deviation * level;
        }
      }
    }
  }
  cv::Mat out;
  picture.convertTo(out, CV_8UC3, 255);
  if (effects.jpeg > 0) {
    std::vector<uchar> bytes;
    if (!cv::imencode(".jpg", out, bytes, {cv::IMWRITE_JPEG_QUALITY, effects.jpeg})) {
      throw base::Error("A picture cannot be made into a JPEG.");
    }
    out = cv::imdecode(bytes, cv::IMREAD_COLOR);
  }
  return out;
}

}  // namespace mien::synthesis
