#include "mien/system/files.hpp"

#include <cstdio>
#include <glob.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_status.hpp"
#include "native.hpp"

namespace mien::system {
namespace {

FileHandle open_folder(const std::filesystem::path& folder) {
  return FileHandle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

/// The folder that the pattern of this thread may not look into; empty when there is none.
thread_local std::string closed_folder;

int note_closed_folder(const char* folder, int code) {
  if (code == EACCES) closed_folder = folder;
  return 0;  // the others are looked into
}

}  // namespace

FileStatus status_from(const struct stat& told) {
  FileStatus status;
  status.kind = S_ISREG(told.st_mode)   ? FileKind::regular
                : S_ISDIR(told.st_mode) ? FileKind::folder
                                        : FileKind::other;
  status.size = static_cast<std::uintmax_t>(told.st_size);
  status.modified_ns = std::int64_t{told.st_mtim.tv_sec} * 1'000'000'000 + told.st_mtim.tv_nsec;
  status.deleted = told.st_nlink == 0;
  status.identity = {told.st_dev, told.st_ino};
  return status;
}

FileStatus file_status(const std::filesystem::path& file, std::error_code& error) {
  struct stat told {};
  if (::stat(file.c_str(), &told) != 0) {
    error = last_error();
    return {};
  }
  error.clear();
  return status_from(told);
}

bool may_write_in(const std::filesystem::path& folder) {
  return ::access(folder.c_str(), W_OK | X_OK) == 0;
}

std::error_code make_private_folder(const std::filesystem::path& folder) {
  return ::mkdir(folder.c_str(), 0700) == 0 ? std::error_code() : last_error();
}

std::error_code rename_over(const std::filesystem::path& from,
                            const std::filesystem::path& to) {
  return std::rename(from.c_str(), to.c_str()) == 0 ? std::error_code() : last_error();
}

std::error_code rename_new(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
    return {};
  }
  // A kernel or a file system that cannot promise it.
  if (errno != EINVAL && errno != ENOSYS) return last_error();
  std::error_code error;
  // A link that leads nowhere is there as well.
  if (std::filesystem::exists(std::filesystem::symlink_status(to, error))) {
    return std::make_error_code(std::errc::file_exists);
  }
  return rename_over(from, to);
}

void sync_folder(const std::filesystem::path& folder) noexcept {
  const FileHandle opened_folder = open_folder(folder);
  if (opened_folder.valid()) opened_folder.sync();
}

std::error_code sync_all_below(const std::filesystem::path& folder) {
  const FileHandle opened_folder = open_folder(folder);
  if (!opened_folder.valid()) return last_error();
  return ::syncfs(descriptor_of(opened_folder)) == 0 ? std::error_code() : last_error();
}

bool is_disk_full(const std::error_code& error) {
  return error == std::errc::no_space_on_device ||
         error == std::error_code(EDQUOT, std::generic_category());
}

PatternMatches match_pattern(const std::string& pattern) {
  glob_t found{};
  closed_folder.clear();
  // NOLINTNEXTLINE(concurrency-mt-unsafe): see the header
  const int result = ::glob(pattern.c_str(), GLOB_TILDE, &note_closed_folder, &found);
  PatternMatches matches;
  if (result == 0) matches.paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
  matches.closed_folder = closed_folder;
  return matches;
}

}  // namespace mien::system
