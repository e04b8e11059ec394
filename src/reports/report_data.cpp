#include "report_data.hpp"

#include <algorithm>
#include <set>

#include "mien/base/json_fields.hpp"
#include "mien/base/statistics.hpp"

namespace mien::reports {

RecordingQuality recording_quality(const sessions::RecordedSession& session) {
  RecordingQuality quality;
  std::vector<std::uint64_t> numbers;
  for (const auto& row : session.rows) {
    if (!numbers.empty() && numbers.back() == row.frame) continue;
    numbers.push_back(row.frame);
    quality.times.push_back(row.timestamp);
  }
  quality.frames = numbers.size();
  std::set<std::uint64_t> after_pause;
  for (const auto& event : session.events) {
    if (event.kind == sessions::SessionEvent::Kind::gap && event.value > 0) {
      quality.lost += static_cast<std::uint64_t>(event.value);
    }
    if (event.kind == sessions::SessionEvent::Kind::pause ||
        event.kind == sessions::SessionEvent::Kind::resume ||
        event.kind == sessions::SessionEvent::Kind::source) {
      after_pause.insert(event.frame);
    }
  }
  // Newer sessions count them as well; older ones know only the gaps.
  quality.lost = static_cast<std::uint64_t>(std::max<std::int64_t>(
      static_cast<std::int64_t>(quality.lost),
      base::whole_in(base::object_in(session.document, "counts"), "frames_lost")));
  std::vector<double> between;
  for (std::size_t i = 1; i < quality.times.size(); ++i) {
    if (after_pause.count(numbers[i]) > 0) continue;
    const double gap = quality.times[i] - quality.times[i - 1];
    between.push_back(gap);
    if (gap > quality.longest_interval) {
      quality.longest_interval = gap;
      quality.longest_gap_at = quality.times[i - 1];
    }
  }
  if (quality.times.size() > 1) quality.seconds = quality.times.back() - quality.times.front();
  if (between.empty()) return quality;
  double recorded = 0;
  for (const double gap : between) recorded += gap;
  if (recorded > 0) quality.fps = static_cast<double>(between.size()) / recorded;
  quality.median_interval = base::median(between);
  quality.interval_p95 = base::percentile(between, 0.95);
  for (const double gap : between) {
    if (gap > std::max(2.5 * quality.median_interval, 0.1)) ++quality.gaps;
  }
  return quality;
}

ReportData::ReportData(const sessions::RecordedSession& of)
    : session(of), people(summarize_people(of)), quality(recording_quality(of)) {
  for (const auto& person : people) {
    faces += person.rows.size();
    not_sure += person.not_sure_readings;
    for (const auto& [reason, count] : person.reasons) reasons[reason] += count;
  }
  using Kind = sessions::SessionEvent::Kind;
  for (const auto& event : session.events) {
    if (event.kind == Kind::marker || event.kind == Kind::source || event.kind == Kind::model ||
        event.kind == Kind::detector || event.kind == Kind::landmarks ||
        event.kind == Kind::pause || event.kind == Kind::neutral) {
      moments.push_back(&event);
    }
  }
}

}  // namespace mien::reports
