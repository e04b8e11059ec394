#include "mien/analysis/detection_pace.hpp"

#include <algorithm>
#include <cmath>

namespace mien::analysis {
namespace {

constexpr double kDetectionShare = 0.1;  // of the time between frames
constexpr double kSlowestMs = 200;       // between detections
// Of faces that are followed by their meshes.
constexpr double kDetectionShareByMesh = 1.0 / 30;
constexpr double kMeanShare = 0.1;       // of a new figure in a running mean
constexpr double kMaxIntervalMs = 1000;  // more is a pause

void average(double& mean, double value) {
  mean = mean > 0 ? mean + kMeanShare * (value - mean) : value;
}

}  // namespace

DetectionPace::DetectionPace(int every) : every_(std::max(0, every)) {}

int DetectionPace::current() const {
  if (every_ > 0) return every_;
  if (!(interval_ > 0) || !(detect_ > 0) || (!by_mesh_ && follow_ >= detect_)) return 1;
  const double share = by_mesh_ ? kDetectionShareByMesh : kDetectionShare;
  const double wanted = std::ceil(detect_ / (share * interval_));
  const double most = std::max(1.0, std::floor(kSlowestMs / interval_));
  return static_cast<int>(std::min(wanted, most));
}

bool DetectionPace::due(std::chrono::nanoseconds time) {
  if (last_time_) {
    const double passed = std::chrono::duration<double, std::milli>(time - *last_time_).count();
    if (passed > 0 && passed < kMaxIntervalMs) average(interval_, passed);
    // A pause, or another clock: the picture has nothing to do with the one before.
    if (passed < 0 || passed >= kMaxIntervalMs) since_detection_ = 0;
  }
  last_time_ = time;
  return since_detection_ == 0 || since_detection_ >= current();
}

void DetectionPace::detected(double milliseconds) {
  average(detect_, milliseconds);
  since_detection_ = 1;
}

void DetectionPace::followed(double milliseconds) {
  average(follow_, milliseconds);
  ++since_detection_;
}

void DetectionPace::followed_by_mesh() { ++since_detection_; }

void DetectionPace::detect_next() { since_detection_ = 0; }

}  // namespace mien::analysis
