#pragma once

#include <filesystem>

#include "mien/sessions/recorded_session.hpp"

namespace mien::reports {

/// Writes report.html into the session folder, replacing an older report: one self-contained
/// page that needs no network. Takes thumbnails from the video unless the session's privacy
/// forbids it. Returns the file. Throws Error.
std::filesystem::path write_report(const sessions::RecordedSession& session);

/// Makes the report of a session that has just been closed or recovered. False when that fails:
/// the session itself is unaffected, and `mien report` says why.
bool make_report(const std::filesystem::path& folder) noexcept;

}  // namespace mien::reports
