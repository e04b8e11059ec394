#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "episodes.hpp"
#include "report_data.hpp"

namespace mien::reports {

// The report's pictures: SVG for inline use, without scripts and fonts of their own. What is
// said by colour is said by place, words or pattern as well. They refer to the pattern #unsure,
// which the page defines once.

/// One person's expressions over the session's time: what was said, a lane for each label from
/// 0 to 100 %, valence, numbered moments. At most `bins` steps wide, however long it was.
std::string timeline_chart(const ReportData& data, const PersonSummary& person, int bins);

/// Who was there when and what was said of them: a lane a person.
std::string presence_chart(const ReportData& data,
                           const std::vector<const PersonSummary*>& people, int bins);

/// Frames a second over the session's time.
std::string rate_chart(const ReportData& data);

/// One bar of a list.
struct Bar {
  std::string word;   ///< plain text
  double share = 0;   ///< 0..1
  std::string value;  ///< behind the bar, plain text
  std::string more;   ///< behind that, plain text; may be empty
  std::string fill;   ///< a colour or url(#unsure)
  std::string outline;
};
std::string bar_chart(const std::vector<Bar>& bars, std::string_view label);

/// From label to label, how often.
std::string transition_table(const PersonSummary& person,
                             const std::vector<std::string>& labels);

/// One person's readings, gathered into equal steps of the session's time, so that an hour
/// draws as fast as a minute. A reading counts for the time that it stands.
struct BinnedPerson {
  std::vector<std::vector<float>> mean;  ///< [label][bin], 0..1, weighted by time
  std::vector<std::vector<float>> most;  ///< [label][bin], 0..1
  std::vector<float> valence;            ///< [bin], mean
  std::vector<int> said;  ///< [bin], what was said longest; -1 not sure, -2 not there
};

/// `median_interval`: how long the last reading before somebody leaves stands, in seconds.
BinnedPerson bin_person(const sessions::RecordedSession& session, const PersonSummary& person,
                        double session_seconds, double median_interval, int bins);

}  // namespace mien::reports
