#pragma once

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
  /// Ends the recording; its files are closed in its own thread.
  void stop(LiveSession& session);

  /// Looks how it goes: says where a recording lies that is finished, and ends one that broke.
  std::vector<Notice> poll(LiveSession& session);

  bool recording() const { return recorder_ != nullptr; }
  bool busy() const { return recorder_ || finishing_; }
  RecordingView view() const;

 private:
  std::shared_ptr<SessionRecorder> recorder_;
  std::shared_ptr<SessionRecorder> finishing_;
};

}  // namespace mien
