#pragma once

#include <filesystem>

namespace mien {

/// Makes report.html of a session that has just been closed. False when that fails: then the
/// session is none the worse, and `mien report` says why.
bool make_report(const std::filesystem::path& folder) noexcept;

}  // namespace mien
