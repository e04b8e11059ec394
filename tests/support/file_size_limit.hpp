#pragma once

#include <cerrno>
#include <csignal>
#include <system_error>

#include <sys/resource.h>

namespace mien::testing {

/// While it lives, no file of this process grows past so many bytes: write() fails where a full
/// disk would make it fail, and in the same places.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    if (::getrlimit(RLIMIT_FSIZE, &before_) != 0) fail();
    rlimit tight = before_;
    tight.rlim_cur = bytes;
    if (::setrlimit(RLIMIT_FSIZE, &tight) != 0) fail();
    old_handler_ = std::signal(SIGXFSZ, SIG_IGN);  // an error, not the end of the process
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, old_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  [[noreturn]] static void fail() {
    throw std::system_error(errno, std::generic_category(), "limit on file sizes");
  }

  rlimit before_{};
  void (*old_handler_)(int) = SIG_DFL;
};

}  // namespace mien::testing
