#include "mien/base/paths.hpp"

#include <cstdlib>
#include <fstream>
#include <string>

#include "mien/base/error.hpp"
#include "mien/system/folders.hpp"

namespace fs = std::filesystem;

namespace mien::base {
namespace {

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
  return data_dir_of(system::program_file());
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

fs::path home_dir() { return system::home_folder(); }
fs::path user_config_dir() { return system::config_folder() / "mien"; }
fs::path user_data_dir() { return system::data_folder() / "mien"; }
fs::path user_state_dir() { return system::state_folder() / "mien"; }
fs::path default_sessions_dir() { return system::videos_folder() / "mien"; }
fs::path default_screenshots_dir() { return system::pictures_folder() / "mien"; }

}  // namespace mien::base
