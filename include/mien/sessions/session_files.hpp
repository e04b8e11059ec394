#pragma once

#include <string_view>

namespace mien::session_file {

/// What the files in a session folder are called. Export formats name their own: exports.hpp.
inline constexpr std::string_view kVideo = "video.mkv";
inline constexpr std::string_view kFaces = "faces.csv";
inline constexpr std::string_view kEvents = "events.csv";
inline constexpr std::string_view kDocument = "session.json";
inline constexpr std::string_view kReport = "report.html";

/// Behind the name of what is not whole yet: while it is written, and after a crash.
inline constexpr std::string_view kPartial = ".partial";
/// The video of a session that is not closed.
inline constexpr std::string_view kPartialVideo = "video.mkv.partial";

}  // namespace mien::session_file
