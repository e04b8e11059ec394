#pragma once

#include <map>
#include <vector>

#include "mien/sessions/recorded_session.hpp"

namespace mien::sessions {

/// The blinks that ended within a session. The table counts from when a person was first seen,
/// which may be long before the session began, and anew with another landmarks model. A value;
/// one thread.
class SessionBlinks {
 public:
  struct Row {
    int blinks = 0;      ///< of the person, since the session began
    bool ended = false;  ///< one in this row
  };
  /// The next row of a person that was measured, in the session's order.
  Row next(int person, const RowGeometry& geometry);

 private:
  struct Person {
    int counted = 0;  ///< by the table, in the row before
    int blinks = 0;
  };
  std::map<int, Person> people_;
};

/// One for each of the session's rows; nothing in those that were not measured.
std::vector<SessionBlinks::Row> blinks_in_session(const RecordedSession& session);

}  // namespace mien::sessions
