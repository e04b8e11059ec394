#pragma once

#include <filesystem>
#include <string>

namespace mien::system {

/// The value behind `key` in a file of lines "key : value" or "key=value", without quotation
/// marks; empty when there is none.
std::string value_in_file(const std::filesystem::path& file, const std::string& key,
                          char between = ':');

/// The first line of a file without the spaces around it; empty when it cannot be read.
std::string first_line_of(const std::filesystem::path& file);

}  // namespace mien::system
