#pragma once

#include <cstdint>
#include <string>

#include <opencv2/core.hpp>

#include "mien/base/numbers.hpp"
#include "mien/sessions/session_store.hpp"

namespace mien::ui {

// Numbers: decimal() and signed_decimal() in mien/base/numbers.hpp.

/// "97%": whole percent of a share 0..1.
std::string format_percent(float share);

/// "00:12:41".
std::string format_clock(double seconds);

/// How long: "45 s", "12 min", "1 h 5 min".
std::string format_duration(double seconds);

/// How long ago: "−20 s", "−2 min", "−1:30 min".
std::string format_ago(double seconds);

/// "214 MB", "1.2 GB".
std::string format_bytes(std::uintmax_t bytes);

/// "1280×720".
std::string format_size(cv::Size size);

/// "22 Nov 2026, 07:15", by this computer's clock.
std::string session_date(const sessions::SessionEntry& session);

/// "00:12:41 · 2 people · 214 MB".
std::string session_facts(const sessions::SessionEntry& session);

/// "2 people", "1 person", "nobody".
std::string format_people(int people);

}  // namespace mien::ui
