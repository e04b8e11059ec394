#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include "mien/system/file_handle.hpp"

namespace mien::base {

/// A regular file, or a link to one, open for reading. FIFOs, devices, sockets and folders are
/// refused, and opening one never waits: folders that others made may hold any of them. One
/// thread.
class RegularFile {
 public:
  /// Throws Error with a sentence per reason.
  explicit RegularFile(std::filesystem::path file);

  /// When it was opened, in bytes.
  std::uintmax_t size() const { return size_; }
  /// Up to `count` bytes into `to`; 0 at the end. Throws Error.
  std::size_t read(char* to, std::size_t count);

 private:
  std::filesystem::path file_;
  system::FileHandle handle_;
  std::uintmax_t size_ = 0;
};

/// What read_text_file() takes unless it is told otherwise: as much as an ONNX file may have.
inline constexpr std::uintmax_t kMaxFileBytes = std::uintmax_t{1} << 31;

/// The whole file, as RegularFile reads it. Throws Error, also when it holds more than
/// `most_bytes`.
std::string read_text_file(const std::filesystem::path& file,
                           std::uintmax_t most_bytes = kMaxFileBytes);

/// Makes `folder` and those above it that are missing, for the user alone (0700). Folders that
/// are there keep their permissions. Returns what went wrong, if anything.
std::error_code make_private_folders(const std::filesystem::path& folder);

/// Writes through a temporary file beside it, fsync and rename, so that `file` is the old or
/// the new content, never half, whoever else writes it at the same time; for the user alone
/// (0600). Throws Error.
void write_file_atomically(const std::filesystem::path& file, std::string_view content);

/// "photos/" as "photos", whose last part is its name.
std::filesystem::path without_slash(std::filesystem::path folder);

/// `name`, or the first of `name`, `before`, 2, 3 ... put together that is not taken: "clip",
/// "clip_2", "clip_3". `taken` is asked of each.
template <typename Taken>
std::string first_free(const std::string& name, std::string_view before, Taken&& taken) {
  std::string free = name;
  for (int number = 2; taken(free); ++number) {
    free = name + std::string(before) + std::to_string(number);
  }
  return free;
}

/// `file`, or with _2, _3 ... before its ending when something has that name already:
/// "pyfeat.csv" -> "pyfeat_2.csv". Whoever makes it must still expect that another program
/// takes the name first.
std::filesystem::path free_name(const std::filesystem::path& file);

/// As free_name(), for a folder: a dot in its name begins no ending.
std::filesystem::path free_folder_name(const std::filesystem::path& folder);

/// The local time now as a part of a file's name: "2026-11-22_07-15-00".
std::string time_stamp_for_names();

/// Renames a file or a folder and never replaces what has that name already. Throws Error.
void rename_new(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace mien::base
