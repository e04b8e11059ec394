#pragma once

#include <cstdint>
#include <string_view>

#include "mien/base/bounded_json.hpp"

namespace mien::sessions {

namespace session_file {

/// What the files in a session folder are called. Export formats name their own:
/// reports/exports.hpp.
inline constexpr std::string_view kVideo = "video.mkv";
inline constexpr std::string_view kFaces = "faces.csv";
inline constexpr std::string_view kEvents = "events.csv";
inline constexpr std::string_view kDocument = "session.json";
inline constexpr std::string_view kReport = "report.html";

/// Behind the name of what is not whole yet: while it is written, and after a crash.
inline constexpr std::string_view kPartial = ".partial";
/// The video of a session that is not closed.
inline constexpr std::string_view kPartialVideo = "video.mkv.partial";

}  // namespace session_file

// What a session may hold. Sessions come from strangers as well: every reader keeps to these,
// and the writer writes nothing beyond them.

/// In seconds: 100 days.
inline constexpr double kMaxSessionSeconds = 100 * 24 * 3600.0;
/// Coordinates and sides of boxes, in pixels; scores and other measures.
inline constexpr float kMaxMeasure = 1e6F;
inline constexpr std::uint64_t kMaxFrames = 1'000'000'000'000;
inline constexpr std::int64_t kMaxEventValue = 1'000'000'000'000;
/// Of session.json: a model of hundreds of labels that was changed hundreds of times.
inline constexpr std::uintmax_t kMaxDocumentBytes = 16 << 20;
/// Of report.html, which the checker looks through: 64 thumbnails and two dozen people.
inline constexpr std::uintmax_t kMaxReportBytes = 256 << 20;

}  // namespace mien::sessions
