#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <string_view>
#include <system_error>

#include <nlohmann/json.hpp>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/json_fields.hpp"
#include "mien/base/log.hpp"
#include "mien/base/numbers.hpp"
#include "mien/sessions/faces_table.hpp"
#include "mien/sessions/iso_time.hpp"
#include "mien/sessions/session_files.hpp"
#include "mien/sessions/session_lock.hpp"
#include "mien/sessions/session_store.hpp"
#include "mien/sessions/session_tables.hpp"
#include "mien/sessions/session_video.hpp"
#include "mien/system/files.hpp"

#include "session_leftovers.hpp"
#include "session_rebuild.hpp"

namespace mien::sessions {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// How many frames the tables and the video agree on, from the first one on.
std::uint64_t common_frames(const std::vector<std::int64_t>& rows,
                            const std::vector<std::int64_t>& pictures) {
  const auto length = std::min(rows.size(), pictures.size());
  const auto end = rows.begin() + static_cast<std::ptrdiff_t>(length);
  return static_cast<std::uint64_t>(std::mismatch(rows.begin(), end, pictures.begin()).first -
                                    rows.begin());
}

/// session.json, or one rebuilt from the other files.
Json load_or_rebuild_document(const fs::path& folder) {
  auto look = inspect_document(folder);
  const auto file = folder / session_file::kDocument;
  switch (look.state) {
    case DocumentStatus::State::good:
      break;
    case DocumentStatus::State::foreign:
      throw base::Error("The file " + file.string() +
                        " cannot be recovered, as it is not a session's: " + look.problem +
                        ".");
    case DocumentStatus::State::missing:
    case DocumentStatus::State::damaged:
      return rebuilt_document(folder, look.text);
  }
  // With its members in their order.
  auto document = base::parse_bounded_json<Json>(base::read_text_file(file, kMaxDocumentBytes));
  if (document.value("state", "") == "closed") {
    throw base::Error("The session " + folder.string() +
                      " is finished; there is nothing to recover.");
  }
  return document;
}

/// A computer that lost its power may leave the table without its first line.
void write_missing_header(const fs::path& folder, const std::vector<std::string>& labels,
                          bool files, Columns columns) {
  const auto file = folder / session_file::kFaces;
  if (fs::file_size(file) > 0) return;
  // Into the file itself: it is the one that is locked.
  std::ofstream out(file, std::ios::binary | std::ios::app);
  out << faces_header(labels, files, columns) << "\r\n" << std::flush;
  if (!out) throw base::Error("The file " + file.string() + " cannot be written.");
}

/// The last write tells when the session ended.
std::chrono::system_clock::time_point last_written(const fs::path& file) {
  const auto since =
      std::chrono::file_clock::to_sys(fs::last_write_time(file)).time_since_epoch();
  return std::chrono::system_clock::time_point(
      std::chrono::duration_cast<std::chrono::system_clock::duration>(since));
}

/// The video of a session that was not closed.
class BrokenVideo {
 public:
  explicit BrokenVideo(const fs::path& folder)
      : final_(folder / session_file::kVideo),
        partial_(folder / session_file::kPartialVideo),
        recovered_(folder / (std::string(session_file::kVideo) + ".recovered" +
                             std::string(session_file::kPartial))) {
    std::error_code code;
    closed_ = fs::exists(final_, code);
    if (!closed_ && !fs::exists(partial_, code)) return;
    times_ = video_times(source());
    there_ = true;
  }
  ~BrokenVideo() {
    std::error_code code;
    if (made_) fs::remove(recovered_, code);
  }
  BrokenVideo(const BrokenVideo&) = delete;
  BrokenVideo& operator=(const BrokenVideo&) = delete;

  /// Empty when there is none, or none that can be read.
  const std::vector<std::int64_t>& times() const { return times_; }

