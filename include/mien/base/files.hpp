#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace mien {

/// Lower-case hex SHA-256 of a file. Throws Error when it cannot be read.
std::string sha256_file(const std::filesystem::path& file);

/// The whole file. Throws Error.
std::string read_text_file(const std::filesystem::path& file);

/// Writes through a temporary file beside it, fsync and rename, so that `file` is the old or
/// the new content, never half. Throws Error.
void write_file_atomically(const std::filesystem::path& file, std::string_view content);

}  // namespace mien
