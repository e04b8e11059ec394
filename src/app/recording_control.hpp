#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "mien/analysis/live_session.hpp"
#include "mien/recording/session_recorder.hpp"
#include "mien/ui/view_model.hpp"

namespace mien {

/// Starts and stops recordings of a live session without ever waiting for one. The UI thread's.
class RecordingControl {
 public:
  /// Throws Error when the folder cannot be made.
  void start(LiveSession& session, SessionOptions options);
  /// Ends the recording; its files are closed in its own thread. `interrupted`: the program
  /// was told to end at once, so no report is made.
  void stop(LiveSession& session, bool interrupted = false);
  /// Something happened that the session is to tell; nothing while nothing is recorded.
  void note(SessionEvent event,
            std::chrono::steady_clock::time_point at = std::chrono::steady_clock::now());

  /// Looks how it goes: says where a recording lies that is finished, and ends one that broke.
  std::vector<Notice> poll(LiveSession& session);

  bool recording() const { return recorder_ != nullptr; }
  bool busy() const { return recorder_ || finishing_; }
  RecordingView view() const;

 private:
  Privacy privacy_ = Privacy::everything;
  std::shared_ptr<SessionRecorder> recorder_;
  std::shared_ptr<SessionRecorder> finishing_;
};

}  // namespace mien