  /// Writes the recovered video, of so many frames, beside it; nothing else is touched.
  void prepare(std::uint64_t frames) {
    fs::remove(recovered_);  // of a recovery that was interrupted itself
    frames_ = frames;
    if (frames_ == 0 || (closed_ && frames_ == times_.size())) return;
    std::error_code code;
    const auto size = fs::file_size(source());
    if (const auto space = fs::space(final_.parent_path(), code);
        !code && space.available < size + (1 << 20)) {
      throw base::Error("The disk of " + final_.parent_path().string() +
                        " has no room for a copy of " + "the video (" +
                        std::to_string(size / 1'000'000 + 1) +
                        " MB), which recovery writes; make room and try again.");
    }
    copy_video(source(), recovered_, frames_);
    made_ = true;
  }

  /// Whether the session will have a video.
  bool usable() const { return there_ && frames_ > 0; }

  /// Puts the recovered video in its place; what cannot be used is set aside.
  void replace() {
    if (!there_) return;
    if (frames_ == 0) return set_aside();
    if (made_) {
      if (closed_) {
        fs::rename(recovered_, final_);
      } else {
        base::rename_new(recovered_, final_);
      }
      made_ = false;
      system::sync_folder(final_.parent_path());
    }
    fs::remove(partial_);
  }

  /// Where what could not be used lies; empty when there was nothing of the kind.
  const fs::path& aside() const { return aside_; }

 private:
  const fs::path& source() const { return closed_ ? final_ : partial_; }

  void set_aside() {
    if (fs::file_size(source()) < kHeaderAlone) {
      fs::remove(source());
    } else {
      aside_ = damaged_name(final_);
      base::rename_new(source(), aside_);
    }
    fs::remove(partial_);
  }

  /// A video without a picture, as it stands on the disk before the first cluster.
  static constexpr std::uintmax_t kHeaderAlone = 4096;

