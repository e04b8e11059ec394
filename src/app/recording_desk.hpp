#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "mien/analysis/live_session.hpp"
#include "mien/recording/session_recorder.hpp"
#include "mien/ui/view_model.hpp"

namespace mien {

/// Recordings of a live session: when one may start, who the people in it are, and when it is
/// through. Nothing here waits: a recording is started, written and closed in a thread of its
/// own. The UI thread's.
class RecordingDesk {
 public:
  using Clock = std::chrono::steady_clock;
  /// Called in the recording's thread, where reading a card or a disk may take its time. May
  /// throw Error.
  using Prepare = std::function<SessionOptions()>;

  /// The next moment at which there is something to record, one is to start by itself
  /// (--record).
  void want_one() { wanted_ = true; }
  bool wanted() const { return wanted_; }
  /// Whether that moment has come. True once, and never after close().
  bool is_due(bool something_to_record);

  /// What was wanted cannot be had, for this reason.
  void fail(std::string reason);

  /// Starts one, which is known to have failed only by poll(). False, and nothing done, while
  /// another one is being written or after close(). Throws Error when no thread can be had.
  bool start(LiveSession& session, Privacy privacy, Prepare prepare);
  /// Ends the recording; its files are closed in its own thread. `interrupted`: the program
  /// was told to end at once, so no report is made.
  void stop(LiveSession& session, bool interrupted = false);
  /// As stop(), and none starts any more: the program is closing.
  void close(LiveSession& session, bool interrupted);

  void mark(const std::string& text, Clock::time_point at);
  /// A person of the live picture is called that, in this recording and in later ones; empty:
  /// not any more.
  void name(int person, const std::string& name);

  /// To be called once a redraw with how the session stands: pauses and resumptions are told to
  /// the recording, whatever caused them. Says where a recording lies that is finished, and
  /// ends one that broke.
  std::vector<Notice> poll(LiveSession& session, const LiveStatus& status);

  bool recording() const { return recorder_ != nullptr; }
  bool busy() const { return recorder_ || finishing_; }
  RecordingView view() const;
  /// Why the last recording that failed did, for the exit code; empty when none did.
  const std::string& problem() const { return problem_; }
  /// Whether of what want_one() asked for nothing at all could be recorded.
  bool refused() const { return refused_; }

 private:
  void note(SessionEvent event, Clock::time_point at = Clock::now());

  bool wanted_ = false;
  bool due_one_ = false;  ///< the recording that runs is the one that was wanted
  bool refused_ = false;
  bool closing_ = false;
  bool paused_ = false;
  std::string problem_;
  std::map<int, std::string> names_;
  Privacy privacy_ = Privacy::everything;
  std::shared_ptr<SessionRecorder> recorder_;
  std::shared_ptr<SessionRecorder> finishing_;
};

}  // namespace mien
