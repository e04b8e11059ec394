#include "mien/base/files.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mien/base/error.hpp"

namespace mien {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, const char* what) {
  throw Error("The file " + file.string() + " cannot be " + what + ": " +
              std::generic_category().message(errno) + ".");
}

}  // namespace

RegularFile::RegularFile(std::filesystem::path file) : file_(std::move(file)) {
  // Without O_NONBLOCK, a FIFO is not open before somebody writes to it.
  descriptor_ = ::open(file_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor_ < 0) fail(file_, "read");
  struct stat status {};
  const bool known = ::fstat(descriptor_, &status) == 0;
  if (known && S_ISREG(status.st_mode)) {
    size_ = static_cast<std::uintmax_t>(status.st_size);
    return;
  }
  ::close(descriptor_);
  throw Error("The file " + file_.string() + " cannot be read: it is " +
              (known && S_ISDIR(status.st_mode) ? "a folder." : "no regular file."));
}

RegularFile::~RegularFile() { ::close(descriptor_); }

std::size_t RegularFile::read(char* to, std::size_t count) {
  for (;;) {
    const ssize_t got = ::read(descriptor_, to, count);
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
  const int descriptor =
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) fail(file, "written");
  bool good = true;
  for (std::string_view rest = content; good && !rest.empty();) {
    const ssize_t written = ::write(descriptor, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    good = written >= 0;
    if (good) rest.remove_prefix(static_cast<std::size_t>(written));
  }
  good = good && ::fsync(descriptor) == 0;
  int error = errno;
  if (::close(descriptor) != 0 && good) {
    error = errno;
    good = false;
  }
  if (good && std::rename(temporary.c_str(), file.c_str()) != 0) {
    error = errno;
    good = false;
  }
  if (!good) {
    ::unlink(temporary.c_str());
    errno = error;
    fail(file, "written");
  }
}

std::filesystem::path without_slash(std::filesystem::path folder) {
  return folder.has_filename() ? std::move(folder) : folder.parent_path();
}

std::filesystem::path free_name(const std::filesystem::path& path) {
  auto free = path;
  std::error_code code;
  for (int n = 2; std::filesystem::exists(std::filesystem::symlink_status(free, code)); ++n) {
    free = path.parent_path() /
           (path.stem().string() + '_' + std::to_string(n) + path.extension().string());
  }
  return free;
}

}  // namespace mien
