#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mien/analysis/live_session.hpp"
#include "mien/recording/session_writer.hpp"

namespace mien::recording {

/// Records a live session: an AnalyzedFrameSink with a thread of its own that paints, encodes
/// and writes. No member but push(), the destructor and the first constructor ever waits.
///
/// Stop means close, drain, finalise: request_stop() returns at once, finished() turns true
/// when the files are closed.
class SessionRecorder : public analysis::AnalyzedFrameSink {
 public:
  /// Creates the folder at once, so that what cannot be written is known at once; waits for the
  /// disk. Throws Error.
  explicit SessionRecorder(SessionOptions options);
  /// Waits for nothing: `prepare` is called, and the folder made, in the recorder's thread,
  /// while the first frames wait. A failure shows in status(): finished, a problem and no
  /// folder. Throws Error when no thread can be had.
  explicit SessionRecorder(std::function<SessionOptions()> prepare);
  /// Stops, drains and closes.
  ~SessionRecorder() override;

  /// From the analysis thread. Waits while eight frames wait.
  bool push(base::AnalyzedFramePtr frame) override;
  /// As push(): for the source event before the next frame.
  void source_changes(const std::string& name) override;
  void source_ended() override;

  /// Any thread; see SessionWriter::note(). Markers, names, pauses and resumptions: the rest is
  /// found in the frames. `at`: when it happened; a marker's text is written later.
  void note(sessions::SessionEvent event,
            std::chrono::steady_clock::time_point at = std::chrono::steady_clock::now());

  /// Any thread; see SessionWriter::note_outputs().
  void note_outputs(std::vector<std::string> specs, std::chrono::steady_clock::time_point at =
                                                        std::chrono::steady_clock::now());

  /// `ended` and `report` as for SessionWriter::close(). Who was told to end at once by a
  /// signal says "interrupted" and wants no report. The first call counts.
  void request_stop(const std::string& ended = "stopped", bool report = true);
  bool finished() const;

  struct Status {
    std::filesystem::path folder;  ///< empty until it is made
    double seconds = 0;            ///< of recorded time
    std::uintmax_t bytes = 0;      ///< written so far
    std::uint64_t frames = 0;
    std::uintmax_t free_bytes = 0;  ///< on the session's disk, about a second ago
    double bytes_per_second = 0;    ///< written, over the last ten seconds or so
    /// Until the disk is full at that rate; none while the rate is not known.
    std::optional<double> seconds_left;
    std::string problem;  ///< why the recording ended by itself; empty otherwise
  };
  Status status() const;

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace mien::recording
