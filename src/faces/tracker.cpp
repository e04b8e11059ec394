#include "mien/faces/tracker.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace mien {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds kForgetAfter = std::chrono::seconds(2);
// How far a face may have gone, in widths of itself: at once, and more for every second unseen.
constexpr float kReach = 0.7F;
constexpr float kReachPerSecond = 0.8F;
constexpr float kLargestGrowth = 2.0F;  // of its side, either way

float side(const cv::Rect2f& box) { return (box.width + box.height) / 2; }

float overlap_of(const cv::Rect2f& a, const cv::Rect2f& b) {
  const float shared = (a & b).area();
  const float all = a.area() + b.area() - shared;
  return all > 0 ? shared / all : 0;
}

// How unlike two boxes are: 0 for the same one; negative when they cannot be one person's.
float unlikeness(const cv::Rect2f& before, const cv::Rect2f& now, nanoseconds gap) {
  const float small = std::min(side(before), side(now));
  const float large = std::max(side(before), side(now));
  if (!(small > 0) || large > small * kLargestGrowth) return -1;
  const cv::Point2f moved = (now.tl() + now.br()) / 2 - (before.tl() + before.br()) / 2;
  const float distance = std::hypot(moved.x, moved.y) / ((small + large) / 2);
  const float seconds = std::chrono::duration<float>(gap).count();
  if (!(distance <= kReach + kReachPerSecond * seconds)) return -1;
  return distance + (1 - overlap_of(before, now)) / 2;
}

}  // namespace

std::vector<int> Tracker::update(const std::vector<Face>& faces, nanoseconds time) {
  if (time < last_time_) tracks_.clear();
  last_time_ = time;
  std::erase_if(tracks_, [&](const Track& track) { return time - track.seen > kForgetAfter; });

  std::vector<std::tuple<float, std::size_t, std::size_t>> pairs;  // unlikeness, face, track
  for (std::size_t f = 0; f < faces.size(); ++f) {
    for (std::size_t t = 0; t < tracks_.size(); ++t) {
      const float value = unlikeness(tracks_[t].box, faces[f].box, time - tracks_[t].seen);
      if (value >= 0) pairs.emplace_back(value, f, t);
    }
  }
  // The most alike first. Ties go to the more confident face and the older track, so that the
  // same faces always give the same numbers.
  std::sort(pairs.begin(), pairs.end());

  std::vector<int> people(faces.size(), 0);
  std::vector<bool> taken(tracks_.size(), false);
  for (const auto& [value, f, t] : pairs) {
    if (people[f] != 0 || taken[t]) continue;
    taken[t] = true;
    people[f] = tracks_[t].person;
    tracks_[t].box = faces[f].box;
    tracks_[t].seen = time;
  }
  for (std::size_t f = 0; f < faces.size(); ++f) {
    if (people[f] != 0) continue;
    people[f] = next_person_++;
    tracks_.push_back({people[f], faces[f].box, time});
  }
  return people;
}

void Tracker::reset() {
  tracks_.clear();
  last_time_ = nanoseconds{0};
}

}  // namespace mien
