#include "mien/faces/face_follower.hpp"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

namespace mien::faces {
namespace {

// The longer side of the small picture: a face that is a tenth of the picture still has 40
// pixels, and the pyramid of it costs half a millisecond.
constexpr int kSmallSide = 400;
constexpr int kGrid = 6;            // points across and down a face
constexpr float kInner = 0.7F;      // part of the box they are laid over: not the background
const cv::Size kWindow{11, 11};     // pixels around a point that must look alike
constexpr int kLevels = 3;          // halvings: moves of about 40 small pixels a frame
constexpr float kFarthestBack = 1;  // small pixels between a point and where it came back to
constexpr std::size_t kMinPoints = kGrid * kGrid / 3;
constexpr float kMaxGrowth = 1.25F;  // between two frames, either way
constexpr float kMinInside = 0.5F;   // of the box, in the picture

float median(std::vector<float>& values) {
  const auto middle = values.begin() + static_cast<long>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::vector<cv::Point2f> grid_in(const cv::Rect2f& box) {
  std::vector<cv::Point2f> points;
  for (int j = 0; j < kGrid; ++j) {
    for (int i = 0; i < kGrid; ++i) {
      const auto at = [](int k) {
        return 0.5F + kInner * (static_cast<float>(k) / (kGrid - 1) - 0.5F);
      };
      points.emplace_back(box.x + at(i) * box.width, box.y + at(j) * box.height);
    }
  }
  return points;
}

struct Move {
  cv::Point2f from, shift;  // of the points' median
  float growth = 1;
};

std::optional<Move> median_move(const std::vector<cv::Point2f>& before,
                                const std::vector<cv::Point2f>& after) {
  if (before.size() < kMinPoints) return std::nullopt;
  std::vector<float> x, y, dx, dy, growth;
  for (std::size_t i = 0; i < before.size(); ++i) {
    x.push_back(before[i].x);
    y.push_back(before[i].y);
    dx.push_back(after[i].x - before[i].x);
    dy.push_back(after[i].y - before[i].y);
    for (std::size_t j = 0; j < i; ++j) {
      const auto was = before[i] - before[j];
      const auto is = after[i] - after[j];
      growth.push_back(std::hypot(is.x, is.y) / std::hypot(was.x, was.y));
    }
  }
  return Move{{median(x), median(y)}, {median(dx), median(dy)}, median(growth)};
}

base::Face moved(base::Face face, const Move& move) {
  const auto place = [&](const cv::Point2f& p) {
    return move.from + move.shift + (p - move.from) * move.growth;
  };
  const cv::Point2f corner = place(face.box.tl());
  face.box = {corner.x, corner.y, face.box.width * move.growth, face.box.height * move.growth};
  if (face.landmarks) {
    for (auto* point : {&face.landmarks->right_eye, &face.landmarks->left_eye,
                        &face.landmarks->nose, &face.landmarks->mouth}) {
      *point = place(*point);
    }
  }
  return face;
}

}  // namespace

cv::Mat FaceFollower::small_gray(const cv::Mat& bgr) const {
  cv::Mat small;
  cv::resize(bgr, small, {}, scale_, scale_, scale_ < 1 ? cv::INTER_AREA : cv::INTER_NEAREST);
  cv::Mat gray;
  cv::cvtColor(small, gray, cv::COLOR_BGR2GRAY);
  return gray;
}

void FaceFollower::start(const cv::Mat& bgr, const std::vector<base::Face>& faces) {
  picture_ = bgr.size();
  faces_ = faces;
  pyramid_.clear();
  if (faces.empty()) return;  // nothing to be followed: the picture is not even looked at
  // A whole part: averaging over whole squares of pixels is many times faster.
  scale_ = 1.0 / std::max(1, (std::max(bgr.cols, bgr.rows) + kSmallSide - 1) / kSmallSide);
  cv::buildOpticalFlowPyramid(small_gray(bgr), pyramid_, kWindow, kLevels);
}

std::optional<std::vector<base::Face>> FaceFollower::follow(const cv::Mat& bgr) {
  if (picture_.empty() || bgr.size() != picture_) return std::nullopt;
  if (faces_.empty()) return faces_;

  std::vector<cv::Mat> pyramid;
  cv::buildOpticalFlowPyramid(small_gray(bgr), pyramid, kWindow, kLevels);
  const auto scale = static_cast<float>(scale_);
  std::vector<cv::Point2f> before;
  for (const auto& face : faces_) {
    for (const auto& point : grid_in(face.box)) before.push_back(point * scale);
  }
  std::vector<cv::Point2f> after, back;
  std::vector<unsigned char> found, found_back;
  const cv::TermCriteria enough(cv::TermCriteria::COUNT | cv::TermCriteria::EPS, 12, 0.03);
  cv::calcOpticalFlowPyrLK(pyramid_, pyramid, before, after, found, cv::noArray(), kWindow,
                           kLevels, enough);
  cv::calcOpticalFlowPyrLK(pyramid, pyramid_, after, back, found_back, cv::noArray(), kWindow,
                           kLevels, enough);

  const cv::Rect2f whole({0, 0}, cv::Size2f(picture_));
  std::vector<base::Face> faces;
  constexpr auto kPointsPerFace = static_cast<std::size_t>(kGrid) * kGrid;
  for (std::size_t f = 0; f < faces_.size(); ++f) {
    std::vector<cv::Point2f> from, to;
    for (std::size_t i = f * kPointsPerFace; i < (f + 1) * kPointsPerFace; ++i) {
      const auto error = back[i] - before[i];
      if (found[i] == 0 || found_back[i] == 0 || !std::isfinite(after[i].x) ||
          !std::isfinite(after[i].y) || std::hypot(error.x, error.y) > kFarthestBack) {
        continue;
      }
      from.push_back(before[i] / scale);
      to.push_back(after[i] / scale);
    }
    const auto move = median_move(from, to);
    if (!move || !(move->growth < kMaxGrowth && move->growth * kMaxGrowth > 1)) {
      return std::nullopt;
    }
    faces.push_back(moved(faces_[f], *move));
    const cv::Rect2f& box = faces.back().box;
    if ((box & whole).area() < kMinInside * box.area()) return std::nullopt;
  }
  pyramid_ = std::move(pyramid);
  faces_ = faces;
  return faces;
}

void FaceFollower::reset() {
  picture_ = {};
  pyramid_.clear();
  faces_.clear();
}

}  // namespace mien::faces
