#include "mien/base/local_time.hpp"

#include <array>
#include <ctime>

#include "mien/system/calendar.hpp"

namespace mien::base {

std::string format_local_time(std::chrono::system_clock::time_point time, const char* format) {
  const auto local = system::local_time(std::chrono::system_clock::to_time_t(time));
  if (!local) return {};
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), format, &*local)};
}

}  // namespace mien::base
