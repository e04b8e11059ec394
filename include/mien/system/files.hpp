#pragma once

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "mien/system/file_handle.hpp"

namespace mien::system {

/// What std::filesystem does not promise on every system. Errors are as in file_handle.hpp. Any
/// thread.

/// Of what has this name, or of what a link of this name leads to.
FileStatus file_status(const std::filesystem::path& file, std::error_code& error);

/// Whether this user may make files in a folder.
bool may_write_in(const std::filesystem::path& folder);

/// Makes one folder, for the user alone (0700). std::errc::file_exists when something has the
/// name: of two processes that make it at once, only one succeeds.
std::error_code make_private_folder(const std::filesystem::path& folder);

/// Gives a file or folder a new name on the same disk in one step: whoever looks, also after a
/// crash, sees the old or the new, never neither. A file that has the name is replaced; of
/// folders only an empty one, else the error is std::errc::directory_not_empty or file_exists.
std::error_code rename_over(const std::filesystem::path& from, const std::filesystem::path& to);

/// The same, but nothing is replaced: std::errc::file_exists. Where the disk cannot promise
/// that, it is looked up before.
std::error_code rename_new(const std::filesystem::path& from, const std::filesystem::path& to);

/// Brings a folder's list of names to the disk, as far as the system can.
void sync_folder(const std::filesystem::path& folder) noexcept;

/// Brings everything to the disk that was written to files below `folder`. Waits for the disk.
std::error_code sync_all_below(const std::filesystem::path& folder);

/// Whether a write failed because the disk, or the user's share of it, is full.
bool is_disk_full(const std::error_code& error);

struct PatternMatches {
  std::vector<std::string> paths;  ///< in the system's order of names
  std::string closed_folder;       ///< one that could not be looked into; empty for none
};

/// The files and folders that a pattern with *, ? and [...] means, "~/" included. One thread.
PatternMatches match_pattern(const std::string& pattern);

}  // namespace mien::system
