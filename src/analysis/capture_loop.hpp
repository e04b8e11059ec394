#pragma once

#include <functional>
#include <future>
#include <memory>
#include <optional>

#include "mien/base/channel.hpp"

#include "session_state.hpp"

namespace mien {

/// The capture thread: opens, reads and releases sources, keeps files to their own time, and
/// hands frames to the screen (newest wins) and to the analysis (newest wins when live, all of
/// a file).
///
/// A wished source is opened by a helper thread while the present one plays on; it is then read
/// by the capture thread alone.
class CaptureLoop {
 public:
  using OpenSource = std::function<std::unique_ptr<FrameSource>(const SourceRequest&)>;

  /// `stand_ins`: see LiveSession::Start.
  CaptureLoop(SessionState& state, Channel<CapturedFrame>& to_analysis, OpenSource open_source,
              bool stand_ins = true);

  /// Runs until the state says stop, then closes `to_analysis`.
  void run();

  /// Makes a read that waits return soon. Any thread.
  void interrupt();

 private:
  using Clock = std::chrono::steady_clock;

  void step();
  void begin_opening(const SourceRequest& request);
  void finish_opening();
  void take_over(std::unique_ptr<FrameSource> source, bool reconnected);
  void source_failed(const std::string& sentence);
  void reopen_later();
  void read_live();
  void read_file(std::uint64_t seen);
  void ended();
  void release_source();

  SessionState& state_;
  Channel<CapturedFrame>& to_analysis_;
  const OpenSource open_source_;
  const bool stand_ins_;

  std::shared_ptr<FrameSource> source_;
  SourceRequest request_;  ///< of source_
  std::uint64_t generation_ = 0;
  bool reconnected_ = false;  ///< source_ is the one before, opened anew after it was lost
  FramePtr pending_;          ///< a file's next frame, not yet due
  std::optional<Clock::time_point> started_;  ///< when a file's time 0 was, on this clock
  bool ended_ = false;
  bool was_paused_ = false;

  std::future<std::unique_ptr<FrameSource>> opening_;
  SourceRequest opening_request_;
  bool reconnecting_ = false;  ///< opening_ is another try for a source that was lost
  std::optional<Clock::time_point> retry_at_;

  Mutex current_mutex_;
  std::shared_ptr<FrameSource> current_ MIEN_GUARDED_BY(current_mutex_);  ///< for interrupt()
};

}  // namespace mien
