#include "rotating_file.hpp"

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"

namespace mien::base {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, int reason) {
  throw Error("The file " + file.string() +
              " cannot be written: " + std::generic_category().message(reason) + ".");
}

}  // namespace

RotatingFile::RotatingFile(std::filesystem::path file, std::uintmax_t largest)
    : file_(std::move(file)), largest_(largest) {}

bool RotatingFile::prepare() {
  const bool first = !descriptor_.valid();
  if (first) open();
  struct stat now {};
  if (::fstat(descriptor_.get(), &now) != 0) fail(file_, errno);
  const bool deleted = now.st_nlink == 0;
  if (!deleted && std::cmp_less(now.st_size, largest_)) return first;
  if (!deleted) {
    // Another process rotates at this moment; it is followed with the next line.
    if (::flock(descriptor_.get(), LOCK_EX | LOCK_NB) != 0) return first;
    if (!is_moved()) rotate();
  }
  close();
  open();
  return true;
}

void RotatingFile::append(std::string_view line) {
  const std::string completed =
      std::exchange(partial_line_, false) ? "\n" + std::string(line) : "";
  if (!completed.empty()) line = completed;
  ssize_t written = 0;
  do {
    written = ::write(descriptor_.get(), line.data(), line.size());
  } while (written < 0 && errno == EINTR);
  if (std::cmp_equal(written, line.size())) return;
  const int reason = written < 0 ? errno : ENOSPC;
  partial_line_ = written > 0 || !completed.empty();
  fail(file_, reason);
}

void RotatingFile::open() {
  if (const auto error = make_private_folders(file_.parent_path())) fail(file_, error.value());
  // Without O_NONBLOCK, a FIFO of that name is not open before somebody reads it.
  constexpr int kMode = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  descriptor_ = FileDescriptor(::open(file_.c_str(), kMode, 0600));
  if (!descriptor_.valid()) fail(file_, errno);
  struct stat status {};
  if (::fstat(descriptor_.get(), &status) == 0 && S_ISREG(status.st_mode)) return;
  close();
  fail(file_, EINVAL);
}

void RotatingFile::close() {
  descriptor_.close();
  partial_line_ = false;
}

/// Whether the name belongs to another file, or to none: another process has rotated.
bool RotatingFile::is_moved() const {
  struct stat ours {};
  struct stat named {};
  return ::fstat(descriptor_.get(), &ours) != 0 || ::stat(file_.c_str(), &named) != 0 ||
         ours.st_ino != named.st_ino || ours.st_dev != named.st_dev;
}

void RotatingFile::rotate() const {
  const auto numbered = [this](int n) { return file_.string() + "." + std::to_string(n); };
  std::rename(numbered(1).c_str(), numbered(2).c_str());  // there may be none
  // It must not grow for ever, also where the folder may not be changed.
  if (std::rename(file_.c_str(), numbered(1).c_str()) != 0) {
    [[maybe_unused]] const int cut = ::ftruncate(descriptor_.get(), 0);
  }
}

}  // namespace mien::base
