#include "mien/faces/tracker.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "mien/faces/overlap.hpp"

#include "assignment.hpp"

namespace mien::faces {
namespace {

constexpr float kSides = 0.15F;
constexpr float kAbove = 0.25F;
constexpr float kBelow = 0.5F;
constexpr int kMinSamples = 60;
// One person from frame to frame stays below the first (0.1 to 0.2) and above the second.
constexpr float kOtherColours = 0.33F;
constexpr float kOtherPicture = 0.6F;

}  // namespace

/// How someone looks, coarsely: a histogram of lightness and of the two colour differences in
/// each of three bands (hair, face, what is worn below). Costs microseconds, and tells two
/// people apart whose boxes cannot.
class Appearance {
 public:
  /// Of what is around `box`: a little to the sides and above, half a box below. Nothing when
  /// less than a few pixels of it are in the picture.
  static Appearance of(const cv::Mat& bgr, const cv::Rect2f& box);

  bool known() const { return known_; }

  /// 0 for the same, 1 for nothing in common: the Hellinger distance, averaged over the
  /// histograms (Comaniciu, Ramesh and Meer, "Kernel-Based Object Tracking", 2003, track by
  /// it). 0 when either is not known.
  float distance(const Appearance& other) const;

  /// How alike the two are pixel by pixel, whatever the light: the normalised correlation of
  /// their small gray pictures, -1 to 1. Near 1 for one head from frame to frame, about 0.2 to
  /// 0.6 for two people's. 1 when either is not known, or without any contrast.
  float correlation(const Appearance& other) const;

  /// Cannot be the same person a moment later: other colours, and another picture. Sudden light
  /// changes the first only, a turn of the head the second only.
  bool is_someone_else(const Appearance& other) const;

  /// Moves towards `now` by `share`; the small picture becomes that of `now`.
  void adapt(const Appearance& now, float share);

 private:
  static constexpr int kBands = 3;
  static constexpr int kChannels = 3;
  static constexpr int kBins = 8;
  static constexpr int kGrid = 24;  ///< samples across and down: enough for 8 bins a band
  std::array<float, std::size_t{kBands} * kChannels * kBins> share_{};
  std::array<float, std::size_t{kGrid} * kGrid> gray_{};  ///< 0 outside the picture
  bool known_ = false;
};

Appearance Appearance::of(const cv::Mat& bgr, const cv::Rect2f& box) {
  Appearance result;
  if (bgr.empty() || bgr.type() != CV_8UC3) return result;
  const float left = box.x - kSides * box.width;
  const float top = box.y - kAbove * box.height;
  const float width = box.width * (1 + 2 * kSides);
  const float height = box.height * (1 + kAbove + kBelow);
  std::array<int, kBands> counts{};
  for (int j = 0; j < kGrid; ++j) {
    const int y = cvFloor(top + height * (static_cast<float>(j) + 0.5F) / kGrid);
    if (y < 0 || y >= bgr.rows) continue;
    const auto band = static_cast<std::size_t>(j * kBands / kGrid);
    const auto* row = bgr.ptr<cv::Vec3b>(y);
    for (int i = 0; i < kGrid; ++i) {
      const int x = cvFloor(left + width * (static_cast<float>(i) + 0.5F) / kGrid);
      if (x < 0 || x >= bgr.cols) continue;
      const int b = row[x][0];
      const int g = row[x][1];
      const int r = row[x][2];
      const int lightness = (r + 2 * g + b) / 4;
      result.gray_[static_cast<std::size_t>(j) * kGrid + static_cast<std::size_t>(i)] =
          static_cast<float>(lightness);
      // Differences of colour matter near gray, where nearly everything is: 16 a bin.
      const int red = std::clamp((r - g) / 16 + 2, 0, kBins - 1);
      const int blue = std::clamp((b - g) / 16 + 4, 0, kBins - 1);
      float* band_share = &result.share_[band * kChannels * kBins];
      ++band_share[lightness * kBins / 256];
      ++band_share[kBins + red];
      ++band_share[2 * kBins + blue];
      ++counts[band];
    }
  }
  int all = 0;
  for (std::size_t band = 0; band < kBands; ++band) {
    all += counts[band];
    if (counts[band] == 0) continue;
    for (std::size_t k = 0; k < std::size_t{kChannels} * kBins; ++k) {
      result.share_[band * kChannels * kBins + k] /= static_cast<float>(counts[band]);
    }
  }
  result.known_ = all >= kMinSamples;
  return result;
}

float Appearance::distance(const Appearance& other) const {
  if (!known_ || !other.known_) return 0;
  float sum = 0;
  int compared = 0;
  for (std::size_t h = 0; h < std::size_t{kBands} * kChannels; ++h) {
    float alike = 0;
    float mine = 0;
    float theirs = 0;
    for (std::size_t k = h * kBins; k < (h + 1) * kBins; ++k) {
      alike += std::sqrt(share_[k] * other.share_[k]);
      mine += share_[k];
      theirs += other.share_[k];
    }
    if (mine <= 0 || theirs <= 0) continue;  // that band was outside the picture
    sum += std::sqrt(std::max(0.0F, 1 - alike));
    ++compared;
  }
  return compared > 0 ? sum / static_cast<float>(compared) : 0;
}

float Appearance::correlation(const Appearance& other) const {
  if (!known_ || !other.known_) return 1;
  double a = 0, b = 0, aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < gray_.size(); ++i) {
    const double mine = gray_[i];
    const double theirs = other.gray_[i];
    a += mine;
    b += theirs;
    aa += mine * mine;
    bb += theirs * theirs;
    ab += mine * theirs;
  }
  const auto n = static_cast<double>(gray_.size());
  const double spread = std::sqrt((aa - a * a / n) * (bb - b * b / n));
  // Flat pictures correlate by noise alone.
  if (!(spread / n > 20)) return 1;
  return static_cast<float>((ab - a * b / n) / spread);
}

