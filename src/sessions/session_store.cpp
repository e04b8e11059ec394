#include "mien/sessions/session_store.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>

#include "mien/base/error.hpp"
#include "mien/base/json_fields.hpp"
#include "mien/base/numbers.hpp"
#include "mien/base/utf8.hpp"
#include "mien/sessions/csv_reader.hpp"
#include "mien/sessions/iso_time.hpp"
#include "mien/sessions/session_files.hpp"
#include "mien/sessions/session_lock.hpp"

#include "session_leftovers.hpp"

namespace mien::sessions {
namespace {

namespace fs = std::filesystem;
using Seconds = std::chrono::seconds;
using Time = std::chrono::system_clock::time_point;

/// A list shows no more of it.
constexpr std::size_t kMaxNameLength = 300;

Time changed(const fs::path& file) {
  std::error_code code;
  const auto time = fs::last_write_time(file, code);
  return code ? Time{}
              : std::chrono::time_point_cast<Time::duration>(
                    std::chrono::file_clock::to_sys(time));
}

std::uintmax_t bytes_in(const fs::path& folder) {
  std::uintmax_t bytes = 0;
  std::error_code code;
  for (fs::directory_iterator file(folder, code), end; !code && file != end;
       file.increment(code)) {
    std::error_code unknown;
    const auto size = file->is_regular_file(unknown) ? file->file_size(unknown) : 0;
    if (!unknown) bytes += size;
  }
  return bytes;
}

/// A folder that lost its session.json, or was not given one yet, is known by its tables.
bool is_session(const fs::path& folder, const DocumentStatus& look) {
  if (look.state == DocumentStatus::State::good) return true;
  if (look.state == DocumentStatus::State::foreign) return false;
  return labels_on_disk(folder).has_value() || is_barely_begun(folder);
}

std::optional<SessionEntry> entry_of(const fs::path& folder) {
  const auto look = inspect_document(folder);
  const bool alive = is_being_recorded(folder);
  // One that is just beginning has no session.json for a moment, and may have no table.
  if (!alive && !is_session(folder, look)) return std::nullopt;
  const auto& document = look.document;
  std::error_code code;
  SessionEntry entry;
  entry.folder = folder;
  entry.bytes = bytes_in(folder);
  entry.video = fs::exists(folder / session_file::kVideo, code) ||
                fs::exists(folder / session_file::kPartialVideo, code);
  entry.started =
      time_from_iso(base::text_in(document, "started"))
          .value_or(changed(
              folder / (document.is_null() ? session_file::kFaces : session_file::kDocument)));
  const auto& counts = base::object_in(document, "counts");
  entry.seconds = std::clamp(base::number_in(document, "seconds"), 0.0, kMaxSessionSeconds);
  entry.people = static_cast<int>(std::clamp<std::int64_t>(base::whole_in(counts, "people"), 0,
                                                           std::numeric_limits<int>::max()));
  entry.frames =
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, base::whole_in(counts, "frames")));
  const auto& source = base::object_in(document, "source");
  entry.source = base::text_in(source, "name");
  if (entry.source.empty()) entry.source = base::text_in(source, "spec");
  entry.source.resize(base::fitting_characters(entry.source, kMaxNameLength).size());
  if (alive) {
    entry.state = SessionEntry::State::recording;
  } else if (document.is_null() || base::text_in(document, "state") == "recording") {
    entry.state = SessionEntry::State::broken;
  }
  return entry;
}

}  // namespace

std::vector<SessionEntry> list_sessions(const fs::path& root) {
  std::vector<SessionEntry> entries;
  try {
    std::error_code code;
    for (fs::directory_iterator folder(root, code), end; !code && folder != end;
         folder.increment(code)) {
      try {
        if (auto entry = entry_of(folder->path())) entries.push_back(std::move(*entry));
      } catch (const std::exception&) {  // a folder that goes away while it is looked at
      }
    }
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
      return a.started != b.started ? a.started > b.started : a.folder > b.folder;
    });
  } catch (const std::exception&) {  // no memory for a list: what was found is shown
  }
  return entries;
}

void delete_session(const fs::path& folder, const std::vector<std::string>& exports) {
  std::error_code code;
  if (!is_session(folder, inspect_document(folder)) && !is_being_recorded(folder)) {
    throw base::Error("The folder " + folder.string() +
                      " is not a session of mien; nothing in it was deleted.");
  }
  if (is_being_recorded(folder)) {
    throw base::Error("The session " + folder.string() +
                      " is being recorded; stop the recording first.");
  }
  const auto remove = [&](const fs::path& file) {
    std::error_code reason;
    fs::remove(file, reason);
    if (reason) {
      throw base::Error("The file " + file.string() +
                        " cannot be deleted: " + reason.message() + ".");
    }
  };
  std::vector<fs::path> files;
  bool others = false;
  for (fs::directory_iterator file(folder, code), end; !code && file != end;
       file.increment(code)) {
    const auto name = file->path().filename().string();
    std::error_code unknown;
    if (is_session_file(name, exports) && !fs::is_directory(file->symlink_status(unknown))) {
      if (name != session_file::kDocument) files.push_back(file->path());
    } else {
      others = true;
    }
  }
  if (code) {
    throw base::Error("The session " + folder.string() +
                      " cannot be deleted: " + code.message() + ".");
  }
  // The table and session.json go last: what is left of a deletion that was cut short is still
  // a session that can be deleted.
  std::stable_partition(files.begin(), files.end(), [](const fs::path& file) {
    return file.filename() != session_file::kFaces;
  });
  for (const auto& file : files) remove(file);
  remove(folder / session_file::kDocument);
  if (!others) remove(folder);
}

}  // namespace mien::sessions
