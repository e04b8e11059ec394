#include "measures.hpp"

#include <algorithm>
#include <cmath>

#include "mien/base/statistics.hpp"
#include "mien/sessions/session_blinks.hpp"

namespace mien::reports {
namespace {

constexpr double kTail = 0.05;

PersonMeasures::Range range_of(const std::vector<double>& values) {
  return {base::percentile(values, kTail), base::percentile(values, 0.5),
          base::percentile(values, 1 - kTail)};
}

}  // namespace

std::optional<PersonMeasures> measures_of(const sessions::RecordedSession& session,
                                          const PersonSummary& person) {
  PersonMeasures measures;
  std::vector<double> yaw, pitch;
  std::vector<std::vector<double>> movements(session.movements.size());
  std::size_t seen = 0, closed = 0, looking = 0, known = 0;
  sessions::SessionBlinks blinks;
  for (const auto index : person.rows) {
    const auto& geometry = session.rows[index].geometry;
    if (!geometry) continue;
    ++measures.rows;
    measures.blinks = blinks.next(session.rows[index].person, *geometry).blinks;
    if (!geometry->has_pose()) continue;
    ++measures.meshes;
    if (std::isfinite(geometry->eyes_open)) {
      ++seen;
      closed += geometry->eyes_closed ? 1 : 0;
    }
    known += geometry->looks_at_camera ? 1 : 0;
    looking += geometry->looks_at_camera.value_or(false) ? 1 : 0;
    yaw.push_back(static_cast<double>(geometry->yaw));
    pitch.push_back(static_cast<double>(geometry->pitch));
    for (std::size_t i = 0; i < std::min(movements.size(), geometry->movements.size()); ++i) {
      const auto value = static_cast<double>(geometry->movements[i]);
      if (std::isfinite(value)) movements[i].push_back(value);
    }
  }
  if (measures.rows == 0) return std::nullopt;
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
  for (std::size_t i = 0; i < movements.size(); ++i) {
    if (!movements[i].empty()) {
      measures.movements.push_back({session.movements[i], range_of(movements[i])});
    }
  }
  return measures;
}

}  // namespace mien::reports
