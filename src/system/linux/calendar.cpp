#include "mien/system/calendar.hpp"

namespace mien::system {

std::optional<std::tm> local_time(std::time_t time) {
  std::tm parts{};
  if (::localtime_r(&time, &parts) == nullptr) return std::nullopt;
  return parts;
}

std::time_t seconds_of_utc(std::tm parts) { return ::timegm(&parts); }

}  // namespace mien::system
