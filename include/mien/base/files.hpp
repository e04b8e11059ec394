#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <system_error>

namespace mien {

/// Lower-case hex SHA-256 of a file. Throws Error when it cannot be read.
std::string sha256_file(const std::filesystem::path& file);

/// The whole file. Throws Error.
std::string read_text_file(const std::filesystem::path& file);

/// Makes `folder` and those above it that are missing, for the user alone (0700). Folders that
/// are there keep their permissions. Returns what went wrong, if anything.
std::error_code make_private_folders(const std::filesystem::path& folder);

/// Writes through a temporary file beside it, fsync and rename, so that `file` is the old or
/// the new content, never half; for the user alone (0600). Throws Error.
void write_file_atomically(const std::filesystem::path& file, std::string_view content);

}  // namespace mien
