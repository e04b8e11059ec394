#pragma once

#include <filesystem>

#include "mien/system/file_handle.hpp"

namespace mien::sessions {

/// Says to other processes that a session is being written: an advisory lock
/// (system/file_lock.hpp) on its faces.csv, which is there from the first moment. It goes
/// with the process, however that ends. On a file system without locks nothing is held, and
/// nothing is seen.
class SessionLock {
 public:
  /// Throws Error when somebody else holds it, or there is no faces.csv.
  explicit SessionLock(const std::filesystem::path& folder);

 private:
  system::FileHandle file_;
};

/// Whether a process that is alive writes or recovers the session: this one or another. Does
/// not disturb it. Never throws; false when there is no faces.csv.
bool is_being_recorded(const std::filesystem::path& folder) noexcept;

}  // namespace mien::sessions
