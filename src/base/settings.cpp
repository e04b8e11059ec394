#include "mien/base/settings.hpp"

#include <algorithm>
#include <array>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/paths.hpp"
#include "mien/base/redaction.hpp"
#include "mien/base/utf8.hpp"

namespace fs = std::filesystem;

namespace mien::base {
namespace {

// The words of sessions/privacy.hpp, the strictest last.
constexpr std::array<const char*, 3> kPrivacyWords = {"everything", "blurred", "data-only"};

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    text += (i == 0 ? "" : i + 1 < words.size() ? ", " : " and ") + words[i];
  }
  return text;
}

void check_privacy(const nlohmann::json& document, LoadedSettings& loaded) {
  const auto written = document.find("privacy");
  if (written == document.end()) return;
  if (written->is_string() &&
      std::find(kPrivacyWords.begin(), kPrivacyWords.end(), *written) != kPrivacyWords.end()) {
    return;
  }
  loaded.settings.privacy = kPrivacyWords.back();
  loaded.differ = true;
  loaded.problems.push_back(
      "The privacy setting " +
      written->dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) +
      " is unknown; recordings keep data only, no picture, until you choose another.");
}

// Takes the keys one at a time, so that a wrong type in one does not lose the others.
LoadedSettings from_json(const nlohmann::json& document, const fs::path& file) {
  LoadedSettings loaded;
  nlohmann::json good = Settings{};
  std::vector<std::string> wrong;
  for (const auto& [key, value] : document.items()) {
    nlohmann::json trial = good;
    trial[key] = value;
    try {
      (void)trial.get<Settings>();
      good = std::move(trial);
    } catch (const nlohmann::json::exception&) {
      if (key != "privacy") wrong.push_back(key);
    }
  }
  loaded.settings = good.get<Settings>();
  auto& settings = loaded.settings;
  settings.window_width = std::clamp(settings.window_width, 900, 16384);
  settings.window_height = std::clamp(settings.window_height, 600, 16384);
  check_privacy(document, loaded);
  if (!wrong.empty()) {
    loaded.differ = true;
    loaded.problems.push_back("What the settings file " + file.string() + " says of " +
                              listed(wrong) +
                              " could not be understood; the standard is used there.");
  }
  if (const auto source = rememberable_source(settings.source); source != settings.source) {
    settings.source = source;
    loaded.differ = true;
  }
  return loaded;
}

}  // namespace

fs::path default_settings_file() { return user_config_dir() / "settings.json"; }

LoadedSettings load_settings(const fs::path& file) {
  std::error_code error;
  if (!fs::exists(file, error)) return {};
  try {
    const auto document = nlohmann::json::parse(read_text_file(file));
    if (!document.is_object()) throw Error("it is not a JSON object");
    return from_json(document, file);
  } catch (const std::exception&) {
    // Copied, not moved: until the next save, another start finds no less than this one.
    const fs::path kept = file.string() + ".broken";
    fs::copy_file(file, kept, fs::copy_options::overwrite_existing, error);
    LoadedSettings standard;
    standard.differ = true;
    // What was chosen is lost with the file.
    standard.settings.privacy = kPrivacyWords.back();
    standard.problems.push_back("The settings file " + file.string() +
                                " could not be understood" +
                                (error ? "" : " and was kept as " + kept.filename().string()) +
                                "; the standard settings are used, and recordings keep data "
                                "only, no picture, until you "
                                "choose another.");
    return standard;
  }
}

std::string rememberable_source(const std::string& source) {
  // JSON cannot hold a file name that is not UTF-8.
  return redact_address(source) == source && is_utf8(source) ? source : "";
}

void save_settings(const fs::path& file, const Settings& settings) {
  const char* advice =
      "give yourself the right to write there, or what you choose is forgotten at the end.";
  if (const auto error = make_private_folders(file.parent_path())) {
    throw Error("The folder " + file.parent_path().string() +
                " for settings cannot be made: " + error.message() + "; " + advice);
  }
  Settings written = settings;
  written.source = rememberable_source(settings.source);
  using Handler = nlohmann::json::error_handler_t;
  try {
    write_file_atomically(file,
                          nlohmann::json(written).dump(2, ' ', false, Handler::replace) + "\n");
  } catch (const Error& error) {
    std::string sentence = error.what();
    if (sentence.ends_with('.')) sentence.pop_back();
    throw Error(sentence + "; " + advice);
  }
}

}  // namespace mien::base
