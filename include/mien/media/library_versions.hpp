#pragma once

#include <string>
#include <utility>
#include <vector>

namespace mien::media {

/// FFmpeg and its libraries with their versions, as they are loaded now. Any thread.
std::vector<std::pair<std::string, std::string>> library_versions();

}  // namespace mien::media
