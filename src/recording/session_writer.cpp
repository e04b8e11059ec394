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
#include "mien/overlay/delayed_frames.hpp"
#include "mien/sessions/faces_table.hpp"
#include "mien/sessions/session_files.hpp"
#include "mien/sessions/session_lock.hpp"
#include "mien/sessions/session_tables.hpp"
#include "mien/sessions/session_video.hpp"
#include "mien/system/files.hpp"

#include "annotated_video.hpp"
#include "disk.hpp"
#include "event_log.hpp"
#include "session_document.hpp"

namespace mien::recording {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// What a crash may cost of the tables, at most.
constexpr auto kFlushEvery = 200ms;
// Tables are small beside a video.
constexpr std::uintmax_t kRoomForTables = 20'000'000;
/// A receiver that comes and goes for hours has an entry for each time, up to this.
constexpr std::size_t kMaxOutputs = 1000;

[[noreturn]] void fail_folder(const fs::path& folder, const std::string& reason) {
  throw base::Error("The session folder " + folder.string() + " cannot be made: " + reason +
                    "; choose another folder.");
}

/// Makes the folder and those above it; theirs stay as they are, this one is its owner's alone.
/// When it is there already and holds something, `beside` makes one with _2, _3 ... behind its
/// name instead. Returns the one that was made. Throws Error when none can be made, or without
/// `beside` when it holds something already.
fs::path make_session_folder(const fs::path& folder, bool beside) {
  std::error_code code;
  if (const auto failed = base::make_private_folders(folder.parent_path())) {
    fail_folder(folder, failed.message());
  }
  for (auto place = folder;; place = base::free_folder_name(folder)) {
    const auto reason = system::make_private_folder(place);
    if (!reason) return place;
    if (reason != std::errc::file_exists) fail_folder(folder, reason.message());
    if (fs::is_directory(place, code) && fs::is_empty(place, code) && !code) return place;
    if (beside) continue;
    if (!fs::is_directory(place, code)) fail_folder(folder, "a file has that name");
    fail_folder(folder, code ? code.message() : "it holds files already");
  }
}

/// The session's time: milliseconds since its first frame, rising from frame to frame.
class SessionClock {
 public:
  /// The frame's timestamp; none for a frame that does not come after the last one, or longer
  /// after the first than a session may last. Two frames within one millisecond get one each.
  /// Another source has another clock: the session's time goes on by what passed between the
  /// arrivals.
  std::optional<std::int64_t> place(const base::AnalyzedFrame& frame);

  /// The most milliseconds by which a frame's written time is later than its own.
  std::int64_t largest_delay() const { return largest_delay_; }

 private:
  bool started_ = false;
  std::chrono::nanoseconds first_{0};  ///< the session's time 0 on the source's clock
  std::chrono::nanoseconds last_{0};
  std::chrono::steady_clock::time_point arrived_{};
  std::uint64_t source_ = 0;
  std::int64_t last_milliseconds_ = 0;
  std::int64_t largest_delay_ = 0;
};

std::optional<std::int64_t> SessionClock::place(const base::AnalyzedFrame& frame) {
  const auto time = frame.frame->time;
  const bool first = !std::exchange(started_, true);
  if (first) {
    first_ = time;
  } else if (frame.source != source_) {
    const auto passed =
        std::max<std::chrono::nanoseconds>(frame.frame->arrived - arrived_, 1ms);
    first_ = time - (last_ - first_) - passed;
  } else if (time <= last_) {
    return std::nullopt;
  }
  const auto exact = std::chrono::round<std::chrono::milliseconds>(time - first_).count();
  // Broken files contain such times; readers of sessions reject them.
  if (static_cast<double>(exact) > sessions::kMaxSessionSeconds * 1000 - 1) return std::nullopt;
  source_ = frame.source;
  arrived_ = frame.frame->arrived;
  last_ = time;
  last_milliseconds_ = first ? exact : std::max<std::int64_t>(exact, last_milliseconds_ + 1);
  largest_delay_ = std::max(largest_delay_, last_milliseconds_ - exact);
  return last_milliseconds_;
}

}  // namespace

