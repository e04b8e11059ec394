#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "mien/analysis/live_session.hpp"
#include "mien/ui/view_model.hpp"

namespace mien {

/// Plays a recorded session: the video's pictures with the readings of its table, so that what
/// is shown is what was recorded. Nothing is analysed again.
///
/// Reads and decodes in a thread of its own, which is left behind when it hangs; members are
/// for the UI thread and never wait.
class ReplaySession {
 public:
  /// Reads a session's documents and tables; throws Error when it cannot.
  using Read = std::function<RecordedSession(const std::filesystem::path& folder)>;

  /// `wake` is called from that thread when there is something new to draw. Throws Error when
  /// no thread can be had.
  ReplaySession(std::filesystem::path folder, std::function<void()> wake,
                Read read = &read_session);
  ~ReplaySession();
  ReplaySession(const ReplaySession&) = delete;
  ReplaySession& operator=(const ReplaySession&) = delete;

  void set_paused(bool paused);
  /// Goes to a moment, in seconds; paused or playing as before, playing after the end.
  void seek(double position);

  struct Moment {
    std::optional<ReplayView> view;  ///< nothing while the session is being read
    LiveStatus status;
    AnalyzedFramePtr analysis;  ///< with its picture; null before the first
    std::string problem;        ///< why it cannot be shown; empty otherwise
  };
  Moment moment() const;

 private:
  class Player;
  std::shared_ptr<Player> player_;  ///< with its thread, which may outlive this
};

}  // namespace mien
