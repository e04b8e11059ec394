#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "mien/base/reading.hpp"
#include "mien/sessions/recorded_session.hpp"
#include "mien/sessions/session_blinks.hpp"

namespace mien::ui {

struct ReplayHistory;  // src/ui/replay_state.hpp

/// The rows of one frame: `first` to `last`, without `last`; indices into the session's rows.
struct RecordedFrame {
  double timestamp = 0;
  std::size_t first = 0;
  std::size_t last = 0;
};

/// A session's frames, in order of time.
std::vector<RecordedFrame> recorded_frames(const sessions::RecordedSession& session);

/// What was read of a frame, as it was recorded: nothing is analysed again. `raw` readings were
/// not kept and are the smoothed ones; its time is the timestamp. `labels` are the session's.
/// Without a picture the frame has none. `blinks` are the session's, of each row: they count
/// from its beginning.
base::AnalyzedFramePtr replayed_frame(const sessions::RecordedSession& session,
                                      const RecordedFrame& frame,
                                      const std::vector<sessions::SessionBlinks::Row>& blinks,
                                      std::shared_ptr<const std::vector<std::string>> labels,
                                      cv::Mat picture = {});

/// What the panels show of a whole session, `length` seconds of it, for ReplayView::history.
/// Takes seconds for a session of hours; any thread.
std::shared_ptr<ReplayHistory> prepare_replay(const sessions::RecordedSession& session,
                                              double length);

}  // namespace mien::ui
