#include "mien/recording/session_writer.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>
#include <system_error>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/log.hpp"
#include "mien/sessions/faces_table.hpp"
#include "mien/sessions/rename_new.hpp"
#include "mien/sessions/session_files.hpp"
#include "mien/sessions/session_lock.hpp"
#include "mien/sessions/session_tables.hpp"
#include "mien/sessions/video_repair.hpp"

#include "chronicle.hpp"
#include "disk_room.hpp"
#include "disk_sync.hpp"
#include "hidden_faces.hpp"
#include "picture_track.hpp"
#include "session_clock.hpp"
#include "session_document.hpp"
#include "session_folder.hpp"

namespace mien {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// What a crash may cost of the tables, at most.
constexpr auto kFlushEvery = 200ms;
/// Frames that wait for the faces of those after them: so many at most, whatever their rate.
constexpr std::size_t kHeld = 12;
// Tables are small beside a video.
constexpr std::uintmax_t kRoomForTables = 20'000'000;

}  // namespace

class SessionWriter::Files {
 public:
  explicit Files(SessionOptions options) {
    if (options.privacy == Privacy::data_only) options.video = false;
    // In one piece with what follows: the name in errors, and relative paths survive a chdir.
    options.folder = fs::absolute(options.folder);
    if (options.video) {
      track_.emplace(PictureTrack::Options{.file = options.folder / session_file::kVideo,
                                           .fps = options.source.fps,
                                           .encoder = options.encoder,
                                           .bars = options.bars,
                                           .make_room = [this] { room_->give_back(); }});
    }
    require_room(options.folder, options.video
                                     ? options.min_free_bytes
                                     : std::min(options.min_free_bytes, kRoomForTables));
    options.folder = make_session_folder(options.folder, options.beside);
    if (track_) track_->move_to(options.folder / session_file::kVideo);
    room_.emplace(options.folder);
    table_.emplace(options.folder / session_file::kFaces, options.model.labels,
                   options.source.kind == "folder");
    lock_.emplace(options.folder);
    chronicle_.emplace(options.folder / session_file::kEvents,
                       model_words(options.model.id, options.model.reading),
                       options.detector_id);
    sync_.emplace();
    sync_->add(table_->descriptor());
    sync_->add(chronicle_->table().descriptor());
    model_id_ = options.model.id;
    reading_ = options.model.reading;
    detector_id_ = options.detector_id;
    labels_ = options.model.labels;
    document_.options = std::move(options);
    document_.started = std::chrono::system_clock::now();
    write_document();
    log::info("recording", "Recording to ", folder(), ": ", word(document_.options.privacy),
              ", ", document_.options.video ? "video" : "no video", ", ", model_id_, ", ",
              detector_id_, "; ", room_->free_bytes() / 1'000'000, " MB free");
  }

  void write(const AnalyzedFrame& frame) {
    guarded([&] {
      if (document_.options.privacy != Privacy::blurred_faces) return write_now(frame);
      hidden_.saw(frame);
      held_.push_back(frame);
      held_since_ = Clock::now();
      while (held_.size() > kHeld || held_.front().source != frame.source ||
             frame.frame->time - held_.front().frame->time > HiddenFaces::kAhead) {
        write_held();
      }
    });
  }

  void note(SessionEvent event, Clock::time_point at) {
    if (!document_.closed) chronicle_->note(std::move(event), at);
  }
  void source_named(std::uint64_t source, std::string name) {
    chronicle_->source_named(source, std::move(name));
  }

  void source_told(std::string damage, std::string remark) {
    document_.damage = std::move(damage);
    document_.remark = std::move(remark);
  }
  void add_setting(const std::string& key, nlohmann::json value) {
    document_.options.settings[key] = std::move(value);
  }

  void idle() {
    guarded([&] {
      if (Clock::now() - held_since_ > HiddenFaces::kAhead) write_all_held();
      keep_house();
    });
  }

