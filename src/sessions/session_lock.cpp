#include "mien/sessions/session_lock.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/sessions/session_files.hpp"

namespace mien::sessions {
namespace {

constexpr auto kLockedFile = session_file::kFaces;

struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

}  // namespace

SessionLock::SessionLock(const std::filesystem::path& folder) {
  const auto file = folder / kLockedFile;
  // Not through a link: recovery cuts off what it locks.
  descriptor_ =
      base::FileDescriptor(::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
  if (!descriptor_.valid()) {
    throw base::Error("The session " + folder.string() +
                      " cannot be used: " + std::generic_category().message(errno) + ".");
  }
  auto lock = whole_file();
  if (::fcntl(descriptor_.get(), F_OFD_SETLK, &lock) == 0) return;
  if (errno != EAGAIN && errno != EACCES) return;  // a file system without locks
  throw base::Error("The session " + folder.string() +
                    " is being written by a mien that runs; stop its recording first.");
}

bool is_being_recorded(const std::filesystem::path& folder) noexcept {
  // Opening a FIFO would wait for somebody to write to it.
  const base::FileDescriptor descriptor(
      ::open((folder / kLockedFile).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!descriptor.valid()) return false;
  auto lock = whole_file();
  const bool asked = ::fcntl(descriptor.get(), F_OFD_GETLK, &lock) == 0;
  return asked && lock.l_type != F_UNLCK;
}

}  // namespace mien::sessions
