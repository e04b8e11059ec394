#pragma once

#include <string>
#include <utility>
#include <vector>

namespace mien::sources {

/// The library that reads animated WebP, with its version as it is loaded now. libexif does not
/// tell its own. Any thread.
std::vector<std::pair<std::string, std::string>> library_versions();

}  // namespace mien::sources
