#include "session_folder.hpp"

#include <chrono>
#include <ctime>
#include <string>

#include <system_error>

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

void make_session_folder(const fs::path& folder) {
  std::error_code code;
  if (fs::exists(folder, code)) {
    if (!fs::is_directory(folder, code)) fail_folder(folder, "a file has that name");
    if (!fs::is_empty(folder, code) || code) {
      fail_folder(folder, code ? code.message() : "it holds files already");
    }
  } else if (const auto failed = make_private_folders(folder)) {
    fail_folder(folder, failed.message());
  }
}

fs::path new_session_folder(const fs::path& root) {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm local{};
  localtime_r(&now, &local);
  char name[64];
  std::strftime(name, sizeof name, "%Y-%m-%d_%H-%M-%S", &local);
  fs::path folder = root / name;
  std::error_code code;
  for (int n = 2; fs::exists(folder, code); ++n) {
    folder = root / (std::string(name) + '_' + std::to_string(n));
  }
  return folder;
}

}  // namespace mien
