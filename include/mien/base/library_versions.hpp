#pragma once

#include <string>
#include <utility>
#include <vector>

namespace mien::base {

/// The library that writes the log, and its version, which is the one that the program was
/// built with. Any thread.
std::vector<std::pair<std::string, std::string>> library_versions();

}  // namespace mien::base
