#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mien::system {

/// The link in one of `folders` that leads to `device`; the first in order of folder and name.
/// Else `device` itself.
std::string stable_path_of(const std::string& device,
                           const std::vector<std::filesystem::path>& folders);

}  // namespace mien::system
