#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "mien/base/reading.hpp"
#include "mien/models/model_card.hpp"
#include "mien/overlay/overlay_layout.hpp"
#include "mien/sessions/columns.hpp"
#include "mien/sessions/privacy.hpp"
#include "mien/sessions/session_events.hpp"
#include "mien/sources/frame_source.hpp"

namespace mien::recording {

/// What a session is made of.
struct SessionOptions {
  std::filesystem::path folder;  ///< the session's own; must not exist or be empty
  /// When something has the folder's name already, take it with _2, _3 ... behind it, also when
  /// another program is the first to take it.
  bool beside = false;
  models::ModelCard model;
  std::string detector_id;
  std::string landmarks_id{};  ///< of the landmarks model; empty: none
  std::string movements_id{};  ///< of the network of movements; empty: none
  /// ModelCard::document of both, for session.json; null when not known.
  nlohmann::json landmarks_card{}, movements_card{};
  sessions::Columns columns = sessions::Columns::basic;  ///< of faces.csv
  sources::SourceInfo source;
  bool video = true;  ///< write video.mkv; data_only forbids it
  bool bars = true;   ///< emotion bars in the video
  /// What of the mesh and the head's pose is drawn in the video; nothing over blurred faces,
  /// whose shape it would tell.
  overlay::MeshStyle mesh = overlay::MeshStyle::off;
  bool pose_axes = false;
  sessions::Privacy privacy = sessions::Privacy::everything;
  /// The name of one of video_encoders(), or empty for the first of them.
  std::string encoder;
  /// For session.json, which leaves secrets of addresses out; an object or null. Where it has
  /// source, model, reading, detector, landmarks, columns, privacy, video_encoder or outputs,
  /// those of the session are written instead.
  nlohmann::json settings;
  /// A disk with less room than this at the start is refused; for tables alone, 20 MB do.
  std::uintmax_t min_free_bytes = 200'000'000;
  /// Called with the folder by SessionWriter::close() when the session has frames: makes its
  /// report. May be empty; must not throw.
  std::function<void(const std::filesystem::path& folder)> make_report{};
};

/// A way to write the video.
struct VideoEncoder {
  std::string name;         ///< FFmpeg's, for SessionOptions::encoder: "libx264"
  std::string word;         ///< for the command line: "h264"
  std::string title;        ///< for a menu: "H.264"
  std::string description;  ///< what it is good for
};

/// Those that this system has, best first.
std::vector<VideoEncoder> video_encoders();

/// `root`/2026-11-22_07-15-00, with _2, _3 ... when that exists.
std::filesystem::path new_session_folder(const std::filesystem::path& root);

/// What a session holds.
struct SessionSummary {
  std::filesystem::path folder;
  std::uint64_t frames = 0;
  std::uint64_t faces = 0;        ///< rows with a face
  double seconds = 0;             ///< first to last frame
  std::uintmax_t bytes = 0;       ///< of all its files
  std::uintmax_t free_bytes = 0;  ///< on its disk
  double bytes_per_second = 0;    ///< written, over the last ten seconds or so; 0: not known
  std::string ended;              ///< as given to close(); empty before
  std::string problem;            ///< what could not be written, a sentence; empty when all was
  std::string remark;             ///< what is good to know of it, once it is closed
};

/// Writes a session folder: video.mkv (annotated, true timestamps), faces.csv, events.csv and
/// session.json. Belongs to one thread; has one of its own, which syncs what was written to the
/// disk about once a second. `mien analyze` and the recorder's thread run the same one.
///
/// While it lives, the session is locked: see sessions/session_lock.hpp. A process that is
/// killed leaves what was written until about a second before, for recover_session().
class SessionWriter {
 public:
  /// Throws Error when the folder cannot be made or is not empty, its disk is full or no
  /// encoder works.
  explicit SessionWriter(SessionOptions options);
  /// Closes as "abandoned" what close() has not closed.
  ~SessionWriter();
  SessionWriter(const SessionWriter&) = delete;
  SessionWriter& operator=(const SessionWriter&) = delete;

  /// Adds a frame with its rows. Times must not go back: a frame that does not come after the
  /// last one is left out and counted in session.json. A frame of another size than the first
  /// is scaled to fit, letterboxed. A change of model, detector, landmarks model or
  /// labels is kept in session.json; columns stay those of the first. Throws Error when the
  /// disk is full or gone; close() still works then. With blurred faces a frame is written when
  /// later ones have come: see overlay/delayed_frames.hpp.
  void write(const base::AnalyzedFrame& frame);

  /// The source has ended: writes the frames that wait for later ones. More may come. Throws as
  /// write() does.
  void source_ended();

  /// Adds what happened at `at` to events.csv: a marker, a name, a pause or a resumption. It
  /// belongs to the first frame that arrived after it, or to the last one when none follows
  /// within a second; frame and timestamp are filled in here. Arrivals, departures, gaps, and
  /// changes of source, model, detector and landmarks model are found by the writer itself;
  /// here they are left out.
  void note(sessions::SessionEvent event,
            std::chrono::steady_clock::time_point at = std::chrono::steady_clock::now());

  /// What the reading is sent to from `at` on, as specs, for session.json, on the session's
  /// clock as note() has it: all of it, nothing of what was given before. For whoever sends
  /// frames beside.
  void note_outputs(const std::vector<std::string>& specs,
                    std::chrono::steady_clock::time_point at);

  /// A source's name for events.csv, before its first frame is written. `source` is the
  /// frames'.
  void set_source_name(std::uint64_t source, std::string name);

  /// What the source had to say in the end, for session.json: FrameSource::damage() and
  /// remark().
  void set_source_report(std::string damage, std::string remark);
  /// Adds to SessionOptions::settings what was not known at the start. Written by close().
  void add_setting(const std::string& key, nlohmann::json value);

  /// Periodic work (flush, disk space) while no frames arrive. Throws as write() does.
  void idle();

  /// Finishes every file and names the session's end, e.g. "stopped", "end of input",
  /// "interrupted". Does what can be done and never throws: a step that fails is told in the
  /// summary's `problem`, and in session.json when that can be written. `report`: calls
  /// SessionOptions::make_report. Idempotent.
  SessionSummary close(const std::string& ended, bool report = true);

  /// What was written so far.
  SessionSummary summary() const;

 private:
  struct Files;
  std::unique_ptr<Files> files_;
};

}  // namespace mien::recording
