#pragma once

#include <filesystem>

#include "mien/recording/recorded_session.hpp"

namespace mien {

/// Writes report.html into the session folder, replacing an older report: one self-contained
/// page that needs no network. Takes thumbnails from the video unless the session's privacy
/// forbids it. Returns the file. Throws Error.
std::filesystem::path write_report(const RecordedSession& session);

}  // namespace mien
