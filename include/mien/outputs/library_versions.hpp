#pragma once

#include <string>
#include <utility>
#include <vector>

namespace mien::outputs {

/// The libraries that send and their versions, as they are loaded now. Any thread.
std::vector<std::pair<std::string, std::string>> library_versions();

}  // namespace mien::outputs
