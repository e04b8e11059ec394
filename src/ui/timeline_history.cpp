#include "timeline_history.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace mien::ui {
namespace {

std::int64_t step_of(double time) {
  return static_cast<std::int64_t>(std::floor(time / TimelineHistory::kStep));
}

std::int8_t in_steps(float value, float steps) {
  if (!std::isfinite(value)) return TimelineHistory::Sample::kUnknown;
  return static_cast<std::int8_t>(std::lround(std::clamp(value * steps, -127.0F, 127.0F)));
}

void add_geometry(TimelineHistory::Sample& sample, const base::FaceGeometry& geometry) {
  using Kept = TimelineHistory::Sample;
  sample.yaw_degrees = geometry.pose ? in_steps(geometry.pose->yaw, 1) : Kept::kUnknown;
  sample.pitch_degrees = geometry.pose ? in_steps(geometry.pose->pitch, 1) : Kept::kUnknown;
  sample.movement_steps = Kept::all_unknown();
  const auto most = std::min(geometry.movements.size(), TimelineHistory::kMaxMovements);
  for (std::size_t i = 0; i < most; ++i) {
    sample.movement_steps[i] = in_steps(geometry.movements[i], Kept::kMovementSteps);
  }
  sample.blinked = geometry.eyes.blinked;
}

// Frames between two that are measured have the older one's numbers for that many steps.
constexpr std::int64_t kMeasuredFor = 2;

/// Takes over what was measured in a frame before.
void keep_geometry(TimelineHistory::Sample& sample, const TimelineHistory::Sample& before) {
  sample.yaw_degrees = before.yaw_degrees;
  sample.pitch_degrees = before.pitch_degrees;
  sample.movement_steps = before.movement_steps;
}

// More models than anybody tries in a quarter of an hour.
constexpr std::size_t kMaxLabelSets = 200;

}  // namespace

std::uint8_t TimelineHistory::label_set(const std::vector<std::string>& labels) {
  auto it = std::find(label_sets_.begin(), label_sets_.end(), labels);
  if (it == label_sets_.end()) {
    if (label_sets_.size() >= kMaxLabelSets) {
      lanes_.clear();
      label_sets_.clear();
    }
    label_sets_.push_back(labels);
    it = label_sets_.end() - 1;
  }
  return static_cast<std::uint8_t>(it - label_sets_.begin());
}

