#include "mien/base/paths.hpp"

#include <cstdlib>
#include <fstream>
#include <pwd.h>
#include <string>
#include <vector>

#include <unistd.h>

#include "mien/base/error.hpp"

namespace fs = std::filesystem;

namespace mien::base {
namespace {

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
fs::path xdg(const char* name, const char* fallback) {
  const fs::path value = environment(name);
  return (value.is_absolute() ? value : home_dir() / fallback) / "mien";
}

// One of the folders of xdg-user-dirs, e.g. XDG_VIDEOS_DIR="$HOME/Videos".
fs::path user_dir(const std::string& key, const char* fallback) {
  const fs::path config = environment("XDG_CONFIG_HOME");
  std::ifstream in((config.is_absolute() ? config : home_dir() / ".config") / "user-dirs.dirs");
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(key + "=\"") || line.back() != '"') continue;
    std::string value = line.substr(key.size() + 2, line.size() - key.size() - 3);
    if (value.starts_with("$HOME")) value = home_dir().string() + value.substr(5);
    if (fs::path(value).is_absolute() && fs::path(value) != home_dir() &&
        fs::path(value) != home_dir() / "") {
      return fs::path(value) / "mien";
    }
  }
  return home_dir() / fallback / "mien";
}

bool has_assets_and_models(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_directory(folder / "assets", ignored) &&
         fs::is_directory(folder / "models", ignored);
}

/// The installation left a list of what the program needs; without it, nothing is known.
void check_complete(const fs::path& installed) {
  std::ifstream list(installed / "files.txt");
  for (std::string name; std::getline(list, name);) {
    std::error_code ignored;
    if (fs::exists(installed / name, ignored)) continue;
    throw Error("The file " + (installed / name).string() +
                ", which belongs to mien, is missing; install mien again.");
  }
}

}  // namespace

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): see the header
  return value != nullptr ? value : "";
}

fs::path data_dir() {
  if (fs::path override_dir = environment("MIEN_DATA_DIR"); !override_dir.empty()) {
    if (has_assets_and_models(override_dir)) return override_dir;
    throw Error("MIEN_DATA_DIR names " + override_dir.string() +
                ", which has no folders assets and models; unset it or correct it.");
  }
  std::error_code error;
  return data_dir_of(fs::read_symlink("/proc/self/exe", error));
}

fs::path data_dir_of(const fs::path& program) {
  const fs::path folder = program.parent_path();
  const fs::path installed = (folder / "../share/mien").lexically_normal();
  if (has_assets_and_models(installed)) {
    check_complete(installed);
    return fs::weakly_canonical(installed);
  }
  std::error_code ignored;
  // What happens to lie around an installed program is not its own. A build tree may be called
  // bin.
  if (folder.filename() == "bin" && !fs::exists(folder / "CMakeCache.txt", ignored)) {
    const char* lacks = fs::is_directory(installed / "assets", ignored) ? "models" : "assets";
    throw Error("The folder " + (installed / lacks).string() +
                ", which belongs to mien, is missing; install mien again.");
  }
  // build/mien, build/<preset>/mien, and their tests/<room>/...
  for (const auto& candidate :
       {folder / "..", folder / "../..", folder / "../../..", folder / "../../../.."}) {
    if (has_assets_and_models(candidate)) return fs::weakly_canonical(candidate);
  }
  throw Error(
      "The folders assets and models are not beside " + program.string() +
      "; run it from its build tree, or set MIEN_DATA_DIR to the folder that holds them.");
}

fs::path home_dir() {
  // Never a folder that others can write to: what lies there could be anybody's.
  if (fs::path home = environment("HOME"); home.is_absolute()) return home;
  if (fs::path home = home_of_account(); home.is_absolute()) return home;
  return "/nonexistent";
}

fs::path user_config_dir() { return xdg("XDG_CONFIG_HOME", ".config"); }
fs::path user_data_dir() { return xdg("XDG_DATA_HOME", ".local/share"); }
fs::path user_state_dir() { return xdg("XDG_STATE_HOME", ".local/state"); }
fs::path default_sessions_dir() { return user_dir("XDG_VIDEOS_DIR", "Videos"); }
fs::path default_screenshots_dir() { return user_dir("XDG_PICTURES_DIR", "Pictures"); }

}  // namespace mien::base
