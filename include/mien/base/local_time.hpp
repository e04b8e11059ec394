#pragma once

#include <chrono>
#include <string>

namespace mien::base {

/// A time as the user's clock shows it, in a format of std::strftime(): "%Y-%m-%d". At most 63
/// bytes; empty for a time that no calendar has. Any thread.
std::string format_local_time(std::chrono::system_clock::time_point time, const char* format);

}  // namespace mien::base
