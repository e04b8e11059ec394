#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace mien::sessions {

/// ISO 8601 as session.json has it, to the second: 2026-11-22T07:15:00+01:00, in the local
/// zone.
std::string iso_time(std::chrono::system_clock::time_point time);

/// The time of so many seconds since 1970; nothing before that and from the year 2200 on: names
/// and documents may say any year, and the clock's nanoseconds overflow in 2262.
std::optional<std::chrono::system_clock::time_point> time_from_seconds(std::int64_t seconds);

/// What iso_time() gave, of any zone; nothing when it is something else.
std::optional<std::chrono::system_clock::time_point> time_from_iso(const std::string& iso);

}  // namespace mien::sessions