  SessionSummary close(const std::string& ended, bool report) {
    if (!document_.closed) {
      if (document_.problem.empty()) attempt([&] { write_all_held(); });
      document_.closed = true;
      document_.ended = ended;
      document_.finished = std::chrono::system_clock::now();
      // Rounding alone moves a frame by one at most.
      if (clock_.largest_delay() > 1) {
        document_.remark += (document_.remark.empty() ? "" : " ") +
                            std::string(
                                "Frames came faster than one a millisecond; their written "
                                "times are up to ") +
                            std::to_string(clock_.largest_delay()) + " ms late.";
      }
      room_->give_back();
      attempt([&] {
        if (track_) track_->close();
      });
      attempt([&] { table_->close(); });
      attempt([&] {
        chronicle_->settle(true);
        chronicle_->table().close();
      });
      count_events();
      if (track_ && !document_.problem.empty()) attempt([&] { cut_to_video(); });
      sync_.reset();
      attempt([&] { write_document(); });
      sync_folder(folder());
      // One of what could not be written may not find room either, and would say half.
      const auto& make_report = document_.options.make_report;
      if (report && make_report && document_.counts.frames > 0 && document_.problem.empty()) {
        make_report(folder());
      }
      lock_.reset();
      log_end();
    }
    return summary();
  }

  SessionSummary summary() const {
    return {.folder = folder(),
            .frames = document_.counts.frames,
            .faces = document_.counts.faces,
            .seconds = document_.counts.seconds,
            .bytes = bytes_written(),
            .free_bytes = room_->free_bytes(),
            .bytes_per_second = room_->bytes_per_second(),
            .ended = document_.ended,
            .problem = document_.problem,
            .remark = document_.remark};
  }

  bool closed() const { return document_.closed; }

 private:
  std::uintmax_t bytes_written() const {
    const auto* video = track_ ? track_->video() : nullptr;
    return table_->bytes_written() + chronicle_->table().bytes_written() + document_bytes_ +
           (video != nullptr ? video->bytes_written() : 0);
  }
  const fs::path& folder() const { return document_.options.folder; }

  void log_end() const {
    const auto& counts = document_.counts;
    log::info("recording", "Closed ", folder(), " (", document_.ended, "): ", counts.frames,
              " frames, ", counts.lost_frames, " lost, ", document_.left_out, " left out, ",
              counts.faces, " faces, ", counts.seconds, " s, ", bytes_written(), " bytes");
    if (!document_.problem.empty()) log::error("recording", document_.problem);
  }

  /// What fails once stays failed; close() says it again, in session.json.
  template <typename Step>
  void guarded(Step&& step) {
    if (document_.closed)
      throw Error("The session " + folder().string() + " is closed already.");
    if (!document_.problem.empty()) throw Error(document_.problem);
    try {
      translate_errors("The session " + folder().string() + " cannot be written", step);
    } catch (const Error& error) {
      document_.problem = error.what();
      throw;
    }
  }

  template <typename Step>
  void attempt(Step&& step) {
    try {
      step();
    } catch (const std::exception&) {
      if (document_.problem.empty()) document_.problem = describe_current_exception();
    }
  }

  void write_held() {
    const auto frame = std::move(held_.front());
    held_.pop_front();
    write_now(frame);
  }
  void write_all_held() {
    while (!held_.empty()) write_held();
  }

  void write_now(const AnalyzedFrame& frame) {
    const auto milliseconds = clock_.place(frame);
    if (!milliseconds) {
      ++document_.left_out;
      chronicle_->leave_out(frame);
      return;
    }
    const bool model_changed = note_model(frame, *milliseconds);
    if (track_) write_picture(frame, *milliseconds);
    // The row comes after its picture: there is none for a picture that was refused.
    table_->write(document_.counts.frames + 1, *milliseconds, frame);
    chronicle_->add(frame, document_.counts.frames + 1, *milliseconds);
    count(frame, *milliseconds);
    if (model_changed) write_document();
    keep_house();
  }

  /// What could not be written of the video has no rows.
  void cut_to_video() {
    const auto file = folder() / session_file::kVideo;
    const auto pictures = track_->video() != nullptr ? video_times(file).size() : 0;
    if (pictures == 0) {
      fs::remove(file);
      document_.options.video = false;
    }
    if (pictures >= document_.counts.frames) return;
    const SessionTables tables(folder());
    const auto frames = std::min(pictures, tables.times().size());
    tables.cut(frames);
    document_.counts = tables.count(frames);
  }

  void write_picture(const AnalyzedFrame& frame, std::int64_t milliseconds) {
    std::vector<cv::Rect2f> hidden;
    if (document_.options.privacy == Privacy::blurred_faces) hidden = hidden_.in(frame);
    if (!track_->write(frame, milliseconds, hidden, chronicle_->names())) return;
    const auto& video = *track_->video();
    sync_->add(video.descriptor());
    document_.encoder = video.encoder();
    document_.width = video.size().width;
    document_.height = video.size().height;
    write_document();
  }