bool Appearance::is_someone_else(const Appearance& other) const {
  return distance(other) > kOtherColours && correlation(other) < kOtherPicture;
}

void Appearance::adapt(const Appearance& now, float share) {
  if (!now.known_) return;
  if (!known_) {
    *this = now;
    return;
  }
  for (std::size_t k = 0; k < share_.size(); ++k) {
    share_[k] += share * (now.share_[k] - share_[k]);
  }
  gray_ = now.gray_;
}

namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

constexpr nanoseconds kForgetAfter = 2s;
constexpr nanoseconds kForgetGoneAfter = 500ms;  // who walked out of the picture
// A camera that stalls or is plugged in again: tracks survive the gap, and count as unseen for
// kUnseenInStall, since people may have moved meanwhile.
constexpr nanoseconds kStall = 1s;
constexpr nanoseconds kMaxStall = 10s;
constexpr nanoseconds kUnseenInStall = 1s;
constexpr nanoseconds kMaxStepBack = 500ms;  // of a clock that jitters
// How far a face may be from where it is expected, in widths of itself: at once, and more for
// every second unseen.
constexpr float kReach = 0.7F;
constexpr float kReachPerSecond = 0.8F;
constexpr float kMaxTrackGrowth = 2.0F;  // of its side, either way
// Time constant of the speed's average: a detector's box jitters by a pixel or two.
constexpr float kSpeedSeconds = 0.12F;
// Time constant with which the speed of unseen people fades.
constexpr float kCoastSeconds = 0.5F;
// Weights of the cost terms; a distance of one width costs 1.
constexpr float kOverlapCost = 0.5F;
constexpr float kSizeCost = 0.5F;
constexpr float kAppearanceCost =
    1.5F;  // different people: about 0.4 to 0.7; one person: 0.1 to 0.2
constexpr float kStayedCost = 0.3F;  // for having stayed behind instead of walking on
// More than place and size can cost after two seconds: only a face that looks different too
// becomes a new person.
constexpr double kNewCost = 3.2;
constexpr double kImpossible = 1e3;
constexpr float kAppearanceSeconds = 1.0F;  // time constant of adapting to new light
constexpr float kCrowded = 0.05F;           // IoU above which a box shows two people

float side(const cv::Rect2f& box) { return (box.width + box.height) / 2; }

cv::Point2f middle(const cv::Rect2f& box) { return (box.tl() + box.br()) / 2; }

float seconds(nanoseconds time) { return std::chrono::duration<float>(time).count(); }

