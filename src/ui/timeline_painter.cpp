#include "timeline_painter.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace mien {
namespace {

using Sample = TimelineHistory::Sample;

// Steps without a sample that are no absence: with many faces a slow machine reads one frame a
// second. The sums over time draw the same line.
constexpr std::int64_t kMostGap = 11;

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
    // Chosen by their own number, not by the pixel: what scrolls must not shimmer.
    if (before != nullptr && it->step / stride == before->step / stride) continue;
    each(*it, before != nullptr && it->step - before->step <= std::max(kMostGap, 2 * stride));
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
    if (!follows) flush();
    const float share = std::clamp(value(sample), 0.0f, 1.0f);
    points.emplace_back(plot.x_at(time_of(sample) + TimelineHistory::kStep),
                        area.max.y - inset - share * (area.height() - 2 * inset));
  });
  flush();
  list->PopClipRect();
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
  std::erase_if(runs, [](const TimelineRun& run) { return run.right - run.left < 0.5f; });
  return runs;
}

std::vector<std::size_t> labels_in_sight(const TimelineHistory& history, int person,
                                         const TimelinePlot& plot, float least) {
  std::array<float, TimelineHistory::kMostLabels> most{};
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

double tick_step(const TimelinePlot& plot, float least) {
  for (const double step : {1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0,
                            3600.0, 7200.0, 21600.0}) {
    if (plot.area.width() * step / plot.span >= least) return step;
  }
  constexpr double kDay = 86400;
  return std::max(1.0, std::ceil(least * plot.span / plot.area.width() / kDay)) * kDay;
}

}  // namespace mien
