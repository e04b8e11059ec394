#include "mien/faces/tracker.hpp"

#include <algorithm>
#include <cmath>

#include "appearance.hpp"
#include "assignment.hpp"

namespace mien {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

constexpr nanoseconds kForgetAfter = 2s;
constexpr nanoseconds kForgetGoneAfter = 500ms;  // who walked out of the picture
// A camera that stalls or is plugged in again: nobody left because no picture came. Where
// people went meanwhile is as uncertain as after that long unseen.
constexpr nanoseconds kHiccup = 1s;
constexpr nanoseconds kLongestHiccup = 10s;
constexpr nanoseconds kUnseenInHiccup = 1s;
constexpr nanoseconds kLargestStepBack = 500ms;  // of a clock that is merely untidy
// How far a face may be from where it is expected, in widths of itself: at once, and more for
// every second unseen.
constexpr float kReach = 0.7F;
constexpr float kReachPerSecond = 0.8F;
constexpr float kLargestGrowth = 2.0F;  // of its side, either way
// A speed is an average over this long: a detector's box trembles by a pixel or two.
constexpr float kSpeedSeconds = 0.12F;
// Unseen people slow down: nobody walks straight on for two seconds at arm's length.
constexpr float kCoastSeconds = 0.5F;
// What a unit of each difference costs, against one width of distance.
constexpr float kOverlapCost = 0.5F;
constexpr float kSizeCost = 0.5F;
constexpr float kLooksCost =
    1.5F;  // different people: about 0.4 to 0.7; one person: 0.1 to 0.2
constexpr float kStayedCost = 0.3F;  // for having stayed behind instead of walking on
// More than any possible pair costs by place and size after two seconds; who looks quite
// different as well is someone new.
constexpr double kNewCost = 3.2;
constexpr double kImpossible = 1e3;
constexpr float kLooksSeconds = 1.0F;  // in which looks adapt to new light
constexpr float kCrowded = 0.05F;      // shared area above which a box shows two people's looks

float side(const cv::Rect2f& box) { return (box.width + box.height) / 2; }

cv::Point2f middle(const cv::Rect2f& box) { return (box.tl() + box.br()) / 2; }

float seconds(nanoseconds time) { return std::chrono::duration<float>(time).count(); }

float overlap_of(const cv::Rect2f& a, const cv::Rect2f& b) {
  const float shared = (a & b).area();
  const float all = a.area() + b.area() - shared;
  return all > 0 ? shared / all : 0;
}

bool alone(const std::vector<Face>& faces, std::size_t which) {
  for (std::size_t i = 0; i < faces.size(); ++i) {
    if (i != which && overlap_of(faces[i].box, faces[which].box) > kCrowded) return false;
  }
  return true;
}

}  // namespace

struct Tracker::Track {
  int person = 0;
  cv::Rect2f box;  // when last seen
  cv::Point2f speed;
  nanoseconds seen{0};
  Appearance looks;

  /// Where the box is expected now: the distance covered while the speed fades exponentially.
  cv::Rect2f expected(nanoseconds now) const {
    const float coast = kCoastSeconds * (1 - std::exp(-seconds(now - seen) / kCoastSeconds));
    return box + speed * coast;
  }

  void see(const cv::Rect2f& now_at, nanoseconds now) {
    const float passed = seconds(now - seen);
    if (passed > 0) {
      const cv::Point2f measured = (middle(now_at) - middle(box)) / passed;
      speed += (measured - speed) * (1 - std::exp(-passed / kSpeedSeconds));
    }
    box = now_at;
    seen = now;
  }

  /// Walked out of a picture of that size.
  bool gone(const cv::Size& picture, nanoseconds now) const {
    if (picture.empty()) return false;
    const cv::Rect2f whole({0, 0}, cv::Size2f(picture));
    return !whole.contains(middle(expected(now)));
  }
};

namespace {

// By place and size alone; negative when the two cannot be one person's.
float place_cost(const cv::Rect2f& last, const cv::Rect2f& expected, const cv::Rect2f& now,
                 nanoseconds unseen) {
  const float small = std::min(side(last), side(now));
  const float large = std::max(side(last), side(now));
  if (!(small > 0) || large > small * kLargestGrowth) return -1;
  const float unit = (small + large) / 2;
  const auto distance = [&](const cv::Rect2f& from) {
    const cv::Point2f moved = middle(now) - middle(from);
    return std::hypot(moved.x, moved.y) / unit;
  };
  const float went_on = distance(expected);
  const float stayed = distance(last) + kStayedCost;
  if (!(std::min(went_on, stayed - kStayedCost) <= kReach + kReachPerSecond * seconds(unseen)))
    return -1;
  return std::min(went_on + kOverlapCost * (1 - overlap_of(expected, now)),
                  stayed + kOverlapCost * (1 - overlap_of(last, now))) +
         kSizeCost * std::log(large / small);
}

}  // namespace

