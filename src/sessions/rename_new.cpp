#include "mien/sessions/rename_new.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "mien/base/error.hpp"

namespace mien {

namespace fs = std::filesystem;

void rename_new(const fs::path& from, const fs::path& to) {
  int code = 0;
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
    code = errno;
  }
  if (code == EINVAL || code == ENOSYS) {  // a file system that cannot promise it
    code = 0;
    if (fs::exists(fs::symlink_status(to))) {
      code = EEXIST;
    } else if (::rename(from.c_str(), to.c_str()) != 0) {
      code = errno;
    }
  }
  if (code != 0) {
    throw Error("The file " + from.string() + " cannot be renamed to " +
                to.filename().string() + ": " + std::generic_category().message(code) + ".");
  }
}

void sync_folder(const fs::path& folder) noexcept {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace mien
