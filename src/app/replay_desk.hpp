#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "mien/analysis/live_session.hpp"
#include "mien/base/background_queue.hpp"
#include "mien/ui/ui.hpp"

#include "replay_session.hpp"

namespace mien {

/// The past session that is looked at instead of the live picture: being read, shown, or none.
/// Nothing here waits for a disk; a session that takes long to read can be given up for the
/// live picture or for another session. The UI thread's.
class ReplayDesk {
 public:
  /// `wake` is called from any thread when there is something new to draw. `read` is called in
  /// a thread of its own; tests put a slow one here.
  explicit ReplayDesk(std::function<void()> wake, ReplaySession::Read read = &read_session);
  ~ReplayDesk();
  ReplayDesk(const ReplayDesk&) = delete;
  ReplayDesk& operator=(const ReplayDesk&) = delete;

  /// Begins to read a session, in place of the one that was open. The live session pauses
  /// meanwhile if it runs, unless it is being recorded. Throws Error when no thread can be had.
  /// `shown`: what poll() gave of that one, if anything; memory of a long session is freed in
  /// another thread.
  void open(std::filesystem::path folder, LiveSession& live, bool recording,
            std::optional<ReplayView> shown);
  /// Back to the live picture, which goes on if it was paused by open(). `shown`: as in open().
  void leave(LiveSession& live, std::optional<ReplayView> shown);

  bool active() const { return session_ != nullptr; }
  /// The name of the session while it is read; empty otherwise.
  std::string opening() const;
  /// Whether it is the one in that folder.
  bool is(const std::filesystem::path& folder) const { return active() && folder_ == folder; }
  /// The panels with its people and timeline; null unless active().
  Ui* ui() { return ui_.get(); }

  /// Nothing happens before the session is there.
  void set_paused(bool paused);
  void seek(double position);

  /// What is to be shown now: nothing while it is read, then always a view and a picture. With
  /// a problem it cannot be shown, and leave() is to be called. Once a redraw.
  ReplaySession::Moment poll();

 private:
  void close(std::optional<ReplayView> shown);

  const std::function<void()> wake_;
  const ReplaySession::Read read_;
  std::filesystem::path folder_;
  std::unique_ptr<ReplaySession> session_;
  std::unique_ptr<Ui> ui_;
  bool shown_ = false;        ///< it was read
  bool paused_live_ = false;  ///< by open()
  BackgroundQueue disposal_{std::chrono::milliseconds{0}};
};

}  // namespace mien