struct SessionWriter::Files {
  explicit Files(SessionOptions options) {
    if (options.privacy == sessions::Privacy::data_only) options.video = false;
    if (options.privacy != sessions::Privacy::everything) {
      options.mesh = overlay::MeshStyle::off;
    }
    // In one piece with what follows: the name in errors, and relative paths survive a chdir.
    options.folder = fs::absolute(options.folder);
    if (options.video) {
      track.emplace(
          AnnotatedVideo::Options{.file = options.folder / sessions::session_file::kVideo,
                                  .fps = options.source.fps,
                                  .encoder = options.encoder,
                                  .bars = options.bars,
                                  .mesh = options.mesh,
                                  .pose_axes = options.pose_axes,
                                  .make_room = [this] { room->release_reserve(); }});
    }
    require_room(options.folder, options.video
                                     ? options.min_free_bytes
                                     : std::min(options.min_free_bytes, kRoomForTables));
    options.folder = make_session_folder(options.folder, options.beside);
    if (track) track->move_to(options.folder / sessions::session_file::kVideo);
    room.emplace(options.folder);
    faces.emplace(options.folder / sessions::session_file::kFaces, options.model.labels,
                  options.source.kind == "folder", options.columns);
    lock.emplace(options.folder);
    events.emplace(options.folder / sessions::session_file::kEvents,
                   model_words(options.model.id, options.model.reading), options.detector_id,
                   options.landmarks_id);
    sync.emplace();
    sync->add(faces->handle());
    sync->add(events->table().handle());
    model_id = options.model.id;
    model_reading = options.model.reading;
    detector_id = options.detector_id;
    landmarks_id = options.landmarks_id;
    movements_id = options.movements_id;
    labels = options.model.labels;
    document.options = std::move(options);
    document.started = std::chrono::system_clock::now();
    write_document();
    base::log::info("recording", "Recording to ", folder(), ": ",
                    sessions::word(document.options.privacy), ", ",
                    document.options.video ? "video" : "no video", ", ", model_id, ", ",
                    detector_id, "; ", room->free_bytes() / 1'000'000, " MB free");
  }

  std::uintmax_t bytes_written() const {
    const auto* video = track ? track->video() : nullptr;
    return faces->bytes_written() + events->table().bytes_written() + document_bytes +
           (video != nullptr ? video->bytes_written() : 0);
  }
  const fs::path& folder() const { return document.options.folder; }

  void log_end() const {
    const auto& counts = document.counts;
    base::log::info("recording", "Closed ", folder(), " (", document.ended,
                    "): ", counts.frames, " frames, ", counts.lost_frames, " lost, ",
                    document.left_out, " left out, ", counts.faces, " faces, ", counts.seconds,
                    " s, ", bytes_written(), " bytes");
    if (!document.problem.empty()) base::log::error("recording", document.problem);
  }

  /// Errors are sticky; close() writes the first into session.json.
  template <typename Step>
  void guarded(Step&& step) {
    if (document.closed)
      throw base::Error("The session " + folder().string() + " is closed already.");
    if (!document.problem.empty()) throw base::Error(document.problem);
    try {
      base::translate_errors("The session " + folder().string() + " cannot be written", step);
    } catch (const base::Error& error) {
      document.problem = error.what();
      throw;
    }
  }

  template <typename Step>
  void attempt(Step&& step) {
    try {
      step();
    } catch (const std::exception&) {
      if (document.problem.empty()) document.problem = base::describe_current_exception();
    }
  }

  void write_ready() {
    while (const auto next = delayed.next()) write_now(next->frame, next->hidden);
  }

  void write_now(const base::AnalyzedFrame& frame, const std::vector<cv::Rect2f>& hidden) {
    const auto milliseconds = clock.place(frame);
    if (!milliseconds) {
      ++document.left_out;
      events->leave_out(frame);
      return;
    }
    const bool model_changed = note_model(frame, *milliseconds);
    const bool outputs_changed = place_outputs(frame.frame->arrived, *milliseconds);
    if (track) write_picture(frame, *milliseconds, hidden);
    // The picture first: when it fails, no row is written.
    faces->write(document.counts.frames + 1, *milliseconds, frame);
    events->add(frame, document.counts.frames + 1, *milliseconds);
    count(frame, *milliseconds);
    if (model_changed || outputs_changed) write_document();
    flush_when_due();
  }

  /// What was sent until the frame that comes next, as EventLog::place() has its parameters.
  /// True when that is something else than before.
  bool place_outputs(Clock::time_point arrived, std::int64_t milliseconds) {
    bool changed = false;
    while (!noted_outputs.empty()) {
      const auto& [specs, at] = noted_outputs.front();
      const auto placed = events->place(at, arrived, milliseconds);
      if (!placed) break;
      changed |= change_outputs(specs, static_cast<double>(*placed) / 1000);
      noted_outputs.pop_front();
    }
    return changed;
  }
  /// What no frame came after.
  void place_last_outputs() {
    for (const auto& [specs, at] : std::exchange(noted_outputs, {})) {
      change_outputs(specs, document.counts.seconds);
    }
    for (auto& output : document.outputs) {
      if (!output.to) output.to = document.counts.seconds;
    }
  }