bool alone(const std::vector<base::Face>& faces, std::size_t which) {
  for (std::size_t i = 0; i < faces.size(); ++i) {
    if (i != which && intersection_over_union(faces[i].box, faces[which].box) > kCrowded)
      return false;
  }
  return true;
}

}  // namespace

struct Tracker::Track {
  int person = 0;
  cv::Rect2f box;  // when last seen
  cv::Point2f speed;
  nanoseconds seen{0};
  Appearance appearance;

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
  if (!(small > 0) || large > small * kMaxTrackGrowth) return -1;
  const float unit = (small + large) / 2;
  const auto distance = [&](const cv::Rect2f& from) {
    const cv::Point2f moved = middle(now) - middle(from);
    return std::hypot(moved.x, moved.y) / unit;
  };
  const float went_on = distance(expected);
  const float stayed = distance(last) + kStayedCost;
  if (!(std::min(went_on, stayed - kStayedCost) <= kReach + kReachPerSecond * seconds(unseen)))
    return -1;
  return std::min(went_on + kOverlapCost * (1 - intersection_over_union(expected, now)),
                  stayed + kOverlapCost * (1 - intersection_over_union(last, now))) +
         kSizeCost * std::log(large / small);
}

}  // namespace

Tracker::Tracker() = default;
Tracker::~Tracker() = default;
Tracker::Tracker(Tracker&&) noexcept = default;
Tracker& Tracker::operator=(Tracker&&) noexcept = default;

void Tracker::advance_to(nanoseconds time) {
  const nanoseconds passed = time - last_time_;
  const bool stalled = bridging_ || (passed > kStall && passed <= kMaxStall);
  if (stalled) {
    for (auto& track : tracks_) {
      const bool was_there = track.seen >= last_time_;
      track.seen =
          time - kUnseenInStall - (was_there ? nanoseconds{0} : last_time_ - track.seen);
      track.speed = {};
    }
  } else if (passed < -kMaxStepBack) {
    tracks_.clear();
  } else if (passed < nanoseconds{0}) {
    for (auto& track : tracks_) track.seen = std::min(track.seen, time);
  }
  bridging_ = false;
  last_time_ = time;
  std::erase_if(tracks_, [&](const Track& track) { return time - track.seen > kForgetAfter; });
}

/// A call or a camera that changes its resolution shows the same people in other pixels.
void Tracker::rescale_to(cv::Size picture) {
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

std::vector<int> Tracker::update(const std::vector<base::Face>& faces, nanoseconds time,
                                 const cv::Mat& bgr) {
  advance_to(time);
  rescale_to(bgr.size());
  std::erase_if(tracks_, [&](const Track& track) {
    return time - track.seen > kForgetGoneAfter && track.gone(bgr.size(), time);
  });

  std::vector<Appearance> appearances;
  appearances.reserve(faces.size());
  for (const auto& face : faces) appearances.push_back(Appearance::of(bgr, face.box));
  std::vector<bool> apart;  // shows one person only
  for (std::size_t f = 0; f < faces.size(); ++f) apart.push_back(alone(faces, f));

  // One column for each person, then one for each face: to be new.
  CostTable table{faces.size(), tracks_.size() + faces.size(), {}};
  for (std::size_t f = 0; f < faces.size(); ++f) {
    for (const auto& track : tracks_) {
      const float place =
          place_cost(track.box, track.expected(time), faces[f].box, time - track.seen);
      // After a cut in a video somebody else is where this one was.
      const bool possible =
          place >= 0 && !(apart[f] && track.appearance.is_someone_else(appearances[f]));
      table.cost.push_back(possible ? place + kAppearanceCost *
                                                  track.appearance.distance(appearances[f])
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
      if (apart[f])
        track.appearance.adapt(appearances[f], 1 - std::exp(-passed / kAppearanceSeconds));
      people[f] = track.person;
    } else {
      people[f] = next_person_++;
      Track& track = tracks_.emplace_back();
      track.person = people[f];
      track.box = faces[f].box;
      track.seen = time;
      if (apart[f]) track.appearance = appearances[f];
    }
  }
  return people;
}

void Tracker::follow(const std::vector<int>& people, const std::vector<base::Face>& faces,
                     nanoseconds time) {
  advance_to(time);
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

}  // namespace mien::faces
