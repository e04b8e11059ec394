#include "session_folder.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <sys/stat.h>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/recording/session_writer.hpp"

namespace mien {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail_folder(const fs::path& folder, const std::string& reason) {
  throw Error("The session folder " + folder.string() + " cannot be made: " + reason +
              "; choose another folder.");
}

}  // namespace

fs::path make_session_folder(const fs::path& folder, bool beside) {
  std::error_code code;
  if (const auto failed = make_private_folders(folder.parent_path())) {
    fail_folder(folder, failed.message());
  }
  for (auto place = folder;; place = free_folder_name(folder)) {
    // Of two programs that make a folder of one name, mkdir() lets only one believe that it
    // did.
    if (::mkdir(place.c_str(), 0700) == 0) return place;
    const std::error_code reason(errno, std::generic_category());
    if (reason != std::errc::file_exists) fail_folder(folder, reason.message());
    if (fs::is_directory(place, code) && fs::is_empty(place, code) && !code) return place;
    if (beside) continue;
    if (!fs::is_directory(place, code)) fail_folder(folder, "a file has that name");
    fail_folder(folder, code ? code.message() : "it holds files already");
  }
}

fs::path new_session_folder(const fs::path& root) {
  return free_folder_name(root / time_stamp_for_names());
}

}  // namespace mien