  /// These from `when` on, in seconds, and nothing else. True when that is a change.
  bool change_outputs(const std::vector<std::string>& specs, double when) {
    bool changed = false;
    for (auto& output : document.outputs) {
      if (output.to || std::find(specs.begin(), specs.end(), output.spec) != specs.end())
        continue;
      output.to = when;
      changed = true;
    }
    for (const auto& spec : specs) {
      const bool known =
          std::any_of(document.outputs.begin(), document.outputs.end(),
                      [&](const auto& output) { return output.spec == spec && !output.to; });
      if (known || document.outputs.size() >= kMaxOutputs) continue;
      document.outputs.push_back({spec, when});
      changed = true;
    }
    return changed;
  }

  /// What could not be written of the video has no rows.
  void cut_to_video() {
    const auto file = folder() / sessions::session_file::kVideo;
    const auto pictures = track->video() != nullptr ? sessions::video_times(file).size() : 0;
    if (pictures == 0) {
      fs::remove(file);
      document.options.video = false;
    }
    if (pictures >= document.counts.frames) return;
    const sessions::SessionTables tables(folder());
    const auto frames = std::min(pictures, tables.times().size());
    tables.cut(frames);
    document.counts = tables.count(frames);
  }

  void write_picture(const base::AnalyzedFrame& frame, std::int64_t milliseconds,
                     const std::vector<cv::Rect2f>& hidden) {
    if (!track->write(frame, milliseconds, hidden, events->names())) return;
    const auto& video = *track->video();
    sync->add(video.handle());
    document.encoder = video.encoder();
    document.width = video.size().width;
    document.height = video.size().height;
    write_document();
  }

  bool note_model(const base::AnalyzedFrame& frame, std::int64_t milliseconds) {
    if (frame.model_id == model_id && frame.model_reading == model_reading &&
        frame.detector_id == detector_id && frame.landmarks_id == landmarks_id &&
        frame.movements_id == movements_id && *frame.labels == labels) {
      return false;
    }
    model_id = frame.model_id;
    model_reading = frame.model_reading;
    detector_id = frame.detector_id;
    landmarks_id = frame.landmarks_id;
    movements_id = frame.movements_id;
    labels = *frame.labels;
    document.model_changes.push_back({static_cast<double>(milliseconds) / 1000,
                                      document.counts.frames + 1, model_id, model_reading,
                                      detector_id, landmarks_id, movements_id, labels});
    return true;
  }

  void count(const base::AnalyzedFrame& frame, std::int64_t milliseconds) {
    const auto& size = frame.frame->image.size();
    if (document.counts.frames == 0) first_size = size;
    if (size != first_size) ++document.scaled;
    ++document.counts.frames;
    document.counts.faces += frame.readings.size();
    if (frame.readings.empty()) ++document.counts.frames_without_face;
    for (const auto& reading : frame.readings) {
      document.counts.people.insert(reading.person);
      if (!reading.verdict.sure())
        ++document.counts.not_sure[base::describe(reading.verdict.doubt)];
    }
    document.counts.seconds = static_cast<double>(milliseconds) / 1000;
    count_events();
  }
  void count_events() {
    document.counts.lost_frames = events->lost_frames();
    document.counts.events = events->events();
    document.counts.names = events->names();
  }

  void flush_when_due() {
    if (track && track->video() != nullptr && track->video()->disk_is_full()) {
      room->fail_full();
    }
    const auto now = Clock::now();
    if (now - last_flush < kFlushEvery) return;
    last_flush = now;
    events->settle(false);
    faces->flush();
    events->table().flush();
    room->look(bytes_written());
    if (const auto error = sync->problem()) {
      throw base::Error("The session " + folder().string() +
                        " cannot be brought to the disk: " + error.message() +
                        "; choose another folder.");
    }
  }

  void write_document() {
    const auto file = folder() / sessions::session_file::kDocument;
    // A name that is not UTF-8 must not cost the session its document.
    const auto text =
        document.to_json().dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
    base::write_file_atomically(file, text);
    document_bytes = text.size();
  }

