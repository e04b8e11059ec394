#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "mien/base/channel.hpp"
#include "mien/base/log.hpp"

#include "session_state.hpp"
#include "source_reader.hpp"

namespace mien::analysis {

/// The capture thread: chooses what plays, keeps files to their own time, and hands frames to
/// the screen (newest wins) and to the analysis (newest wins when live, all of a file).
///
/// Each source is opened and read by a SourceReader, while the present one plays on; one that
/// hangs is left behind when another is asked for, or at the end.
class CaptureLoop {
 public:
  /// `allow_fallbacks`: see LiveSession::Start.
  CaptureLoop(SessionState& state, base::Channel<CapturedFrame>& to_analysis,
              SourceReader::Open open, bool allow_fallbacks = true);

  /// Runs until the state says stop, then closes `to_analysis`.
  void run();

 private:
  using Clock = std::chrono::steady_clock;

  Clock::time_point step(const CaptureRequests& requests);
  void begin_opening(const sources::SourceRequest& request);
  void finish_opening();
  void open_fallback(const std::string& sentence);
  void switch_to_opened(bool reconnected);
  void source_failed(const std::string& sentence);
  void abandon(std::unique_ptr<SourceReader>& reader);
  void forget_released();
  bool read_live();
  void log_dropped();
  Clock::time_point read_file();
  bool at_end() const;
  void ended();
  void release_source();
  bool same_device(const sources::SourceRequest& request) const;

  SessionState& state_;
  base::Channel<CapturedFrame>& to_analysis_;
  const SourceReader::Open open_;
  const bool allow_fallbacks_;

  std::unique_ptr<SourceReader> source_;  ///< that plays
  sources::SourceRequest request_;        ///< of source_
  std::uint64_t generation_ = 0;
  bool reconnected_ = false;  ///< source_ is the one before, opened anew after it was lost
  base::FramePtr pending_;    ///< a file's next frame, not yet due
  std::optional<Clock::time_point> started_;  ///< when a file's time 0 was, on this clock
  bool ended_ = false;
  bool paused_ = false;   ///< as of this step
  bool restart_ = false;  ///< asked for while something else was to be done
  bool was_paused_ = false;

  std::unique_ptr<SourceReader> opening_;
  sources::SourceRequest opening_request_;
  bool reconnecting_ = false;  ///< opening_ is another try for a source that was lost
  std::optional<Clock::time_point> retry_at_;

  std::size_t frames_ = 0;   ///< of a live source, since they were logged
  std::size_t dropped_ = 0;  ///< of these, by the analysis
  base::log::Period minute_{std::chrono::minutes(1)};

  std::vector<std::unique_ptr<SourceReader>> abandoned_;  ///< stopped, not yet released
};

}  // namespace mien::analysis
