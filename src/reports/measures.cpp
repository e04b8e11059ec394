#include "measures.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "mien/base/statistics.hpp"
#include "mien/sessions/session_blinks.hpp"

namespace mien::reports {
namespace {

constexpr double kTail = 0.05;

PersonMeasures::Range range_of(const std::vector<double>& values) {
  return {base::percentile(values, kTail), base::median(values),
          base::percentile(values, 1 - kTail)};
}

/// Less than both says little of a person.
constexpr double kLeastShare = 0.1;  // of the rows with a mesh
constexpr double kLeastSeconds = 5;

/// Whether what counts as 0 in the person's movements is another one from there on.
bool cuts(const sessions::SessionEvent& event, int person) {
  using Kind = sessions::SessionEvent::Kind;
  if (event.kind == Kind::landmarks) return true;
  return event.kind == Kind::neutral && event.person == person &&
         event.value != sessions::kNeutralExpressions;
}

/// The person's rows with a mesh, cut where another neutral face of theirs, or another mesh,
/// begins to count.
std::vector<std::vector<std::size_t>> stretches_of(const sessions::RecordedSession& session,
                                                   int person,
                                                   const std::vector<std::size_t>& rows) {
  std::vector<std::uint64_t> frames;
  for (const auto& event : session.events) {
    if (cuts(event, person)) frames.push_back(event.frame);
  }
  std::sort(frames.begin(), frames.end());
  std::vector<std::vector<std::size_t>> stretches;
  auto cut = frames.begin();
  bool begins = true;
  for (const auto index : rows) {
    for (; cut != frames.end() && *cut <= session.rows[index].frame; ++cut) begins = true;
    if (std::exchange(begins, false)) stretches.emplace_back();
    stretches.back().push_back(index);
  }
  return stretches;
}

/// While they were seen: longer gaps belong to nobody.
double seconds_of(const sessions::RecordedSession& session,
                  const std::vector<std::size_t>& rows) {
  double seconds = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const double step = session.rows[rows[i]].timestamp - session.rows[rows[i - 1]].timestamp;
    if (step <= kMaxGapSeconds) seconds += step;
  }
  return seconds;
}

/// The newest stretch that is long enough, as somebody who sets neutral means what follows.
const std::vector<std::size_t>& telling(const sessions::RecordedSession& session,
                                        const std::vector<std::vector<std::size_t>>& stretches,
                                        std::size_t meshes) {
  const auto long_enough = [&](const std::vector<std::size_t>& stretch) {
    return static_cast<double>(stretch.size()) >= kLeastShare * static_cast<double>(meshes) ||
           seconds_of(session, stretch) >= kLeastSeconds;
  };
  const auto newest = std::find_if(stretches.rbegin(), stretches.rend(), long_enough);
  if (newest != stretches.rend()) return *newest;
  return *std::max_element(stretches.begin(), stretches.end(),
                           [](const auto& a, const auto& b) { return a.size() < b.size(); });
}

void measure_movements(PersonMeasures& measures, const sessions::RecordedSession& session,
                       int person, const std::vector<std::size_t>& meshes) {
  const auto stretches = stretches_of(session, person, meshes);
  if (stretches.empty()) return;
  const auto& rows = telling(session, stretches, meshes.size());
  if (rows.size() < meshes.size()) {
    measures.movements_of = {session.rows[rows.front()].timestamp,
                             session.rows[rows.back()].timestamp, rows.size()};
  }
  for (std::size_t i = 0; i < session.movements.size(); ++i) {
    std::vector<double> values;
    for (const auto index : rows) {
      const auto& movements = session.rows[index].geometry->movements;
      if (i >= movements.size() || !std::isfinite(movements[i])) continue;
      values.push_back(static_cast<double>(movements[i]));
    }
    if (!values.empty()) measures.movements.push_back({session.movements[i], range_of(values)});
  }
}

}  // namespace

std::optional<PersonMeasures> measures_of(const sessions::RecordedSession& session,
                                          const PersonSummary& person) {
  PersonMeasures measures;
  std::vector<double> yaw, pitch;
  std::vector<std::size_t> meshes;
  std::size_t seen = 0, closed = 0, looking = 0, known = 0;
  sessions::SessionBlinks blinks;
  for (const auto index : person.rows) {
    const auto& geometry = session.rows[index].geometry;
    if (!geometry) continue;
    ++measures.rows;
    measures.blinks = blinks.next(session.rows[index].person, *geometry).blinks;
    if (!geometry->has_pose()) {
      ++measures.no_mesh[geometry->no_mesh];
      continue;
    }
    meshes.push_back(index);
    if (std::isfinite(geometry->eyes_open)) {
      ++seen;
      closed += geometry->eyes_closed ? 1 : 0;
    }
    known += geometry->looks_at_camera ? 1 : 0;
    looking += geometry->looks_at_camera.value_or(false) ? 1 : 0;
    yaw.push_back(static_cast<double>(geometry->yaw));
    pitch.push_back(static_cast<double>(geometry->pitch));
  }
  if (measures.rows == 0) return std::nullopt;
  measures.meshes = meshes.size();
  if (seen > 0) {
    measures.closed_share = static_cast<double>(closed) / static_cast<double>(seen);
  }
  if (measures.meshes > 0) {
    measures.gaze_known = static_cast<double>(known) / static_cast<double>(measures.meshes);
    if (known > 0) {
      measures.camera_share = static_cast<double>(looking) / static_cast<double>(known);
    }
    measures.yaw = range_of(yaw);
    measures.pitch = range_of(pitch);
  }
  measure_movements(measures, session, person.person, meshes);
  return measures;
}

}  // namespace mien::reports
