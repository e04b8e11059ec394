#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "mien/base/model_card.hpp"
#include "mien/base/reading.hpp"
#include "mien/sources/frame_source.hpp"

namespace mien {

/// What a session is made of.
struct SessionOptions {
  std::filesystem::path folder;  ///< the session's own; must not exist or be empty
  ModelCard model;
  std::string detector_id;
  SourceInfo source;
  bool video = true;  ///< write video.mkv
  bool bars = true;   ///< emotion bars in the video
  /// An FFmpeg encoder name, or empty for the best that the system has: libx264, libvpx, mjpeg.
  std::string encoder;
};

/// `root`/2026-11-22_07-15-00, with _2, _3 ... when that exists.
std::filesystem::path new_session_folder(const std::filesystem::path& root);

/// What a session holds.
struct SessionSummary {
  std::filesystem::path folder;
  std::uint64_t frames = 0;
  std::uint64_t faces = 0;   ///< rows with a face
  double seconds = 0;        ///< first to last frame
  std::uintmax_t bytes = 0;  ///< of all its files
  std::string ended;         ///< as given to close(); empty before
  std::string problem;       ///< what could not be written, a sentence; empty when all was
};

/// Writes a session folder: video.mkv (annotated, true timestamps), faces.csv and session.json.
/// No threads; belongs to one. `mien analyze` and the recorder's thread run the same one.
class SessionWriter {
 public:
  /// Throws Error when the folder cannot be made or is not empty, or no encoder works.
  explicit SessionWriter(SessionOptions options);
  /// Closes as "abandoned" what close() has not closed.
  ~SessionWriter();
  SessionWriter(const SessionWriter&) = delete;
  SessionWriter& operator=(const SessionWriter&) = delete;

  /// Adds a frame with its rows. Times must not go back: a frame that does not come after the
  /// last one is left out and counted in session.json. A frame of another size than the first
  /// is scaled to fit, letterboxed. A change of model or labels is kept in session.json;
  /// columns stay those of the first. Throws Error when the disk is full or gone; close() still
  /// works then.
  void write(const AnalyzedFrame& frame);

  /// Finishes every file and names the session's end, e.g. "stopped", "end of input",
  /// "interrupted". Does what can be done and never throws: a step that fails is told in the
  /// summary's `problem`, and in session.json when that can be written. Twice is once.
  SessionSummary close(const std::string& ended);

  /// What was written so far.
  SessionSummary summary() const;

 private:
  class Files;
  std::unique_ptr<Files> files_;
};

}  // namespace mien
