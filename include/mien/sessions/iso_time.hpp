#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace mien::sessions {

/// ISO 8601 as session.json has it, to the second: 2026-11-22T07:15:00+01:00, in the local
/// zone.
std::string iso_time(std::chrono::system_clock::time_point time);

/// What iso_time() gave, of any zone; nothing when it is something else.
std::optional<std::chrono::system_clock::time_point> time_from_iso(const std::string& iso);

}  // namespace mien::sessions
