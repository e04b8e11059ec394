#include "result_places.hpp"

#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/json_fields.hpp"
#include "mien/base/numbers.hpp"
#include "mien/sessions/recorded_session.hpp"
#include "mien/sessions/session_files.hpp"
#include "mien/sessions/session_lock.hpp"
#include "mien/sessions/session_store.hpp"

namespace mien {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

[[noreturn]] void fail(const fs::path& folder, const std::string& input,
                       const std::string& reason) {
  throw Error("The folder " + folder.string() + " " + reason + "; choose another --out for " +
              input + ".");
}

/// "clip_2" -> "clip" and 2; {"", 0} for names without a number.
std::pair<std::string, int> numbered(const std::string& name) {
  const auto line = name.rfind('_');
  int number = 0;
  if (line == std::string::npos || line == 0) return {};
  const auto digits = std::string_view(name).substr(line + 1);
  if (!parse_number(digits, number) || number < 2 || digits.front() == '0') return {};
  return {name.substr(0, line), number};
}

/// Throws Error when the folder is no session, or one that has to be recovered.
json document_of(const fs::path& folder, const std::string& input) {
  try {
    return read_session_document(folder);
  } catch (const Error&) {
    std::error_code code;
    if (fs::exists(folder / session_file::kFaces, code)) {
      throw Error("The folder " + folder.string() +
                  " holds results whose session.json is missing or damaged; `mien report "
                  "--recover " +
                  folder.string() + "` saves them, or choose another --out for " + input + ".");
    }
    fail(folder, input, "holds something else than results");
  }
}

/// Whether a result was made of what the input is now. `now.sha256` is found when it is asked
/// for.
bool same_input(const InputIdentity& then, InputIdentity& now, const std::string& spec) {
  if (!then.repeatable() || !now.repeatable()) return false;
  if (then.same_stamp(now)) return true;
  // Touched, copied back, or moved with its folder: its content tells.
  if (then.sha256.empty() || then.size != now.size || then.files != now.files) return false;
  std::error_code code;
  if (then.url != now.url) {
    // The same bytes under two names are two inputs, as long as both are there.
    const auto old = path_of_file_url(then.url);
    if (old.empty() || fs::exists(fs::symlink_status(old, code))) return false;
  }
  if (now.sha256.empty()) now.sha256 = content_hash(spec);
  return now.sha256 == then.sha256;
}

}  // namespace

ResultPlaces::ResultPlaces(fs::path out, json recipe)
    : out_(std::move(out)), recipe_(std::move(recipe)) {
  std::error_code code;
  for (fs::directory_iterator entry(out_, code), end; !code && entry != end;
       entry.increment(code)) {
    const auto name = entry->path().filename().string();
    entries_[name][1] = name;
    if (const auto [base, number] = numbered(name); number > 0) entries_[base][number] = name;
  }
}

ResultPlace ResultPlaces::place(const NamedInput& input) {
  ResultPlace place;
  try {
    place = look(input);
  } catch (...) {
    place.problem = describe_current_exception();
  }
  if (!place.folder.empty()) taken_.insert(place.folder.filename().string());
  return place;
}

ResultPlace ResultPlaces::look(const NamedInput& input) {
  ResultPlace place;
  place.identity = identify(input.input);
  std::string refusal;
  const auto known = entries_.find(input.name);
  for (const auto& [number, name] :
       known != entries_.end() ? known->second : std::map<int, std::string>()) {
    const auto folder = out_ / name;
    std::error_code code;
    if (taken_.count(name) > 0) continue;
    if (fs::is_directory(folder, code) && fs::is_empty(folder, code)) {
      if (place.folder.empty()) place.folder = folder;
      continue;
    }
    if (is_barely_begun(folder)) {  // nothing is lost with it
      if (place.folder.empty() || !place.replaces) {
        place.folder = folder;
        place.replaces = true;
      }
      continue;
    }
    if (is_being_recorded(folder) && !fs::exists(folder / session_file::kDocument, code)) {
      continue;  // another program has begun it just now
    }
    json document;
    try {
      document = document_of(folder, input.input);
    } catch (const Error& error) {
      if (refusal.empty()) refusal = error.what();
      continue;
    }
    const auto settings = value_in(document, "settings");
    const auto then = identity_from(value_in(settings, "identity"));
    if (!same_input(then, place.identity, input.input)) continue;
    if (is_being_recorded(folder)) {
      throw Error("The session " + folder.string() +
                  " is being recorded; stop the recording first.");
    }
    if (value_in(settings, "recipe") != recipe_) {
      try {
        fail(folder, input.input, "holds results made with other settings or another model");
      } catch (const Error& error) {
        refusal = error.what();
      }
      continue;
    }
    const auto ended = text_in(document, "ended");
    const auto damage = text_in(document, "damage");
    const bool folder_of_pictures = text_in(value_in(document, "source"), "kind") == "folder";
    const bool whole = text_in(document, "state") == "closed" &&
                       text_in(document, "problem").empty() &&
                       (ended == "end of input" || ended.starts_with("limit")) &&
                       (damage.empty() || folder_of_pictures);
    if (whole) {
      place.folder = folder;
      place.finished = true;
      place.replaces = false;
      place.damage = damage;
      return place;
    }
    place.folder = folder;
    place.replaces = true;
  }
  if (place.folder.empty() && !refusal.empty()) throw Error(refusal);
  if (!place.folder.empty()) return place;
  place.folder = out_ / first_free(input.name, "_", [&](const std::string& name) {
                   const auto entry = entries_.find(name);
                   const bool there = entry != entries_.end() && entry->second.count(1) > 0;
                   return there || taken_.count(name) > 0;
                 });
  return place;
}

json recipe_of(const ModelCard& model, const json& detector, const json& settings) {
  auto files = json::array();
  for (const auto& file : model.files) files.push_back(file.sha256);
  return {{"model",
           {{"id", model.id},
            {"files", files},
            {"labels", model.labels},
            {"reading", model.reading},
            {"temperature", model.output.temperature},
            {"logit_offset", model.output.logit_offset},
            {"rescale_factor", model.rescale_factor},
            {"image_mean", model.image_mean},
            {"image_std", model.image_std},
            {"margin", model.crop.margin},
            {"input", value_in(model.document, "input")},
            {"crop", value_in(model.document, "crop")},
            {"output", value_in(model.document, "output")},
            {"options", model.options}}},
          {"detector", detector},
          {"settings", settings}};
}

}  // namespace mien
