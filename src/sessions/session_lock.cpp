#include "mien/sessions/session_lock.hpp"

#include <system_error>

#include "mien/base/error.hpp"
#include "mien/sessions/session_files.hpp"
#include "mien/system/file_lock.hpp"

namespace mien::sessions {
namespace {

constexpr auto kLockedFile = session_file::kFaces;

}  // namespace

SessionLock::SessionLock(const std::filesystem::path& folder) {
  std::error_code error;
  // Not through a link: recovery cuts off what it locks.
  file_ = system::open_to_change(folder / kLockedFile, error);
  if (error) {
    throw base::Error("The session " + folder.string() + " cannot be used: " + error.message() +
                      ".");
  }
  if (system::lock_file(file_) != system::LockResult::held) return;
  throw base::Error("The session " + folder.string() +
                    " is being written by a mien that runs; stop its recording first.");
}

bool is_being_recorded(const std::filesystem::path& folder) noexcept {
  std::error_code error;
  const auto file = system::open_to_read(folder / kLockedFile, error);
  return !error && system::is_locked(file);
}

}  // namespace mien::sessions
