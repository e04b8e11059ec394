#include "mien/system/file_lock.hpp"

#include <cstdio>

#include <fcntl.h>

#include "native.hpp"

namespace mien::system {
namespace {

struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

}  // namespace

// Locks of the open file, and not of the process, which would lose them when it closes another
// handle of the same file.
LockResult lock_file(const FileHandle& file) {
  auto lock = whole_file();
  if (::fcntl(descriptor_of(file), F_OFD_SETLK, &lock) == 0) return LockResult::taken;
  return errno == EAGAIN || errno == EACCES ? LockResult::held : LockResult::unsupported;
}

bool is_locked(const FileHandle& file) {
  auto lock = whole_file();
  const bool told = ::fcntl(descriptor_of(file), F_OFD_GETLK, &lock) == 0;
  return told && lock.l_type != F_UNLCK;
}

}  // namespace mien::system
