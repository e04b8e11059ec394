#include "session_rebuild.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <iomanip>
#include <optional>
#include <sstream>
#include <vector>

#include "mien/base/bounded_json.hpp"
#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/json_fields.hpp"
#include "mien/sessions/iso_time.hpp"
#include "mien/sessions/recorded_session.hpp"
#include "mien/sessions/session_events.hpp"
#include "mien/sessions/session_files.hpp"
#include "mien/sessions/session_video.hpp"

#include "session_leftovers.hpp"

namespace mien::sessions {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Time = std::chrono::system_clock::time_point;

/// The members of the outermost object that come, whole, before what is damaged.
Json parse_prefix(const std::string& text) {
  std::size_t bad = 0;
  try {
    return base::parse_bounded_json<Json>(text);
  } catch (const Json::parse_error& error) {
    bad = std::min(error.byte, text.size());
  }
  std::size_t cut = 0;
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < bad; ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    } else if (c == ',' && depth == 1) {
      cut = i;
    }
  }
  try {
    auto json = base::parse_bounded_json<Json>(text.substr(0, cut) + '}');
    const bool ours =
        json.is_object() && json.contains("schema") && json["schema"] == "mien-session";
    return ours ? json : Json::object();
  } catch (const std::exception&) {
    return Json::object();
  }
}

/// "2026-11-22_07-15-00", as new_session_folder() names them.
std::optional<Time> time_in_name(const fs::path& folder) {
  std::tm local{};
  const auto name =
      base::without_slash(fs::absolute(folder).lexically_normal()).filename().string();
  std::istringstream text(name);
  if (!(text >> std::get_time(&local, "%Y-%m-%d_%H-%M-%S"))) return std::nullopt;
  local.tm_isdst = -1;
  return time_from_seconds(std::mktime(&local));
}

/// Any start that the folder's name does not tell is that of its oldest file.
Time oldest_file(const fs::path& folder) {
  auto oldest = fs::file_time_type::max();
  for (const auto& file : fs::directory_iterator(folder)) {
    std::error_code code;
    const auto time = fs::last_write_time(file.path(), code);
    if (!code && time < oldest) oldest = time;
  }
  const auto since = std::chrono::file_clock::to_sys(oldest).time_since_epoch();
  return Time(std::chrono::duration_cast<Time::duration>(since));
}

/// The changes that events.csv tells of, from what `start`, the document, says of its
/// beginning. Labels of models that came later are not known: columns stay those of the first
/// one. Nor is what read the points of a landmarks model.
Json model_changes(const fs::path& folder, const Json& start) {
  using Kind = SessionEvent::Kind;
  auto changes = Json::array();
  if (!fs::exists(folder / session_file::kEvents)) return changes;
  std::vector<SessionEvent> events;
  try {
    events = read_events(folder / session_file::kEvents);
  } catch (const base::Error&) {
    return changes;  // damaged; recovery keeps what is whole of it
  }
  Json now = {{"timestamp", 0.0},
              {"frame", 0},
              {"model", base::text_in(base::object_in(start, "model"), "id")},
              {"reading", base::text_in(start, "reading")},
              {"detector", base::text_in(start, "detector")},
              {"landmarks", base::text_in(start, "landmarks")},
              {"labels", start["labels"]}};
  for (const auto& event : events) {
    if (event.kind == Kind::model) {
      const auto bracket = event.text.ends_with(')') ? event.text.rfind(" (") : event.text.npos;
      const bool has_reading = bracket != event.text.npos;
      now["model"] = event.text.substr(0, bracket);
      now["reading"] =
          has_reading ? event.text.substr(bracket + 2, event.text.size() - bracket - 3) : "";
      now["labels"] = Json::array();
    } else if (event.kind == Kind::detector) {
      now["detector"] = event.text;
    } else if (event.kind == Kind::landmarks) {
      now["landmarks"] = event.text == kNoLandmarksText ? "" : event.text;
    } else {
      continue;
    }
    now["timestamp"] = event.timestamp;
    now["frame"] = event.frame;
    // Several things may change with one frame.
    if (!changes.empty() && changes.back()["frame"] == event.frame)
      changes.erase(changes.size() - 1);
    changes.push_back(now);
  }
  return changes;
}

VideoFacts facts_of_video(const fs::path& folder) {
  for (const auto name : {session_file::kVideo, session_file::kPartialVideo}) {
    if (auto facts = video_facts(folder / name)) return *facts;
  }
  return {};
}

std::string how_it_was_made(const Json& salvage, bool damaged, bool pictures, Columns columns) {
  std::string words = damaged ? "The session.json of this session was damaged"
                              : "The session.json of this session was missing";
  words += " and was rebuilt from its tables and its video.";
  if (!salvage.contains("model")) words += " The model that read the faces is not known.";
  if (!salvage.contains("source")) words += " The source is not known.";
  if (columns != Columns::basic && !salvage.contains("landmarks")) {
    words += " What measured the faces is not known.";
  }
  if (pictures && !salvage.contains("privacy")) {
    words += " Whether faces were to be blurred is not known.";
  }
  if (!salvage.contains("outputs")) words += " What was sent live is not known.";
  return words;
}

}  // namespace

Json rebuilt_document(const fs::path& folder, const std::string& damaged) {
  const auto layout = layout_on_disk(folder);
  std::error_code code;
  const auto size = fs::file_size(folder / session_file::kFaces, code);
  if (!layout && (code || size > 0)) {
    throw base::Error(
        "The folder " + folder.string() +
        " is not a session of mien: it holds no session.json that can be read and no "
        "faces.csv.");
  }
  auto json = parse_prefix(damaged);
  const auto video = facts_of_video(folder);
  const auto how =
      how_it_was_made(json, fs::exists(folder / session_file::kDocument),
                      !video.encoder.empty(), layout ? layout->columns : Columns::basic);
  const auto keep = [&](const char* key, auto&& make) {
    if (!json.contains(key)) json[key] = make();
  };
  keep("schema", [] { return "mien-session"; });
  keep("schema_version", [] { return 1; });
  keep("program", [] { return Json{{"name", "mien"}}; });
  keep("started", [&] { return iso_time(time_in_name(folder).value_or(oldest_file(folder))); });
  keep("problem", [] { return ""; });
  // Only the table of a folder of pictures has their names.
  keep("source", [&] {
    return Json{{"spec", ""}, {"name", ""}, {"kind", layout && layout->files ? "folder" : ""}};
  });
  keep("detector", [] { return ""; });
  keep("model", [] { return Json{{"id", ""}}; });
  // Readers go by the labels in the table's header.
  json["labels"] = layout ? layout->labels : std::vector<std::string>();
  if (layout) json["columns"] = word(layout->columns);
  keep("settings", [&] { return Json{{"video", !video.encoder.empty()}}; });
  json["files"] = Json::array({session_file::kFaces, session_file::kEvents});
  if (!video.encoder.empty()) {
    json["files"].push_back(session_file::kVideo);
    keep("video", [&] {
      return Json{{"encoder", video.encoder},
                  {"width", video.width},
                  {"height", video.height},
                  {"time_unit", "1/1000 s"},
                  {"annotated", true}};
    });
  }
  keep("model_changes", [&] { return model_changes(folder, json); });
  json["rebuilt"] = how;
  return json;
}

}  // namespace mien::sessions
