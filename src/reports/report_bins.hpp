#pragma once

#include <vector>

#include "episodes.hpp"

namespace mien {

/// One person's readings, gathered into equal steps of the session's time, so that an hour
/// draws as fast as a minute. A reading counts for the time that it stands.
struct BinnedPerson {
  std::vector<std::vector<float>> mean;  ///< [label][bin], 0..1, weighted by time
  std::vector<std::vector<float>> most;  ///< [label][bin], 0..1
  std::vector<float> valence;            ///< [bin], mean
  std::vector<int> said;  ///< [bin], what was said longest; -1 not sure, -2 not there
};

/// `usual_gap`: how long the last reading before somebody leaves stands, in seconds.
BinnedPerson bin_person(const RecordedSession& session, const PersonSummary& person,
                        double session_seconds, double usual_gap, int bins);

}  // namespace mien