  SessionDocument document;
  /// That lie after the last frame.
  std::deque<std::pair<std::vector<std::string>, Clock::time_point>> noted_outputs;
  std::optional<DiskSpace> room;
  std::optional<AnnotatedVideo> track;
  std::optional<sessions::FacesTable> faces;
  std::optional<sessions::SessionLock> lock;
  std::optional<EventLog> events;
  std::optional<DiskSync> sync;
  SessionClock clock;
  overlay::DelayedFrames delayed;  ///< when faces are blurred
  cv::Size first_size;
  std::string model_id;
  std::string model_reading;
  std::string detector_id;
  std::string landmarks_id;
  std::string movements_id;
  std::vector<std::string> labels;
  Clock::time_point last_flush = Clock::now();
  std::uintmax_t document_bytes = 0;
};

fs::path new_session_folder(const fs::path& root) {
  return base::free_folder_name(root / base::time_stamp_for_names());
}

SessionWriter::SessionWriter(SessionOptions options)
    : files_(std::make_unique<Files>(std::move(options))) {}

SessionWriter::~SessionWriter() {
  if (!files_->document.closed) close("abandoned", false);
}

void SessionWriter::write(const base::AnalyzedFrame& frame) {
  files_->guarded([&] {
    if (files_->document.options.privacy != sessions::Privacy::blurred_faces)
      return files_->write_now(frame, {});
    files_->delayed.add(frame);
    files_->write_ready();
  });
}

void SessionWriter::source_ended() {
  files_->guarded([&] {
    files_->delayed.end();
    files_->write_ready();
    files_->flush_when_due();
  });
}

void SessionWriter::note(sessions::SessionEvent event, Clock::time_point at) {
  if (!files_->document.closed) files_->events->note(std::move(event), at);
}

void SessionWriter::note_outputs(const std::vector<std::string>& specs, Clock::time_point at) {
  auto& noted = files_->noted_outputs;
  if (noted.size() >= kMaxOutputs) noted.pop_front();
  noted.emplace_back(specs, at);
}

void SessionWriter::set_source_name(std::uint64_t source, std::string name) {
  files_->events->set_source_name(source, std::move(name));
}

void SessionWriter::set_source_report(std::string damage, std::string remark) {
  files_->document.damage = std::move(damage);
  files_->document.remark = std::move(remark);
}

void SessionWriter::add_setting(const std::string& key, nlohmann::json value) {
  files_->document.options.settings[key] = std::move(value);
}

void SessionWriter::idle() {
  files_->guarded([&] { files_->flush_when_due(); });
}

SessionSummary SessionWriter::close(const std::string& ended, bool report) {
  Files& files = *files_;
  if (!files.document.closed) {
    files.delayed.end();
    if (files.document.problem.empty()) files.attempt([&] { files.write_ready(); });
    files.place_last_outputs();
    files.document.closed = true;
    files.document.ended = ended;
    files.document.finished = std::chrono::system_clock::now();
    // Rounding alone moves a frame by one at most.
    if (files.clock.largest_delay() > 1) {
      files.document.remark += (files.document.remark.empty() ? "" : " ") +
                               std::string(
                                   "Frames came faster than one a millisecond; their written "
                                   "times are up to ") +
                               std::to_string(files.clock.largest_delay()) + " ms late.";
    }
    files.room->release_reserve();
    files.attempt([&] {
      if (files.track) files.track->close();
    });
    files.attempt([&] { files.faces->close(); });
    files.attempt([&] {
      files.events->settle(true);
      files.events->table().close();
    });
    files.count_events();
    if (files.track && !files.document.problem.empty())
      files.attempt([&] { files.cut_to_video(); });
    files.sync.reset();
    files.attempt([&] { files.write_document(); });
    system::sync_folder(files.folder());
    // No report of an incomplete session: it would mislead.
    const auto& make_report = files.document.options.make_report;
    if (report && make_report && files.document.counts.frames > 0 &&
        files.document.problem.empty()) {
      make_report(files.folder());
    }
    files.lock.reset();
    files.log_end();
  }
  return summary();
}

SessionSummary SessionWriter::summary() const {
  return {.folder = files_->folder(),
          .frames = files_->document.counts.frames,
          .faces = files_->document.counts.faces,
          .seconds = files_->document.counts.seconds,
          .bytes = files_->bytes_written(),
          .free_bytes = files_->room->free_bytes(),
          .bytes_per_second = files_->room->bytes_per_second(),
          .ended = files_->document.ended,
          .problem = files_->document.problem,
          .remark = files_->document.remark};
}

}  // namespace mien::recording
