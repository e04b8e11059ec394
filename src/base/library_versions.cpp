#include "mien/base/library_versions.hpp"

#include <spdlog/version.h>

namespace mien::base {

std::vector<std::pair<std::string, std::string>> library_versions() {
  return {{"spdlog", std::to_string(SPDLOG_VER_MAJOR) + '.' + std::to_string(SPDLOG_VER_MINOR) +
                         '.' + std::to_string(SPDLOG_VER_PATCH)}};
}

}  // namespace mien::base
