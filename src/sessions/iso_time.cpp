#include "mien/sessions/iso_time.hpp"

#include <ctime>
#include <string_view>

#include "mien/base/local_time.hpp"
#include "mien/base/numbers.hpp"
#include "mien/system/calendar.hpp"

namespace mien::sessions {

std::string iso_time(std::chrono::system_clock::time_point time) {
  std::string result = base::format_local_time(time, "%Y-%m-%dT%H:%M:%S%z");
  if (result.size() > 5) result.insert(result.size() - 2, ":");  // +0100 -> +01:00
  return result;
}

std::optional<std::chrono::system_clock::time_point> time_from_seconds(std::int64_t seconds) {
  constexpr std::int64_t kYear2200 = 7'258'118'400;
  if (seconds < 0 || seconds >= kYear2200) return std::nullopt;
  return std::chrono::system_clock::from_time_t(seconds);
}

std::optional<std::chrono::system_clock::time_point> time_from_iso(const std::string& iso) {
  std::tm parts{};
  int offset_hours = 0;
  int offset_minutes = 0;
  const std::string_view text = iso;
  if (text.size() < 25 || text[10] != 'T' || (text[19] != '+' && text[19] != '-') ||
      !base::parse_number(text.substr(0, 4), parts.tm_year) ||
      !base::parse_number(text.substr(5, 2), parts.tm_mon) ||
      !base::parse_number(text.substr(8, 2), parts.tm_mday) ||
      !base::parse_number(text.substr(11, 2), parts.tm_hour) ||
      !base::parse_number(text.substr(14, 2), parts.tm_min) ||
      !base::parse_number(text.substr(17, 2), parts.tm_sec) ||
      !base::parse_number(text.substr(20, 2), offset_hours) ||
      !base::parse_number(text.substr(23, 2), offset_minutes)) {
    return std::nullopt;
  }
  const auto within = [](int value, int least, int most) {
    return value >= least && value <= most;
  };
  if (!within(parts.tm_mon, 1, 12) || !within(parts.tm_mday, 1, 31) ||
      !within(parts.tm_hour, 0, 23) || !within(parts.tm_min, 0, 59) ||
      !within(parts.tm_sec, 0, 60) || !within(offset_hours, 0, 23) ||
      !within(offset_minutes, 0, 59)) {
    return std::nullopt;
  }
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  const int offset = (offset_hours * 60 + offset_minutes) * 60;
  return time_from_seconds(system::seconds_of_utc(parts) -
                           (text[19] == '-' ? -offset : offset));
}

}  // namespace mien::sessions
