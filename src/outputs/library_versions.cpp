#include "mien/outputs/library_versions.hpp"

#include <array>
#include <civetweb.h>
#include <lo/lo.h>

namespace mien::outputs {

std::vector<std::pair<std::string, std::string>> library_versions() {
  std::array<char, 32> lo{};
  lo_version(lo.data(), static_cast<int>(lo.size()), nullptr, nullptr, nullptr, 0, nullptr,
             nullptr, nullptr);
  return {{"civetweb", mg_version()}, {"liblo", lo.data()}};
}

}  // namespace mien::outputs
