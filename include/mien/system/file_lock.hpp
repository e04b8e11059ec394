#pragma once

#include "mien/system/file_handle.hpp"

namespace mien::system {

/// Locks on whole files that processes agree on; nobody is kept from reading or writing. A lock
/// belongs to the handle that took it and goes when that is closed, however its process ends.

enum class LockResult {
  taken,
  held,         ///< through another handle, of this process or another one
  unsupported,  ///< a file system without locks, or an error
};

/// Tries, and does not wait. `file` was opened for writing.
LockResult lock_file(const FileHandle& file);

/// Whether another handle holds the lock of the file. Does not disturb it; false where there
/// are no locks.
bool is_locked(const FileHandle& file);

}  // namespace mien::system
