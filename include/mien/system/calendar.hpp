#pragma once

#include <ctime>
#include <optional>

namespace mien::system {

/// What the C++ library has only in a form that threads must not share, or not at all. Any
/// thread.

/// The user's own time, as std::strftime() takes it; nothing for a year that does not fit.
std::optional<std::tm> local_time(std::time_t time);

/// The reverse for a time in UTC. Parts beyond their range count on, as in std::mktime().
std::time_t seconds_of_utc(std::tm parts);

}  // namespace mien::system
