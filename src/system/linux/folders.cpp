#include "mien/system/folders.hpp"

#include <cstdlib>
#include <fstream>
#include <pwd.h>
#include <string>
#include <vector>

#include <unistd.h>

namespace fs = std::filesystem;

namespace mien::system {
namespace {

fs::path path_in_environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): see the header
  return value != nullptr ? value : "";
}

fs::path home_of_account() {
  std::vector<char> buffer(1 << 14);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) == 0 &&
      found != nullptr && found->pw_dir != nullptr) {
    return found->pw_dir;
  }
  return {};
}

// The XDG specification says that relative paths are invalid and to be ignored.
fs::path xdg_folder(const char* name, const char* fallback) {
  const fs::path value = path_in_environment(name);
  return value.is_absolute() ? value : home_folder() / fallback;
}

// One of the folders of xdg-user-dirs, e.g. XDG_VIDEOS_DIR="$HOME/Videos".
fs::path user_folder(const std::string& key, const char* fallback) {
  const fs::path home = home_folder();
  std::ifstream in(config_folder() / "user-dirs.dirs");
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(key + "=\"") || line.back() != '"') continue;
    std::string value = line.substr(key.size() + 2, line.size() - key.size() - 3);
    if (value.starts_with("$HOME")) value = home.string() + value.substr(5);
    if (fs::path(value).is_absolute() && fs::path(value) != home &&
        fs::path(value) != home / "") {
      return value;
    }
  }
  return home / fallback;
}

}  // namespace

fs::path home_folder() {
  // Never a folder that others can write to: what lies there could be anybody's.
  if (fs::path home = path_in_environment("HOME"); home.is_absolute()) return home;
  if (fs::path home = home_of_account(); home.is_absolute()) return home;
  return "/nonexistent";
}

fs::path config_folder() { return xdg_folder("XDG_CONFIG_HOME", ".config"); }
fs::path data_folder() { return xdg_folder("XDG_DATA_HOME", ".local/share"); }
fs::path state_folder() { return xdg_folder("XDG_STATE_HOME", ".local/state"); }
fs::path runtime_folder() {
  fs::path folder = path_in_environment("XDG_RUNTIME_DIR");
  return folder.is_absolute() ? folder : fs::path();
}
fs::path videos_folder() { return user_folder("XDG_VIDEOS_DIR", "Videos"); }
fs::path pictures_folder() { return user_folder("XDG_PICTURES_DIR", "Pictures"); }

fs::path program_file() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error);
}

fs::path program_to_start_anew() { return "/proc/self/exe"; }

}  // namespace mien::system
