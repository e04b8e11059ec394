#include "formatting.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "mien/base/local_time.hpp"

namespace mien::ui {
namespace {

/// Whole numbers only: their look does not depend on the locale.
template <typename... Args>
std::string format(const char* pattern, Args... args) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), pattern, args...);
  return buffer.data();
}

}  // namespace

std::string format_percent(float share) {
  return format("%ld%%", std::lround(100 * std::clamp(share, 0.0F, 1.0F)));
}

std::string format_clock(double seconds) {
  const long whole = std::lround(std::floor(std::max(0.0, seconds)));
  return format("%02ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string format_duration(double seconds) {
  const long whole = std::lround(std::floor(std::max(0.0, seconds)));
  if (whole < 60) return format("%ld s", whole);
  if (whole < 3600) return format("%ld min", whole / 60);
  return format("%ld h %ld min", whole / 3600, whole / 60 % 60);
}

std::string format_ago(double seconds) {
  const long whole = std::lround(std::max(0.0, seconds));
  if (whole < 60) return format("−%ld s", whole);
  if (whole % 60 == 0) return format("−%ld min", whole / 60);
  return format("−%ld:%02ld min", whole / 60, whole % 60);
}

std::string format_bytes(std::uintmax_t bytes) {
  const double megabytes = static_cast<double>(bytes) / 1e6;
  if (megabytes >= 1000) return base::decimal(megabytes / 1000, 1) + " GB";
  if (megabytes < 9.95) return base::decimal(megabytes, 1) + " MB";
  return base::decimal(megabytes, 0) + " MB";
}

std::string format_size(cv::Size size) { return format("%d×%d", size.width, size.height); }

std::string session_date(const sessions::SessionEntry& session) {
  const auto text = base::format_local_time(session.started, "%e %b %Y, %H:%M");
  if (text.empty() || std::chrono::system_clock::to_time_t(session.started) <= 0) {
    return session.folder.filename().string();
  }
  return text[0] == ' ' ? text.substr(1) : text;  // %e pads with a space
}

std::string format_people(int people) {
  if (people == 0) return "nobody";
  return std::to_string(people) + (people == 1 ? " person" : " people");
}

std::string session_facts(const sessions::SessionEntry& session) {
  // Of what was not closed hardly anything is known before it is recovered.
  if (session.state == sessions::SessionEntry::State::broken && session.seconds <= 0) {
    return format_bytes(session.bytes);
  }
  std::string text = format_clock(session.seconds) + " · " + format_people(session.people);
  return text + " · " + format_bytes(session.bytes);
}

}  // namespace mien::ui
