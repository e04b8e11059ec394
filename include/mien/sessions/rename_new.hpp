#pragma once

#include <filesystem>

namespace mien {

/// Gives a file its name, never taking it from another one. Throws Error.
void rename_new(const std::filesystem::path& from, const std::filesystem::path& to);

/// Brings the names in a folder to the disk; a failure is not told: the files are there.
void sync_folder(const std::filesystem::path& folder) noexcept;

}  // namespace mien