  const fs::path final_;
  const fs::path partial_;
  const fs::path recovered_;
  bool closed_ = false;
  bool there_ = false;
  bool made_ = false;
  std::uint64_t frames_ = 0;
  fs::path aside_;
  std::vector<std::int64_t> times_;
};

/// As SessionWriter::close() does: what was sent ends with the session at the latest.
void clip_outputs(Json& document, double seconds) {
  const auto outputs = document.find("outputs");
  if (outputs == document.end() || !outputs->is_array()) return;
  for (auto& output : *outputs) {
    if (!output.is_object()) continue;
    for (const char* key : {"from", "to"}) {
      auto& time = output[key];
      if (time.is_null() && key == std::string_view("from")) time = 0.0;
      time = std::min(time.is_number() ? time.get<double>() : seconds, seconds);
    }
  }
}

void complete(Json& document, const TableCounts& counts, bool video,
              std::chrono::system_clock::time_point finished) {
  document["state"] = "closed";
  document["ended"] = "recovered";
  document["finished"] = iso_time(finished);
  document["seconds"] = counts.seconds;
  put_counts(document, counts);
  if (auto changes = document.find("model_changes");
      changes != document.end() && changes->is_array()) {
    auto kept = Json::array();
    for (auto& change : *changes) {
      if (change.is_object() && change.value("frame", std::uint64_t{0}) <= counts.frames) {
        kept.push_back(change);
      }
    }
    *changes = std::move(kept);
  }
  clip_outputs(document, counts.seconds);
  if (video || !document.contains("video")) return;
  document.erase("video");
  auto& files = document["files"];
  if (!files.is_array()) return;
  files.erase(std::remove(files.begin(), files.end(), Json(session_file::kVideo)), files.end());
}

std::string words(const TableCounts& counts) {
  if (counts.frames == 0)
    return "Nothing of the session could be saved: it has no complete frame.";
  return "Saved " + base::minutes_and_seconds(counts.seconds) + " (" +
         std::to_string(counts.frames) + (counts.frames == 1 ? " frame)." : " frames).");
}

/// The room that was kept for the end, and a document or a report that was being written: the
/// whole one, if there was one before, is beside it.
void remove_partial_files(const fs::path& folder) {
  for (const auto& file : fs::directory_iterator(folder)) {
    const auto name = file.path().filename().string();
    const bool ours = name.starts_with(std::string(session_file::kDocument) + '.') ||
                      name.starts_with(std::string(session_file::kReport) + '.');
    std::error_code code;
    if (ours && name.ends_with(session_file::kPartial)) fs::remove(file.path(), code);
  }
}

/// The damaged one stays, in case somebody can read more of it.
void keep_damaged_document(const fs::path& folder) {
  const auto file = folder / session_file::kDocument;
  if (fs::exists(file)) fs::copy_file(file, damaged_name(file));
}

/// A crash costs about a second. Where the table is damaged in its middle, or the video ends
/// long before it, more would be cut off.
bool loses_more_than_a_crash(const SessionTables& tables, std::uint64_t frames) {
  constexpr std::int64_t kMaxMilliseconds = 10'000;
  const auto& times = tables.times();
  if (tables.damaged_rows() > 0) return true;
  return frames > 0 && frames < times.size() &&
         times.back() - times[frames - 1] > kMaxMilliseconds;
}

/// Copies, as the tables themselves are shortened in place.
void copy_tables(const fs::path& folder) {
  for (const auto name : {session_file::kFaces, session_file::kEvents}) {
    const auto file = folder / name;
    if (fs::exists(file)) fs::copy_file(file, damaged_name(file));
  }
}

Recovery recover(const fs::path& folder) {
  std::error_code code;
  if (!fs::exists(fs::symlink_status(folder / session_file::kFaces, code))) {
    throw base::Error("The folder " + folder.string() +
                      " is not a session of mien: it holds no faces.csv.");
  }
  const SessionLock lock(folder);
  auto document = load_or_rebuild_document(folder);
  const auto finished = last_written(folder / session_file::kFaces);
  const auto& source = base::object_in(document, "source");
  write_missing_header(folder, document.value("labels", std::vector<std::string>()),
                       base::text_in(source, "kind") == "folder",
                       columns_of(base::text_in(document, "columns")).value_or(Columns::basic));
  const SessionTables tables(folder);
  BrokenVideo video(folder);
  // A video that cannot be read, or is none of these tables, does not cost the tables.
  const auto shared = common_frames(tables.times(), video.times());
  const auto frames = shared > 0 ? shared : static_cast<std::uint64_t>(tables.times().size());
  if (frames == 0 && tables.damaged_rows() > 0) {
    throw base::Error("The table " + (folder / session_file::kFaces).string() +
                      " is damaged from its first row on; nothing of the session was changed.");
  }
  const auto counts = tables.count(frames);
  video.prepare(shared);
  complete(document, counts, video.usable(), finished);
  const auto text = document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
  const bool copied = loses_more_than_a_crash(tables, frames);
  if (copied) copy_tables(folder);
  // From here on files are only renamed and truncated: after a crash, recovery can be repeated.
  video.replace();
  tables.cut(frames);
  remove_partial_files(folder);
  const bool rebuilt = document.contains("rebuilt");
  if (rebuilt) keep_damaged_document(folder);
  base::write_file_atomically(folder / session_file::kDocument, text);
  Recovery recovery{.frames = counts.frames, .seconds = counts.seconds, .words = words(counts)};
  if (!video.aside().empty()) {
    recovery.words +=
        " The video does not match the tables, or cannot be read; it is kept as " +
        video.aside().filename().string() + ".";
  }
  if (copied) {
    recovery.words +=
        " The full tables are kept in faces.damaged.csv and "
        "events.damaged.csv.";
  }
  if (rebuilt) recovery.words += ' ' + document["rebuilt"].get<std::string>();
  return recovery;
}

}  // namespace

Recovery recover_session(const fs::path& folder) {
  auto recovery =
      base::translate_errors("The session " + folder.string() + " cannot be recovered",
                             [&] { return recover(folder); });
  base::log::info("sessions", "Recovered ", folder, ": ", recovery.words);
  return recovery;
}

}  // namespace mien::sessions
