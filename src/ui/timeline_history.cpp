#include "timeline_history.hpp"

#include <algorithm>
#include <cmath>

namespace mien {
namespace {

std::int64_t step_of(double time) {
  return static_cast<std::int64_t>(std::floor(time / TimelineHistory::kStep));
}

// More models than anybody tries in a quarter of an hour.
constexpr std::size_t kMostLabelSets = 200;

}  // namespace

std::uint8_t TimelineHistory::label_set(const std::vector<std::string>& labels) {
  auto it = std::find(label_sets_.begin(), label_sets_.end(), labels);
  if (it == label_sets_.end()) {
    if (label_sets_.size() >= kMostLabelSets) {
      lanes_.clear();
      label_sets_.clear();
    }
    label_sets_.push_back(labels);
    it = label_sets_.end() - 1;
  }
  return static_cast<std::uint8_t>(it - label_sets_.begin());
}

void TimelineHistory::add(const AnalyzedFrame& analysis, double now) {
  const auto set = label_set(*analysis.labels);
  for (const auto& reading : analysis.readings) {
    Sample sample;
    sample.step = step_of(now);
    sample.label_set = set;
    sample.sure = reading.verdict.sure();
    sample.label = static_cast<std::int16_t>(reading.verdict.label);
    sample.valence = reading.valence;
    for (std::size_t i = 0; i < std::min(kMostLabels, reading.smoothed.size()); ++i) {
      sample.shares[i] = static_cast<std::uint8_t>(
          std::lround(255 * std::clamp(reading.smoothed[i], 0.0f, 1.0f)));
    }
    auto [it, fresh] = lanes_.try_emplace(reading.person);
    auto& lane = it->second;
    if (fresh || now - lane.last_seen > kMostAbsence) lane.in_view_since = now;
    lane.last_seen = now;
    if (!lane.samples.empty() && lane.samples.back().step >= sample.step) {
      sample.step = lane.samples.back().step;
      lane.samples.back() = sample;
    } else {
      lane.samples.push_back(sample);
    }
  }
  trim(now);
}

void TimelineHistory::trim(double now) {
  const auto oldest = step_of(now - span_);
  for (auto& [person, lane] : lanes_) {
    while (!lane.samples.empty() && lane.samples.front().step < oldest) {
      lane.samples.pop_front();
    }
  }
  std::erase_if(lanes_, [](const auto& entry) { return entry.second.samples.empty(); });
  while (lanes_.size() > kMostPeople) {
    lanes_.erase(std::min_element(lanes_.begin(), lanes_.end(), [](auto& a, auto& b) {
      return a.second.last_seen < b.second.last_seen;
    }));
  }
  while (!markers_.empty() && markers_.front().time < now - span_) markers_.pop_front();
}

const TimelineHistory::Lane* TimelineHistory::lane(int person) const {
  const auto it = lanes_.find(person);
  return it == lanes_.end() ? nullptr : &it->second;
}

const TimelineHistory::Sample* TimelineHistory::at(int person, double time,
                                                   double tolerance) const {
  const auto* found = lane(person);
  if (found == nullptr) return nullptr;
  const auto step = step_of(time);
  const auto& samples = found->samples;
  auto it =
      std::upper_bound(samples.begin(), samples.end(), step,
                       [](std::int64_t s, const Sample& sample) { return s < sample.step; });
  if (it == samples.begin()) return nullptr;
  --it;
  return static_cast<double>(step - it->step) * kStep <= tolerance ? &*it : nullptr;
}

const std::vector<std::string>& TimelineHistory::labels_of(const Sample& sample) const {
  return label_sets_[sample.label_set];
}

double TimelineHistory::oldest(double now) const {
  double time = now;
  for (const auto& [person, lane] : lanes_) {
    time = std::min(time, static_cast<double>(lane.samples.front().step) * kStep);
  }
  return time;
}

std::uint64_t TimelineHistory::add_marker(double time, std::string text) {
  if (markers_.size() >= kMostMarkers) markers_.pop_front();
  markers_.push_back({next_marker_, time, std::move(text)});
  return next_marker_++;
}

void TimelineHistory::name_marker(std::uint64_t id, std::string text) {
  const auto found = std::find_if(markers_.begin(), markers_.end(),
                                  [id](const Marker& marker) { return marker.id == id; });
  if (found != markers_.end()) found->text = std::move(text);
}

}  // namespace mien
