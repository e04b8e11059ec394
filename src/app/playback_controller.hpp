#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "mien/base/background_queue.hpp"
#include "mien/ui/actions.hpp"
#include "mien/ui/ui.hpp"

#include "choices.hpp"
#include "presenter.hpp"
#include "replay_session.hpp"

namespace mien::app {

/// What plays in the window: the live source, or a past session in its place. The UI thread's.
class PlaybackController {
 public:
  /// All of these outlive the controller.
  struct Parts {
    analysis::LiveSession& live;
    Choices& choices;
    Presenter& presenter;
    ui::ViewModel& view;
  };
  /// `wake` is called from any thread when there is something new to draw. `read` is called in
  /// a thread of its own; tests put a slow one here.
  PlaybackController(Parts parts, std::function<void()> wake,
                     ReplaySession::Read read = &sessions::read_session);
  ~PlaybackController();
  PlaybackController(const PlaybackController&) = delete;
  PlaybackController& operator=(const PlaybackController&) = delete;

  // Another source ends a pause and leaves the past session.
  void handle(const ui::action::OpenSource& action) { open_source(action.spec); }
  void handle(const ui::action::OpenCamera& action);
  /// Of what is shown. Nothing happens before a past session is there.
  void handle(const ui::action::Pause& action);
  void handle(const ui::action::RestartSource& action);
  /// Begins to read a session, in place of the one that was open. The live session pauses
  /// meanwhile if it runs, unless it is being recorded. Throws Error when no thread can be had.
  void handle(const ui::action::OpenSession& action);
  /// Back to the live picture, which goes on if it was paused for the session.
  void handle(const ui::action::CloseSession& /*action*/) { leave(); }
  /// Leaves the session that is to be deleted.
  void handle(const ui::action::DeleteSession& action);
  void handle(const ui::action::Seek& action);

  void open_source(const std::string& spec);

  /// A past session is shown, or being read.
  bool replaying() const { return replay_ != nullptr; }
  /// The panels with the past session's people and timeline; null unless replaying().
  ui::Ui* ui() { return ui_.get(); }

  /// Puts what is to be shown of a past session into the view and the presenter. While it is
  /// read, and after it turned out that it cannot be shown, that is nothing: `view.replay` is
  /// empty and the live picture is shown. True when there is something new to draw. Once a
  /// redraw.
  bool poll();

 private:
  void leave();
  void close_replay();

  analysis::LiveSession& live_;
  Choices& choices_;
  Presenter& presenter_;
  ui::ViewModel& view_;
  const std::function<void()> wake_;
  const ReplaySession::Read read_;
  std::filesystem::path folder_;
  std::shared_ptr<ReplaySession> replay_;
  std::unique_ptr<ui::Ui> ui_;
  bool paused_live_ = false;  ///< for the past session
  base::BackgroundQueue disposal_{std::chrono::milliseconds{0}};
};

}  // namespace mien::app
