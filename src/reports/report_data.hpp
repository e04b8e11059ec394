#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "mien/sessions/recorded_session.hpp"

#include "episodes.hpp"

namespace mien::reports {

/// How well the session was recorded, from its frames' own times.
struct RecordingQuality {
  std::uint64_t frames = 0;
  double seconds = 0;           ///< first to last frame
  double fps = 0;               ///< mean; 0 with less than two frames
  double median_interval = 0;   ///< median time between frames, seconds
  double interval_p95 = 0;      ///< 19 of 20 are shorter
  double longest_interval = 0;  ///< pauses left out
  double longest_gap_at = 0;
  std::uint64_t gaps =
      0;  ///< more than 2.5 times the usual one, and more than a tenth of a second
  std::uint64_t lost = 0;     ///< frames that the source or the program lost
  std::vector<double> times;  ///< of each frame
};

RecordingQuality recording_quality(const sessions::RecordedSession& session);

/// What the report is made from: read once, used by every part of the page.
struct ReportData {
  explicit ReportData(const sessions::RecordedSession& of);

  const sessions::RecordedSession& session;
  std::vector<PersonSummary> people;  ///< by number
  RecordingQuality quality;
  std::uint64_t faces = 0;     ///< rows with a face
  std::uint64_t not_sure = 0;  ///< of these
  std::map<std::string, std::uint64_t> reasons;
  /// What is numbered in the charts and listed: markers, changes of source, model and detector,
  /// pauses. In order of time.
  std::vector<const sessions::SessionEvent*> moments;
};

}  // namespace mien::reports
