#include "mien/emotions/picture_quality.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "mien/base/movements.hpp"

namespace mien::emotions {
namespace {

constexpr int kSide = 48;
constexpr float kBrightest = 0.05F;  // share of pixels
constexpr int kWashedOut = 250;
constexpr int kMinPixels = 4;         // across, to measure anything
constexpr double kNoContrast = 1e-3;  // variance below which there is nothing to be sharp

float turn_of(const base::Landmarks& marks) {
  const cv::Point2f eyes = marks.left_eye - marks.right_eye;
  const float apart = std::hypot(eyes.x, eyes.y);
  // Eyes on top of each other: seen from the very side.
  if (!(apart > 1e-3F)) return std::numeric_limits<float>::max();
  const cv::Point2f nose = marks.nose - (marks.left_eye + marks.right_eye) / 2;
  return std::abs(nose.dot(eyes)) / (apart * apart);
}

}  // namespace

std::optional<FaceShape> shape_of(const base::FaceGeometry& geometry) {
  if (!geometry.pose) return std::nullopt;
  const auto seen = base::as_seen(*geometry.pose);
  FaceShape shape{std::abs(seen.yaw), seen.pitch, static_cast<float>(geometry.eyes.closed_for),
                  0, geometry.mouth_covered};
  if (geometry.movements.size() == base::movements().size()) {
    const auto shut = [&](const char* eye) {
      const float value = geometry.movements[*base::movement_index(eye)];
      return std::isfinite(value) ? value : 0.0F;
    };
    shape.eyes_shut = std::min(shut("eye_close_right"), shut("eye_close_left"));
  }
  return shape;
}

PictureQuality measure_quality(const cv::Mat& bgr, const base::Face& face) {
  PictureQuality quality;
  const cv::Rect2f whole({0, 0}, cv::Size2f(bgr.size()));
  const cv::Rect2f seen = face.box & whole;
  quality.side = (face.box.width + face.box.height) / 2;
  quality.visible = face.box.area() > 0 ? seen.area() / face.box.area() : 0;
  if (face.landmarks) quality.turn = turn_of(*face.landmarks);
  const cv::Rect pixels = cv::Rect(seen) & cv::Rect({0, 0}, bgr.size());
  if (pixels.width < kMinPixels || pixels.height < kMinPixels) return quality;

  cv::Mat small;
  cv::resize(bgr(pixels), small, {kSide, kSide}, 0, 0,
             pixels.width > kSide ? cv::INTER_AREA : cv::INTER_LINEAR);
  cv::Mat gray;
  cv::cvtColor(small, gray, cv::COLOR_BGR2GRAY);

  cv::Mat laplacian;
  cv::Laplacian(gray, laplacian, CV_32F);
  cv::Scalar mean, edges, contrast;
  cv::meanStdDev(laplacian, mean, edges);
  cv::meanStdDev(gray, mean, contrast);
  const double variance = contrast[0] * contrast[0];
  quality.sharpness =
      variance > kNoContrast ? static_cast<float>(edges[0] * edges[0] / variance) : 0;

  std::array<int, 256> counts{};
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) ++counts[gray.at<unsigned char>(y, x)];
  }
  constexpr int kAll = kSide * kSide;
  int above = 0;
  int level = 255;
  while (level > 0 && static_cast<float>(above += counts[static_cast<std::size_t>(level)]) <
                          kBrightest * kAll) {
    --level;
  }
  quality.highlights = static_cast<float>(level);
  int washed = 0;
  for (std::size_t i = kWashedOut; i < counts.size(); ++i) washed += counts[i];
  quality.washed_out = static_cast<float>(washed) / kAll;
  return quality;
}

}  // namespace mien::emotions
