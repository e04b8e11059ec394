#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "mien/analysis/live_session.hpp"
#include "mien/recording/session_recorder.hpp"
#include "mien/ui/actions.hpp"
#include "mien/ui/view_model.hpp"

namespace mien::app {

/// Recordings of a live session: starts them, passes events on and notices their end.
/// Nothing here waits: a recording is started, written and closed in a thread of its own. The
/// UI thread's.
class RecordingController {
 public:
  using Clock = std::chrono::steady_clock;
  /// What a recording that starts is to be.
  struct Plan {
    sessions::Privacy privacy = sessions::Privacy::everything;
    /// The recording holds what is measured on faces: every frame's, from the first one on.
    bool measured = false;
    /// Called in the recording's thread, where reading a card or a disk may take its time. May
    /// throw Error.
    std::function<recording::SessionOptions()> prepare;
  };

  /// `plan` is called when a recording starts, with how the session stands. `names` are those
  /// of the people in the live picture. All of them outlive this.
  RecordingController(analysis::LiveSession& live, ui::ViewModel& view,
                      const std::map<int, std::string>& names,
                      std::function<Plan(const analysis::LiveStatus&)> plan);

  /// Starts one, unless another one is being written, or stops the one that runs.
  void handle(const ui::action::Record& action);
  void handle(const ui::action::Marker& action);
  /// A person was named: the recording that runs is told.
  void handle(const ui::action::NamePerson& action);

  /// What the reading is sent to from now on, as specs, for the recording's document.
  void note_outputs(const std::vector<std::string>& specs);

  /// One is to start by itself (--record) as soon as there is something to record, or never
  /// when it turns out that there will not be.
  void request_start();
  bool start_requested() const { return requested_; }

  /// Ends the recording; its files are closed in its own thread. `interrupted`: the program
  /// was told to end at once, so no report is made. None starts any more.
  void close(bool interrupted);

  /// Starts what was requested when its time has come; tells the recording of pauses and
  /// resumptions, whatever caused them; ends one that broke, and says where one that is
  /// finished lies. Once a redraw.
  void poll(const analysis::LiveSnapshot& live);

  bool recording() const { return recorder_ != nullptr; }
  bool busy() const { return recorder_ || finishing_; }
  /// Why the last recording that failed did, for the exit code; empty when none did.
  const std::string& problem() const { return problem_; }
  /// Whether nothing at all of what request_start() asked for could be recorded.
  bool start_failed() const { return start_failed_; }

 private:
  void start(const analysis::LiveSnapshot& live);
  void stop(bool interrupted = false);
  void note(sessions::SessionEvent event, Clock::time_point at = Clock::now());
  void collect_finished();
  ui::RecordingView describe() const;

  analysis::LiveSession& live_;
  ui::ViewModel& view_;
  const std::map<int, std::string>& names_;
  const std::function<Plan(const analysis::LiveStatus&)> plan_;
  bool requested_ = false;
  bool started_by_option_ = false;  ///< of the recording that runs
  bool start_failed_ = false;
  bool closing_ = false;
  bool paused_ = false;
  std::vector<std::string> outputs_;  ///< the reading is sent to these
  std::string problem_;
  sessions::Privacy privacy_ = sessions::Privacy::everything;  ///< of the recording that runs
  std::shared_ptr<recording::SessionRecorder> recorder_;
  std::shared_ptr<recording::SessionRecorder> finishing_;
};

}  // namespace mien::app
