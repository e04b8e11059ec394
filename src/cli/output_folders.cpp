#include "output_folders.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/json_fields.hpp"
#include "mien/base/numbers.hpp"
#include "mien/models/sha256.hpp"
#include "mien/sessions/recorded_session.hpp"
#include "mien/sessions/session_files.hpp"
#include "mien/sessions/session_lock.hpp"
#include "mien/sessions/session_store.hpp"
#include "mien/system/files.hpp"

namespace mien::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kScheme = "file://";

/// RFC 8089 with every byte that is not unreserved in hexadecimal: two paths never share one.
std::string file_url(const fs::path& path) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string url(kScheme);
  for (const char c : path.native()) {
    if (kPlain.find(c) != std::string_view::npos) {
      url += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    url += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return url;
}

fs::path absolute_path(const std::string& spec) {
  return base::without_slash(fs::absolute(spec).lexically_normal());
}

bool read_size_and_time(const fs::path& path, InputIdentity& identity) {
  std::error_code error;
  const auto status = system::file_status(path, error);
  if (error) return false;
  identity.size += status.size;
  identity.modified = std::max(identity.modified, status.modified_ns);
  return status.kind == system::FileKind::regular;
}

/// The files of a folder that are not hidden, by name.
std::map<std::string, fs::path> files_in(const fs::path& folder) {
  std::map<std::string, fs::path> files;
  std::error_code code;
  for (fs::directory_iterator file(folder, code), end; !code && file != end;
       file.increment(code)) {
    const auto name = file->path().filename().string();
    std::error_code unknown;
    if (!name.starts_with('.') && file->is_regular_file(unknown)) files[name] = file->path();
  }
  return files;
}

}  // namespace

nlohmann::json to_json(const InputIdentity& identity) {
  return {{"url", identity.url},
          {"size", identity.size},
          {"modified_ns", identity.modified},
          {"files", identity.files},
          {"sha256", identity.sha256}};
}

InputIdentity identity_from(const nlohmann::json& json) {
  InputIdentity identity;
  try {
    identity.url = json.at("url").get<std::string>();
    identity.size = json.at("size").get<std::uintmax_t>();
    identity.modified = json.at("modified_ns").get<std::int64_t>();
    identity.files = json.at("files").get<std::uintmax_t>();
    identity.sha256 = json.at("sha256").get<std::string>();
  } catch (const nlohmann::json::exception&) {
    return {};
  }
  return identity;
}

InputIdentity identify(const std::string& spec) {
  InputIdentity identity;
  if (spec == "demo") {
    identity.url = spec;
    return identity;
  }
  if (spec.find("://") != std::string::npos || spec.starts_with("camera:")) return identity;
  std::error_code code;
  const auto status = fs::status(spec, code);
  if (fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status)) {
    return identity;  // a camera's device, a FIFO
  }
  const auto path = absolute_path(spec);
  identity.url = file_url(path);
  if (!fs::is_directory(status)) {
    read_size_and_time(path, identity);
    return identity;
  }
  for (const auto& [name, file] : files_in(path)) {
    if (read_size_and_time(file, identity)) ++identity.files;
  }
  return identity;
}

fs::path path_of_file_url(const std::string& url) {
  if (!url.starts_with(kScheme)) return {};
  std::string path;
  for (std::size_t i = kScheme.size(); i < url.size(); ++i) {
    int byte = static_cast<unsigned char>(url[i]);
    if (url[i] == '%') {
      const char* end = url.data() + std::min(i + 3, url.size());
      if (std::from_chars(url.data() + i + 1, end, byte, 16).ptr != url.data() + i + 3)
        return {};
      i += 2;
    }
    path += static_cast<char>(byte);
  }
  return path;
}

std::string content_hash(const std::string& spec, const std::function<bool()>& stop) {
  try {
    models::Sha256 hash;
    std::error_code code;
    if (!fs::is_directory(spec, code)) return hash.add_file(spec, stop) ? hash.hex() : "";
    for (const auto& [name, file] : files_in(spec)) {
      // With the end of the name, so that names do not run together.
      hash.add({name.c_str(), name.size() + 1});
      if (!hash.add_file(file, stop)) return {};
    }
    return hash.hex();
  } catch (const std::exception&) {
    return {};
  }
}

