#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "mien/analysis/live_session.hpp"
#include "mien/base/thread_annotations.hpp"
#include "mien/ui/view_model.hpp"

namespace mien::app {

/// Plays a recorded session: the video's pictures with the readings of its table, so that what
/// is shown is what was recorded. Nothing is analysed again.
///
/// Reads and decodes in a thread of its own, which is abandoned when it hangs; members are
/// for the UI thread and never wait.
class ReplaySession {
 public:
  /// Reads a session's documents and tables; throws Error when it cannot.
  using Read = std::function<sessions::RecordedSession(const std::filesystem::path& folder)>;

  /// Begins to read and plays. `wake` is called from that thread when there is something new to
  /// draw. It ends with the last copy of what is returned. Throws Error when no thread can be
  /// had.
  static std::shared_ptr<ReplaySession> open(std::filesystem::path folder,
                                             std::function<void()> wake,
                                             Read read = &sessions::read_session);

  void set_paused(bool paused);
  /// Goes to a moment, in seconds; paused or playing as before, playing after the end.
  void seek(double position);

  struct Moment {
    std::optional<ui::ReplayView> view;  ///< nothing while the session is being read
    analysis::LiveStatus status;
    base::AnalyzedFramePtr analysis;  ///< with its picture; null before the first
    std::string problem;              ///< why it cannot be shown; empty otherwise
  };
  Moment moment() const;

 private:
  using Clock = std::chrono::steady_clock;

  ReplaySession(std::function<void()> wake, Read read);
  void run(const std::filesystem::path& folder);  ///< the thread's
  void play(const std::filesystem::path& folder);
  void stop();
  bool stopped() const;
  void notify();
  double position_now() const MIEN_REQUIRES(mutex_);
  void start_at(double position) MIEN_REQUIRES(mutex_);

  const std::function<void()> wake_;
  const Read read_;
  mutable base::Mutex mutex_;
  std::condition_variable_any changed_;
  bool stop_ MIEN_GUARDED_BY(mutex_) = false;
  bool playing_ MIEN_GUARDED_BY(mutex_) = false;
  double position_ MIEN_GUARDED_BY(mutex_) = 0;
  double length_ MIEN_GUARDED_BY(mutex_) = 0;
  Clock::time_point since_ MIEN_GUARDED_BY(mutex_){};
  Moment moment_ MIEN_GUARDED_BY(mutex_);
};

}  // namespace mien::app