Tracker::Tracker() = default;
Tracker::~Tracker() = default;
Tracker::Tracker(Tracker&&) noexcept = default;
Tracker& Tracker::operator=(Tracker&&) noexcept = default;

void Tracker::let_time_pass(nanoseconds time) {
  const nanoseconds passed = time - last_time_;
  const bool hiccup = bridging_ || (passed > kHiccup && passed <= kLongestHiccup);
  if (hiccup) {
    for (auto& track : tracks_) {
      const bool was_there = track.seen >= last_time_;
      track.seen =
          time - kUnseenInHiccup - (was_there ? nanoseconds{0} : last_time_ - track.seen);
      track.speed = {};
    }
  } else if (passed < -kLargestStepBack) {
    tracks_.clear();
  } else if (passed < nanoseconds{0}) {
    for (auto& track : tracks_) track.seen = std::min(track.seen, time);
  }
  bridging_ = false;
  last_time_ = time;
  std::erase_if(tracks_, [&](const Track& track) { return time - track.seen > kForgetAfter; });
}

/// A call or a camera that changes its resolution shows the same people in other pixels.
void Tracker::fit_to(cv::Size picture) {
  if (!picture.empty() && !picture_.empty() && picture != picture_) {
    const float x = static_cast<float>(picture.width) / static_cast<float>(picture_.width);
    const float y = static_cast<float>(picture.height) / static_cast<float>(picture_.height);
    for (auto& track : tracks_) {
      const cv::Rect2f box = track.box;
      track.box = {box.x * x, box.y * y, box.width * x, box.height * y};
      track.speed = {track.speed.x * x, track.speed.y * y};
    }
  }
  if (!picture.empty()) picture_ = picture;
}

std::vector<int> Tracker::update(const std::vector<Face>& faces, nanoseconds time,
                                 const cv::Mat& bgr) {
  let_time_pass(time);
  fit_to(bgr.size());
  std::erase_if(tracks_, [&](const Track& track) {
    return time - track.seen > kForgetGoneAfter && track.gone(bgr.size(), time);
  });

  std::vector<Appearance> looks;
  looks.reserve(faces.size());
  for (const auto& face : faces) looks.push_back(Appearance::of(bgr, face.box));
  std::vector<bool> apart;  // shows one person's looks
  for (std::size_t f = 0; f < faces.size(); ++f) apart.push_back(alone(faces, f));

  // One column for each person, then one for each face: to be new.
  CostTable table{faces.size(), tracks_.size() + faces.size(), {}};
  for (std::size_t f = 0; f < faces.size(); ++f) {
    for (const auto& track : tracks_) {
      const float place =
          place_cost(track.box, track.expected(time), faces[f].box, time - track.seen);
      // After a cut in a film somebody else is where this one was.
      const bool possible = place >= 0 && !(apart[f] && track.looks.is_someone_else(looks[f]));
      table.cost.push_back(possible ? place + kLooksCost * track.looks.distance(looks[f])
                                    : kImpossible);
    }
    // Whoever is new gets numbers in the order of the faces, whatever the others do.
    for (std::size_t i = 0; i < faces.size(); ++i) {
      table.cost.push_back(i == f ? kNewCost : kImpossible);
    }
  }
  const auto columns = assign(table);

  std::vector<int> people(faces.size(), 0);
  const std::size_t known = tracks_.size();
  for (std::size_t f = 0; f < faces.size(); ++f) {
    if (columns[f] < known) {
      Track& track = tracks_[columns[f]];
      const float passed = seconds(time - track.seen);
      track.see(faces[f].box, time);
      if (apart[f]) track.looks.adapt(looks[f], 1 - std::exp(-passed / kLooksSeconds));
      people[f] = track.person;
    } else {
      people[f] = next_person_++;
      Track& track = tracks_.emplace_back();
      track.person = people[f];
      track.box = faces[f].box;
      track.seen = time;
      if (apart[f]) track.looks = looks[f];
    }
  }
  return people;
}

void Tracker::follow(const std::vector<int>& people, const std::vector<Face>& faces,
                     nanoseconds time) {
  let_time_pass(time);
  for (std::size_t i = 0; i < std::min(people.size(), faces.size()); ++i) {
    const auto track = std::find_if(tracks_.begin(), tracks_.end(), [&](const Track& each) {
      return each.person == people[i];
    });
    if (track != tracks_.end()) track->see(faces[i].box, time);
  }
}

void Tracker::bridge() { bridging_ = true; }

void Tracker::reset() {
  tracks_.clear();
  bridging_ = false;
  last_time_ = nanoseconds{0};
}

std::size_t Tracker::remembered() const { return tracks_.size(); }

}  // namespace mien