namespace {

using nlohmann::json;

[[noreturn]] void fail(const fs::path& folder, const std::string& input,
                       const std::string& reason) {
  throw base::Error("The folder " + folder.string() + " " + reason +
                    "; choose another --out for " + input + ".");
}

/// "clip_2" -> "clip" and 2; {"", 0} for names without a number.
std::pair<std::string, int> numbered(const std::string& name) {
  const auto line = name.rfind('_');
  int number = 0;
  if (line == std::string::npos || line == 0) return {};
  const auto digits = std::string_view(name).substr(line + 1);
  if (!base::parse_number(digits, number) || number < 2 || digits.front() == '0') return {};
  return {name.substr(0, line), number};
}

/// Throws Error when the folder is not a session, or one that has to be recovered.
json document_of(const fs::path& folder, const std::string& input) {
  try {
    return sessions::read_session_document(folder);
  } catch (const base::Error&) {
    std::error_code code;
    if (fs::exists(folder / sessions::session_file::kFaces, code)) {
      throw base::Error("The folder " + folder.string() +
                        " holds results whose session.json is missing or damaged; `mien report "
                        "--recover " +
                        folder.string() + "` saves them, or choose another --out for " + input +
                        ".");
    }
    fail(folder, input, "holds files that are not results");
  }
}

/// Whether a result was made from the input as it is now. `current.sha256` is computed when it
/// is needed.
bool same_input(const InputIdentity& recorded, InputIdentity& current,
                const std::string& spec) {
  if (!recorded.repeatable() || !current.repeatable()) return false;
  if (recorded.same_size_and_time(current)) return true;
  // Touched, copied back, or moved with its folder: compare the content.
  if (recorded.sha256.empty() || recorded.size != current.size ||
      recorded.files != current.files)
    return false;
  std::error_code code;
  if (recorded.url != current.url) {
    // The same bytes under two names are two inputs, as long as both files exist.
    const auto old = path_of_file_url(recorded.url);
    if (old.empty() || fs::exists(fs::symlink_status(old, code))) return false;
  }
  if (current.sha256.empty()) current.sha256 = content_hash(spec);
  return current.sha256 == recorded.sha256;
}

}  // namespace

OutputFolders::OutputFolders(fs::path out, json recipe)
    : out_(std::move(out)), recipe_(std::move(recipe)) {
  std::error_code code;
  for (fs::directory_iterator entry(out_, code), end; !code && entry != end;
       entry.increment(code)) {
    const auto name = entry->path().filename().string();
    entries_[name][1] = name;
    if (const auto [base, number] = numbered(name); number > 0) entries_[base][number] = name;
  }
}

OutputFolder OutputFolders::place(const NamedInput& input) {
  OutputFolder chosen;
  try {
    chosen = find_or_choose(input);
  } catch (...) {
    chosen.problem = base::describe_current_exception();
  }
  if (!chosen.folder.empty()) taken_.insert(chosen.folder.filename().string());
  return chosen;
}

OutputFolder OutputFolders::find_or_choose(const NamedInput& input) {
  OutputFolder chosen;
  chosen.identity = identify(input.input);
  std::string refusal;
  const auto known = entries_.find(input.name);
  for (const auto& [number, name] :
       known != entries_.end() ? known->second : std::map<int, std::string>()) {
    const auto folder = out_ / name;
    std::error_code code;
    if (taken_.count(name) > 0) continue;
    if (fs::is_directory(folder, code) && fs::is_empty(folder, code)) {
      if (chosen.folder.empty()) chosen.folder = folder;
      continue;
    }
    if (sessions::is_barely_begun(folder)) {  // interrupted before its first row
      if (chosen.folder.empty() || !chosen.replaces) {
        chosen.folder = folder;
        chosen.replaces = true;
      }
      continue;
    }
    if (sessions::is_being_recorded(folder) &&
        !fs::exists(folder / sessions::session_file::kDocument, code)) {
      continue;  // another program has begun it just now
    }
    json document;
    try {
      document = document_of(folder, input.input);
    } catch (const base::Error& error) {
      if (refusal.empty()) refusal = error.what();
      continue;
    }
    const auto settings = base::value_in(document, "settings");
    const auto recorded = identity_from(base::value_in(settings, "identity"));
    if (!same_input(recorded, chosen.identity, input.input)) continue;
    if (sessions::is_being_recorded(folder)) {
      throw base::Error("The session " + folder.string() +
                        " is being recorded; stop the recording first.");
    }
    if (base::value_in(settings, "recipe") != recipe_) {
      try {
        fail(folder, input.input, "holds results made with other settings or another model");
      } catch (const base::Error& error) {
        refusal = error.what();
      }
      continue;
    }
    const auto ended = base::text_in(document, "ended");
    const auto damage = base::text_in(document, "damage");
    const bool folder_of_pictures =
        base::text_in(base::value_in(document, "source"), "kind") == "folder";
    const bool whole = base::text_in(document, "state") == "closed" &&
                       base::text_in(document, "problem").empty() &&
                       (ended == "end of input" || ended.starts_with("limit")) &&
                       (damage.empty() || folder_of_pictures);
    if (whole) {
      chosen.folder = folder;
      chosen.finished = true;
      chosen.replaces = false;
      chosen.damage = damage;
      return chosen;
    }
    chosen.folder = folder;
    chosen.replaces = true;
  }
  if (chosen.folder.empty() && !refusal.empty()) throw base::Error(refusal);
  if (!chosen.folder.empty()) return chosen;
  chosen.folder = out_ / base::first_free(input.name, "_", [&](const std::string& name) {
                    const auto entry = entries_.find(name);
                    const bool there = entry != entries_.end() && entry->second.count(1) > 0;
                    return there || taken_.count(name) > 0;
                  });
  return chosen;
}

json settings_fingerprint(const models::ModelCard& model, const json& detector,
                          const json& settings) {
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
            {"input", base::value_in(model.document, "input")},
            {"crop", base::value_in(model.document, "crop")},
            {"output", base::value_in(model.document, "output")},
            {"options", model.options}}},
          {"detector", detector},
          {"settings", settings}};
}

}  // namespace mien::cli
