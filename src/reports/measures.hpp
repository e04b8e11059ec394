#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mien/sessions/recorded_session.hpp"

#include "episodes.hpp"

namespace mien::reports {

/// What was measured on a person's face in a session.
struct PersonMeasures {
  /// Of values over time: one in twenty is lower, one in twenty higher, so that a single wrong
  /// mesh does not make the range.
  struct Range {
    double low = 0, middle = 0, high = 0;
  };
  /// Seconds since the session's first frame.
  struct Stretch {
    double from = 0, to = 0;
    std::size_t meshes = 0;  ///< rows with a mesh
  };
  struct MovementMeasure {
    std::string id;
    Range range;
  };
  std::size_t rows = 0;    ///< that were measured
  std::size_t meshes = 0;  ///< of these, with a mesh
  /// Why the others have none, in the words of faces.csv, and how many.
  std::map<std::string, std::size_t> no_mesh;
  int blinks = 0;  ///< that ended in the session
  /// Of the rows in which the eyes are seen, those in which they are closed; nothing when they
  /// never are.
  std::optional<double> closed_share;
  /// Of the rows in which it is known, those that look at the camera; nothing when it never is.
  std::optional<double> camera_share;
  double gaze_known = 0;                   ///< of the rows with a mesh: it is known
  std::optional<Range> yaw, pitch;         ///< degrees; nothing without a mesh
  std::vector<MovementMeasure> movements;  ///< those that are known
  /// What `movements` are of where it is not the whole time: another neutral face is another
  /// zero. The last stretch between two of them that has a tenth of the meshes, or five
  /// seconds; the longest when none has. All the rest does not depend on a neutral face.
  std::optional<Stretch> movements_of;
};

/// Nothing when nobody measured their face.
std::optional<PersonMeasures> measures_of(const sessions::RecordedSession& session,
                                          const PersonSummary& person);

}  // namespace mien::reports
