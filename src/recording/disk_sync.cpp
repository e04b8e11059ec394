#include "disk_sync.hpp"

#include <cerrno>
#include <chrono>

#include <fcntl.h>
#include <unistd.h>

#include "mien/base/log.hpp"
#include "mien/base/threads.hpp"

namespace mien {
namespace {

/// Milliseconds after which that is logged.
constexpr double kSlowSync = 2000;

}  // namespace

DiskSync::DiskSync() : thread_(start_thread([this] { run(); })) {}

DiskSync::~DiskSync() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
  MutexLock lock(mutex_);
  for (const int descriptor : descriptors_) ::close(descriptor);
}

void DiskSync::add(int descriptor) {
  const int own = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (own < 0) return;  // the files are brought to the disk when they are closed, at least
  MutexLock lock(mutex_);
  descriptors_.push_back(own);
}

void DiskSync::run() {
  log::Period minute(std::chrono::minutes(1));
  for (;;) {
    std::vector<int> descriptors;
    {
      MutexLock lock(mutex_);
      const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{1};
      while (!stopping_ &&
             changed_.wait_until(mutex_, deadline) == std::cv_status::no_timeout) {
      }
      if (stopping_) return;
      descriptors = descriptors_;
    }
    const log::Elapsed took;
    for (const int descriptor : descriptors) {
      // EINVAL: a file system that has nothing to sync.
      if (::fdatasync(descriptor) != 0 && errno != EINVAL && errno != EINTR) problem_ = errno;
    }
    if (took() > kSlowSync && minute.over()) {
      log::warn("recording", "The disk is slow: it took ", took, " ms to write what waited");
    }
  }
}

}  // namespace mien
