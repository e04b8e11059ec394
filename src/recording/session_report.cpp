#include "session_report.hpp"

#include <exception>

#include "mien/recording/recorded_session.hpp"
#include "mien/recording/report.hpp"

namespace mien {

bool make_report(const std::filesystem::path& folder) noexcept {
  try {
    write_report(read_session(folder));
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace mien
