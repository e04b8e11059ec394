#pragma once

#include <string>
#include <utility>
#include <vector>

namespace mien::models {

/// The libraries that read models and cards and their versions, which are those that the
/// program was built with. Any thread.
std::vector<std::pair<std::string, std::string>> library_versions();

}  // namespace mien::models