void TimelineHistory::add(const base::AnalyzedFrame& analysis, double now) {
  const auto set = label_set(*analysis.labels);
  for (const auto& reading : analysis.readings) {
    Sample sample;
    sample.step = step_of(now);
    sample.label_set = set;
    sample.sure = reading.verdict.sure();
    sample.label = static_cast<std::int16_t>(reading.verdict.label);
    sample.valence = reading.valence;
    for (std::size_t i = 0; i < std::min(kMaxLabels, reading.smoothed.size()); ++i) {
      sample.shares[i] = static_cast<std::uint8_t>(
          std::lround(255 * std::clamp(reading.smoothed[i], 0.0F, 1.0F)));
    }
    auto [it, fresh] = lanes_.try_emplace(reading.person);
    auto& lane = it->second;
    if (fresh || now - lane.last_seen > kMaxAbsence) lane.in_view_since = now;
    lane.last_seen = now;
    auto* before = lane.samples.empty() ? nullptr : &lane.samples.back();
    if (before != nullptr) sample.step = std::max(sample.step, before->step);
    if (analysis.landmarks_id.empty()) lane.measured.reset();
    if (reading.geometry) {
      add_geometry(sample, *reading.geometry);
      lane.measured = sample.step;
    } else if (before != nullptr && lane.measured &&
               sample.step - *lane.measured <= kMeasuredFor) {
      keep_geometry(sample, *before);
    }
    if (before != nullptr && before->step == sample.step) {
      sample.blinked = sample.blinked || before->blinked;
      *before = sample;
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
  while (lanes_.size() > kMaxPeople) {
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
  if (markers_.size() >= kMaxMarkers) markers_.pop_front();
  markers_.push_back({next_marker_, time, std::move(text)});
  return next_marker_++;
}

void TimelineHistory::name_marker(std::uint64_t id, std::string text) {
  const auto found = std::find_if(markers_.begin(), markers_.end(),
                                  [id](const Marker& marker) { return marker.id == id; });
  if (found != markers_.end()) found->text = std::move(text);
}

namespace {

using Sample = TimelineHistory::Sample;

// Steps without a sample that do not interrupt a line: with many faces a slow machine reads one
// frame a second. Signals::update() has the same limit.
constexpr std::int64_t kMaxDrawnGap = 11;

double time_of(const Sample& sample) {
  return static_cast<double>(sample.step) * TimelineHistory::kStep;
}

/// Steps that share a pixel; one of them is drawn.
std::int64_t stride_of(const TimelinePlot& plot) {
  const double pixels_per_step = plot.area.width() * TimelineHistory::kStep / plot.span;
  return std::max<std::int64_t>(1, std::llround(1 / std::max(pixels_per_step, 1e-3)));
}

/// Calls `each(sample, follows)` for the samples in sight and one beyond either end. `follows`:
/// the person did not leave between it and the one before.
template <typename Each>
void for_samples(const TimelineHistory& history, int person, const TimelinePlot& plot,
                 Each&& each) {
  const auto* lane = history.lane(person);
  if (lane == nullptr || plot.area.width() <= 0) return;
  const auto stride = stride_of(plot);
  const auto first = static_cast<std::int64_t>((plot.end - plot.span) / TimelineHistory::kStep);
  const auto last = static_cast<std::int64_t>(plot.end / TimelineHistory::kStep) + stride;
  auto it = std::lower_bound(
      lane->samples.begin(), lane->samples.end(), first - stride,
      [](const Sample& sample, std::int64_t step) { return sample.step < step; });
  const Sample* before = nullptr;
  for (; it != lane->samples.end() && it->step <= last; ++it) {
    // Decimated by the samples' own steps, not by pixels, so that scrolling does not flicker.
    if (before != nullptr && it->step / stride == before->step / stride) continue;
    each(*it,
         before != nullptr && it->step - before->step <= std::max(kMaxDrawnGap, 2 * stride));
    before = &*it;
  }
}

}  // namespace

void plot_line(ImDrawList* list, const TimelineHistory& history, int person,
               const TimelinePlot& plot, const std::function<float(const Sample&)>& value,
               ImU32 color, float thickness) {
  const auto& area = plot.area;
  list->PushClipRect(area.min, area.max, true);
  std::vector<ImVec2> points;
  const auto flush = [&] {
    if (points.size() == 1) list->AddCircleFilled(points[0], thickness, color);
    if (points.size() > 1) {
      list->AddPolyline(points.data(), static_cast<int>(points.size()), color, 0, thickness);
    }
    points.clear();
  };
  // Half of the line would be cut off at the ends of the scale.
  const float inset = std::ceil(thickness / 2);
  for_samples(history, person, plot, [&](const Sample& sample, bool follows) {
    const float exact = value(sample);
    if (!follows || std::isnan(exact)) flush();
    if (std::isnan(exact)) return;
    const float share = std::clamp(exact, 0.0F, 1.0F);
    points.emplace_back(plot.x_at(time_of(sample) + TimelineHistory::kStep),
                        area.max.y - inset - share * (area.height() - 2 * inset));
  });
  flush();
  list->PopClipRect();
}

void plot_blinks(ImDrawList* list, const TimelineHistory& history, int person,
                 const TimelinePlot& plot, ImU32 color, float height, float thickness) {
  const auto* lane = history.lane(person);
  if (lane == nullptr || plot.area.width() <= 0) return;
  float last = plot.area.min.x - 2 * thickness;
  // Not for_samples(): none of them may be left out.
  const auto first = step_of(plot.end - plot.span);
  auto it = std::lower_bound(
      lane->samples.begin(), lane->samples.end(), first,
      [](const Sample& sample, std::int64_t step) { return sample.step < step; });
  for (; it != lane->samples.end() && time_of(*it) <= plot.end; ++it) {
    if (!it->blinked) continue;
    const float x = plot.x_at(time_of(*it) + TimelineHistory::kStep / 2);
    // Of those that share a place, one is drawn.
    if (x < plot.area.min.x || x > plot.area.max.x || x - last < thickness) continue;
    last = x;
    list->AddLine({x, plot.area.max.y - height}, {x, plot.area.max.y}, color, thickness);
  }
}

std::vector<TimelineRun> plot_runs(const TimelineHistory& history, int person,
                                   const TimelinePlot& plot) {
  std::vector<TimelineRun> runs;
  const auto stride = stride_of(plot);
  for_samples(history, person, plot, [&](const Sample& sample, bool follows) {
    const float left = std::max(plot.area.min.x, plot.x_at(time_of(sample)));
    const float right = std::min(
        plot.area.max.x,
        plot.x_at(time_of(sample) + static_cast<double>(stride) * TimelineHistory::kStep));
    if (follows && !runs.empty()) {
      auto& last = runs.back();
      last.right = std::max(last.right, left);
      if (last.sample->label == sample.label && last.sample->sure == sample.sure &&
          last.sample->label_set == sample.label_set) {
        last.right = std::max(last.right, right);
        return;
      }
    }
    if (right > left) runs.push_back({left, right, &sample});
  });
  std::erase_if(runs, [](const TimelineRun& run) { return run.right - run.left < 0.5F; });
  return runs;
}

std::vector<std::size_t> labels_in_sight(const TimelineHistory& history, int person,
                                         const TimelinePlot& plot, float least) {
  std::array<float, TimelineHistory::kMaxLabels> most{};
  for_samples(history, person, plot, [&](const Sample& sample, bool) {
    for (std::size_t i = 0; i < most.size(); ++i) most[i] = std::max(most[i], sample.share(i));
  });
  std::vector<std::size_t> labels;
  for (std::size_t i = 0; i < most.size(); ++i) {
    if (most[i] >= least) labels.push_back(i);
  }
  return labels;
}

const Sample* newest_in_sight(const TimelineHistory& history, int person,
                              const TimelinePlot& plot) {
  const Sample* newest = nullptr;
  for_samples(history, person, plot, [&](const Sample& sample, bool) { newest = &sample; });
  return newest;
}

}  // namespace mien::ui
