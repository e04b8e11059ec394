#include "mien/base/settings.hpp"

#include <algorithm>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/paths.hpp"

namespace fs = std::filesystem;

namespace mien {
namespace {

// Takes the keys one at a time, so that a wrong type in one does not lose the others.
Settings from_json(const nlohmann::json& document) {
  nlohmann::json good = Settings{};
  for (const auto& [key, value] : document.items()) {
    nlohmann::json trial = good;
    trial[key] = value;
    try {
      (void)trial.get<Settings>();
      good = std::move(trial);
    } catch (const nlohmann::json::exception&) {
    }
  }
  Settings settings = good.get<Settings>();
  settings.window_width = std::clamp(settings.window_width, 900, 16384);
  settings.window_height = std::clamp(settings.window_height, 600, 16384);
  return settings;
}

}  // namespace

fs::path default_settings_file() { return user_config_dir() / "settings.json"; }

LoadedSettings load_settings(const fs::path& file) {
  std::error_code error;
  if (!fs::exists(file, error)) return {};
  try {
    const auto document = nlohmann::json::parse(read_text_file(file));
    if (!document.is_object()) throw Error("it is not a JSON object");
    return {from_json(document), ""};
  } catch (const std::exception&) {
    const fs::path kept = file.string() + ".broken";
    fs::rename(file, kept, error);
    return {{},
            "The settings file " + file.string() + " could not be understood" +
                (error ? "" : " and was kept as " + kept.filename().string()) +
                "; the standard settings are used."};
  }
}

void save_settings(const fs::path& file, const Settings& settings) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (error) {
    throw Error("The folder " + file.parent_path().string() +
                " for settings cannot be made: " + error.message() + ".");
  }
  write_file_atomically(file, nlohmann::json(settings).dump(2) + "\n");
}

}  // namespace mien