  bool note_model(const AnalyzedFrame& frame, std::int64_t milliseconds) {
    if (frame.model_id == model_id_ && frame.model_reading == reading_ &&
        frame.detector_id == detector_id_ && *frame.labels == labels_) {
      return false;
    }
    model_id_ = frame.model_id;
    reading_ = frame.model_reading;
    detector_id_ = frame.detector_id;
    labels_ = *frame.labels;
    document_.model_changes.push_back({static_cast<double>(milliseconds) / 1000,
                                       document_.counts.frames + 1, model_id_, reading_,
                                       detector_id_, labels_});
    return true;
  }

  void count(const AnalyzedFrame& frame, std::int64_t milliseconds) {
    const auto& size = frame.frame->image.size();
    if (document_.counts.frames == 0) first_size_ = size;
    if (size != first_size_) ++document_.scaled;
    ++document_.counts.frames;
    document_.counts.faces += frame.readings.size();
    if (frame.readings.empty()) ++document_.counts.frames_without_face;
    for (const auto& reading : frame.readings) {
      document_.counts.people.insert(reading.person);
      if (!reading.verdict.sure()) ++document_.counts.not_sure[describe(reading.verdict.doubt)];
    }
    document_.counts.seconds = static_cast<double>(milliseconds) / 1000;
    count_events();
  }
  void count_events() {
    document_.counts.lost_frames = chronicle_->lost_frames();
    document_.counts.events = chronicle_->events();
    document_.counts.names = chronicle_->names();
  }

  void keep_house() {
    if (track_ && track_->video() != nullptr && track_->video()->disk_is_full()) {
      room_->fail_full();
    }
    const auto now = Clock::now();
    if (now - kept_house_ < kFlushEvery) return;
    kept_house_ = now;
    chronicle_->settle(false);
    table_->flush();
    chronicle_->table().flush();
    room_->look(bytes_written());
    if (const int code = sync_->problem(); code != 0) {
      throw Error("The session " + folder().string() + " cannot be brought to the disk: " +
                  std::generic_category().message(code) + "; choose another folder.");
    }
  }

  void write_document() {
    const auto file = folder() / session_file::kDocument;
    // A name that is not UTF-8 must not cost the session its document.
    const auto text =
        document_.to_json().dump(2, ' ', false, nlohmann::json::error_handler_t::replace) +
        '\n';
    write_file_atomically(file, text);
    document_bytes_ = text.size();
  }

  SessionDocument document_;
  std::optional<DiskRoom> room_;
  std::optional<PictureTrack> track_;
  std::optional<FacesTable> table_;
  std::optional<SessionLock> lock_;
  std::optional<Chronicle> chronicle_;
  std::optional<DiskSync> sync_;
  SessionClock clock_;
  HiddenFaces hidden_;
  std::deque<AnalyzedFrame> held_;  ///< not yet written: who is in them may be found later
  Clock::time_point held_since_{};  ///< the last of them
  cv::Size first_size_;
  std::string model_id_;
  std::string reading_;
  std::string detector_id_;
  std::vector<std::string> labels_;
  Clock::time_point kept_house_ = Clock::now();
  std::uintmax_t document_bytes_ = 0;
};

SessionWriter::SessionWriter(SessionOptions options)
    : files_(std::make_unique<Files>(std::move(options))) {}

SessionWriter::~SessionWriter() {
  if (!files_->closed()) files_->close("abandoned", false);
}

void SessionWriter::write(const AnalyzedFrame& frame) { files_->write(frame); }

void SessionWriter::note(SessionEvent event, Clock::time_point at) {
  files_->note(std::move(event), at);
}

void SessionWriter::source_named(std::uint64_t source, std::string name) {
  files_->source_named(source, std::move(name));
}

void SessionWriter::source_told(std::string damage, std::string remark) {
  files_->source_told(std::move(damage), std::move(remark));
}

void SessionWriter::add_setting(const std::string& key, nlohmann::json value) {
  files_->add_setting(key, std::move(value));
}

void SessionWriter::idle() { files_->idle(); }

SessionSummary SessionWriter::close(const std::string& ended, bool report) {
  return files_->close(ended, report);
}

SessionSummary SessionWriter::summary() const { return files_->summary(); }

}  // namespace mien
