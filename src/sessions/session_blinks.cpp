#include "mien/sessions/session_blinks.hpp"

namespace mien::sessions {

SessionBlinks::Row SessionBlinks::next(int person, const RowGeometry& geometry) {
  const auto [found, first] = people_.try_emplace(person, Person{geometry.blinks, 0});
  Person& known = found->second;
  // Fewer than before: counted anew, from 0.
  const int since = geometry.blinks >= known.counted ? known.counted : 0;
  const bool ended = !first && geometry.blinks > since;
  if (ended) known.blinks += geometry.blinks - since;
  known.counted = geometry.blinks;
  return {known.blinks, ended};
}

std::vector<SessionBlinks::Row> blinks_in_session(const RecordedSession& session) {
  SessionBlinks blinks;
  std::vector<SessionBlinks::Row> rows;
  rows.reserve(session.rows.size());
  for (const auto& row : session.rows) {
    rows.push_back(row.success && row.geometry ? blinks.next(row.person, *row.geometry)
                                               : SessionBlinks::Row{});
  }
  return rows;
}

}  // namespace mien::sessions
