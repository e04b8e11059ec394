#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "mien/sessions/recorded_session.hpp"

namespace mien::reports {

/// A stretch in which the program said the same of a person.
struct Episode {
  int label = -1;    ///< index into the session's labels; -1: not sure
  double start = 0;  ///< seconds since the session's first frame
  double end = 0;    ///< when something else was said, or when they were seen last
  std::uint64_t first_frame = 0;
  std::uint64_t last_frame = 0;
  float peak = 0;            ///< the highest certainty
  std::size_t peak_row = 0;  ///< index into the session's rows
  std::string reason;        ///< of what is not sure: the first one

  double seconds() const { return end - start; }
};

/// What one person showed in a session. Sums are those of emotions/signals.hpp, from rows
/// instead of frames: each reading stands until the next one of the same person, unless that is
/// more than a second away or another source has come in between.
struct PersonSummary {
  int person = 0;
  std::vector<std::size_t> rows;  ///< theirs, indices into the session's rows
  double first_seen = 0;
  double last_seen = 0;
  double seconds = 0;                 ///< seen
  std::vector<double> label_seconds;  ///< in the order of the labels: said with certainty
  double not_sure_seconds = 0;
  std::vector<std::uint64_t> label_readings;  ///< how often each label was said
  std::uint64_t not_sure_readings = 0;
  std::map<std::string, std::uint64_t> reasons;  ///< of what is not sure -> readings
  /// From one label to another, *not sure* in between or not -> how often.
  std::map<std::pair<int, int>, int> transitions;
  std::vector<Episode> episodes;  ///< in order of time
  double mean_valence = 0;        ///< over time; over readings when no time passed
  float least_valence = 0;
  float most_valence = 0;

  int transition_count() const;
  /// Share of the time seen, 0..1; of the readings when no time passed (a single picture).
  double share(std::size_t label) const;
  double not_sure_share() const;
};

/// Longer gaps between two readings of a person belong to nobody, as for Signals.
inline constexpr double kMaxGapSeconds = 1.0;

/// Everybody in the session, by number.
std::vector<PersonSummary> summarize_people(const sessions::RecordedSession& session);

/// The verdict of a row as an index into `labels`; -1 when it is not sure or not a label.
int label_index(const std::vector<std::string>& labels, const std::string& verdict);

}  // namespace mien::reports
