#include <algorithm>
#include <chrono>
#include <cmath>

#include <nlohmann/json.hpp>
#include <system_error>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/recording/session_store.hpp"

#include "rename_new.hpp"
#include "session_document.hpp"
#include "session_lock.hpp"
#include "session_report.hpp"
#include "session_tables.hpp"
#include "video_repair.hpp"

namespace mien {
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

Json read_document(const fs::path& file) {
  auto document = Json::parse(read_text_file(file), nullptr, false);
  if (!document.is_object() || document.value("schema", "") != "mien-session") {
    throw Error("The file " + file.string() + " is no session's; it cannot be mended.");
  }
  if (document.value("state", "") == "closed") {
    throw Error("The session " + file.parent_path().string() +
                " is finished; there is nothing to mend.");
  }
  return document;
}

/// What was written last tells when it ended.
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
      : final_(folder / "video.mkv"),
        partial_(folder / "video.mkv.partial"),
        mended_(folder / "video.mkv.mended.partial") {
    std::error_code code;
    closed_ = fs::exists(final_, code);
    if (!closed_ && !fs::exists(partial_, code)) return;
    times_ = video_times(source());
    there_ = true;
  }
  ~BrokenVideo() {
    std::error_code code;
    if (made_) fs::remove(mended_, code);
  }
  BrokenVideo(const BrokenVideo&) = delete;
  BrokenVideo& operator=(const BrokenVideo&) = delete;

  bool there() const { return there_; }
  const std::vector<std::int64_t>& times() const { return times_; }

  /// Makes the mended one beside it; nothing else is touched.
  void prepare(std::uint64_t frames) {
    fs::remove(mended_);  // of a mending that was broken off itself
    if (!there_ || frames == 0 || (closed_ && frames == times_.size())) return;
    std::error_code code;
    const auto size = fs::file_size(source());
    if (const auto space = fs::space(final_.parent_path(), code);
        !code && space.available < size + (1 << 20)) {
      throw Error("The disk of " + final_.parent_path().string() +
                  " has no room for a copy of " + "the video (" +
                  std::to_string(size / 1'000'000 + 1) +
                  " MB), which mending makes; make room and try again.");
    }
    copy_video(source(), mended_, frames);
    made_ = true;
  }

  /// Puts the mended one in its place. False when there are no pictures to keep.
  bool replace() {
    if (!there_ || times_.empty()) {
      std::error_code code;
      fs::remove(partial_, code);  // a header, at most
      return false;
    }
    if (made_) {
      if (closed_) {
        fs::rename(mended_, final_);
      } else {
        rename_new(mended_, final_);
      }
      made_ = false;
      sync_folder(final_.parent_path());
    }
    fs::remove(partial_);
    return true;
  }

 private:
  const fs::path& source() const { return closed_ ? final_ : partial_; }

  const fs::path final_;
  const fs::path partial_;
  const fs::path mended_;
  bool closed_ = false;
  bool there_ = false;
  bool made_ = false;
  std::vector<std::int64_t> times_;
};

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
      if (change.value("frame", std::uint64_t{0}) <= counts.frames) kept.push_back(change);
    }
    *changes = std::move(kept);
  }
  if (video || !document.contains("video")) return;
  document.erase("video");
  auto& files = document["files"];
  files.erase(std::remove(files.begin(), files.end(), Json("video.mkv")), files.end());
}

std::string words(const TableCounts& counts) {
  if (counts.frames == 0)
    return "Nothing of the session could be saved: it had no whole frame.";
  const auto seconds = std::llround(counts.seconds);
  const std::string length = seconds < 60 ? std::to_string(seconds) + " s"
                                          : std::to_string(seconds / 60) + " min " +
                                                std::to_string(seconds % 60) + " s";
  return "Saved " + length + " (" + std::to_string(counts.frames) +
         (counts.frames == 1 ? " frame)." : " frames).");
}

Recovery recover(const fs::path& folder) {
  const SessionLock lock(folder);
  auto document = read_document(folder / "session.json");
  const SessionTables tables(folder);
  BrokenVideo video(folder);
  const auto finished = last_written(folder / "faces.csv");
  const bool with_video = document.contains("video");
  const auto frames = with_video ? common_frames(tables.times(), video.times())
                                 : static_cast<std::uint64_t>(tables.times().size());
  const auto counts = tables.count(frames);
  video.prepare(frames);
  // From here on everything is at hand; a crash in between is mended by the next try.
  const bool has_video = video.replace();
  tables.cut(frames);
  std::error_code code;
  fs::remove(folder / "session.json.room.partial", code);
  complete(document, counts, has_video, finished);
  write_file_atomically(folder / "session.json",
                        document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
  return {.frames = counts.frames, .seconds = counts.seconds, .words = words(counts)};
}

}  // namespace

Recovery recover_session(const fs::path& folder) {
  auto recovery = translate_errors("The session " + folder.string() + " cannot be mended",
                                   [&] { return recover(folder); });
  if (recovery.frames > 0) make_report(folder);
  return recovery;
}

}  // namespace mien
