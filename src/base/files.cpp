#include "mien/base/files.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <memory>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mien/base/error.hpp"

namespace mien::base {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, const char* what) {
  throw Error("The file " + file.string() + " cannot be " + what + ": " +
              std::generic_category().message(errno) + ".");
}

/// A link that leads nowhere is there as well.
bool is_there(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::exists(std::filesystem::symlink_status(path, error));
}

}  // namespace

// Without O_NONBLOCK, a FIFO is not open before somebody writes to it.
RegularFile::RegularFile(std::filesystem::path file)
    : file_(std::move(file)),
      descriptor_(::open(file_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {
  if (!descriptor_.valid()) fail(file_, "read");
  struct stat status {};
  const bool known = ::fstat(descriptor_.get(), &status) == 0;
  if (known && S_ISREG(status.st_mode)) {
    size_ = static_cast<std::uintmax_t>(status.st_size);
    return;
  }
  throw Error("The file " + file_.string() + " cannot be read: it is " +
              (known && S_ISDIR(status.st_mode) ? "a folder." : "no regular file."));
}

std::size_t RegularFile::read(char* to, std::size_t count) {
  for (;;) {
    const ssize_t got = ::read(descriptor_.get(), to, count);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) fail(file_, "read");
  }
}

std::string read_text_file(const std::filesystem::path& path, std::uintmax_t most_bytes) {
  RegularFile file(path);
  const auto refuse_large = [&] {
    throw Error("The file " + path.string() + " cannot be read: it holds more than " +
                std::to_string(most_bytes) + " bytes.");
  };
  if (file.size() > most_bytes) refuse_large();
  std::string text;
  // Files below /proc have no size, and others may grow while they are read.
  std::size_t wanted = static_cast<std::size_t>(file.size()) + 1;
  for (std::size_t got = 0;;) {
    text.resize(got + wanted);
    const auto count = file.read(text.data() + got, wanted);
    got += count;
    if (got > most_bytes) refuse_large();
    if (count == 0) {
      text.resize(got);
      return text;
    }
    wanted = std::max<std::size_t>(text.size() - got, 1 << 12);
  }
}

std::error_code make_private_folders(const std::filesystem::path& folder) {
  std::error_code error;
  if (folder.empty() || std::filesystem::is_directory(folder, error)) return {};
  const auto above = without_slash(folder).parent_path();
  if (const auto failed = make_private_folders(above)) return failed;
  if (::mkdir(folder.c_str(), 0700) == 0) return {};
  const std::error_code reason(errno, std::generic_category());
  // Another program may have made it just now.
  return std::filesystem::is_directory(folder, error) ? std::error_code() : reason;
}

void write_file_atomically(const std::filesystem::path& file, std::string_view content) {
  // The process id and a number keep two programs, and two threads, that write at once out of
  // each other's half. What has the name already is the half of a program that was killed.
  static std::atomic<unsigned> writes{0};
  const std::string temporary = file.string() + "." + std::to_string(::getpid()) + "-" +
                                std::to_string(++writes) + ".partial";
  ::unlink(temporary.c_str());
  FileDescriptor descriptor = create_private_file(temporary);
  if (!descriptor.valid()) fail(file, "written");
  std::size_t written = 0;
  int error = write_all(descriptor.get(), content, written);
  if (error == 0) error = sync_file(descriptor.get());
  if (const int closing = descriptor.close(); error == 0) error = closing;
  if (error == 0 && std::rename(temporary.c_str(), file.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(temporary.c_str());
    errno = error;
    fail(file, "written");
  }
}

std::filesystem::path without_slash(std::filesystem::path folder) {
  return folder.has_filename() ? std::move(folder) : folder.parent_path();
}

std::filesystem::path free_name(const std::filesystem::path& file) {
  const auto ending = file.extension().string();
  return file.parent_path() /
         (first_free(file.stem().string(), "_",
                     [&](const auto& stem) {
                       return is_there(file.parent_path() / (stem + ending));
                     }) +
          ending);
}

std::filesystem::path free_folder_name(const std::filesystem::path& folder) {
  return folder.parent_path() /
         first_free(folder.filename().string(), "_",
                    [&](const auto& name) { return is_there(folder.parent_path() / name); });
}

std::string time_stamp_for_names() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  std::array<char, 40> stamp{};
  std::strftime(stamp.data(), stamp.size(), "%Y-%m-%d_%H-%M-%S", &local);
  return stamp.data();
}

void rename_new(const std::filesystem::path& from, const std::filesystem::path& to) {
  int code = 0;
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
    code = errno;
  }
  if (code == EINVAL || code == ENOSYS) {  // a kernel or a file system that cannot promise it
    code = 0;
    if (is_there(to)) {
      code = EEXIST;
    } else if (std::rename(from.c_str(), to.c_str()) != 0) {
      code = errno;
    }
  }
  if (code != 0) {
    std::error_code ignored;
    throw Error((std::filesystem::is_directory(from, ignored) ? "The folder " : "The file ") +
                from.string() + " cannot be renamed to " + to.filename().string() + ": " +
                std::generic_category().message(code) + ".");
  }
}

void sync_folder(const std::filesystem::path& folder) noexcept {
  const FileDescriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.valid()) sync_file(descriptor.get());
}

int write_all(int descriptor, std::string_view bytes, std::size_t& written) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(count));
    written += static_cast<std::size_t>(count);
  }
  return 0;
}

}  // namespace mien::base
