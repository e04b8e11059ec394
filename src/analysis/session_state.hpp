#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mien/analysis/live_session.hpp"
#include "mien/base/channel.hpp"
#include "mien/base/thread_annotations.hpp"

#include "rate_meter.hpp"

namespace mien::analysis {

/// A frame on its way from the capture thread to the analysis thread.
struct CapturedFrame {
  base::FramePtr frame;
  std::uint64_t generation = 0;  ///< which opened source it came from
  std::string source_name{};     ///< of that source
  bool reconnected = false;      ///< it is the one before, opened anew after it was lost
};

/// What the capture thread has to do, as of one moment.
struct CaptureRequests {
  std::uint64_t version = 0;  ///< of the state, see SessionState::wait_until()
  bool stop = false;
  bool paused = false;
  bool restart = false;
  std::optional<sources::SourceRequest> source{};
};

/// What the analysis thread has to change before the next frame. A new sink is in use from then
/// on: what was requested before it was set holds for its first frame.
struct AnalysisRequests {
  std::optional<std::string> model, reading, detector, landmarks;
  std::optional<Measuring> measuring;
  std::vector<BaselineRequest> baselines;
};

/// What the UI, capture and analysis threads of a LiveSession share, all of it under one lock
/// that is never held while anybody waits for a device, a file or a network: requests on their
/// way from the UI to the threads, and what the threads have published for the UI.
class SessionState {
 public:
  explicit SessionState(std::function<void()> wake, bool hold_until_sink = false)
      : wake_(std::move(wake)), hold_until_sink_(hold_until_sink) {}

  // The UI thread.
  void request(LiveRequests requests);
  void set_sink(std::shared_ptr<AnalyzedFrameSink> sink);
  void set_outputs(std::shared_ptr<AnalyzedFrameSink> outputs);
  void stop();
  LiveSnapshot snapshot() const;
  std::vector<base::Notice> take_notices();

  // Both threads.
  bool stopping() const;
  void notify(base::Notice::Level level, std::string text);
  /// Changes what the UI sees of the status. `change` is called under the lock.
  void update_status(const std::function<void(LiveStatus&)>& change);
  std::shared_ptr<AnalyzedFrameSink> sink() const;
  std::shared_ptr<AnalyzedFrameSink> outputs() const;

  // The capture thread.
  CaptureRequests take_capture_requests();
  /// A source's reader has something new; any thread.
  void wake_capture();
  /// Waits until something was requested or wake_capture() was called since `version` was
  /// taken, or until `deadline`.
  void wait_until(std::chrono::steady_clock::time_point deadline, std::uint64_t version) const;
  /// A source has opened: what was seen of the one before is forgotten. Returns its generation.
  std::uint64_t source_opened(const sources::SourceInfo& info);
  /// The one that was asked for cannot be opened: what played before plays on.
  void source_refused();
  void captured(base::FramePtr frame);

  // The analysis thread.
  AnalysisRequests take_analysis_requests();
  /// Whether the capture thread hands over no frame any more.
  bool has_ended() const;
  /// Publishes a result with the resting faces of the people in it, unless its source is no
  /// longer the newest one.
  void analysed(base::AnalyzedFramePtr analysis,
                std::map<int, emotions::NeutralBaseline> baselines, std::uint64_t generation);
  /// The sink for a frame of that generation. Waits for the first one there is, if one was
  /// announced and the source is not live and no other one is asked for meanwhile.
  std::shared_ptr<AnalyzedFrameSink> sink_for_frame(std::uint64_t generation);
  /// The sink that is in use since the last call of either, if nothing more comes of the
  /// source.
  std::shared_ptr<AnalyzedFrameSink> take_sink_for_last_frame();
  /// The outputs for a frame.
  std::shared_ptr<AnalyzedFrameSink> outputs_for_frame();
  /// As take_sink_for_last_frame().
  std::shared_ptr<AnalyzedFrameSink> take_outputs_for_last_frame();

 private:
  void use_next_sink() MIEN_REQUIRES(mutex_);

  const std::function<void()> wake_;
  mutable base::Mutex mutex_;
  mutable std::condition_variable_any changed_;

  // From the UI.
  std::uint64_t version_ MIEN_GUARDED_BY(mutex_) = 0;
  bool stopping_ MIEN_GUARDED_BY(mutex_) = false;
  bool paused_ MIEN_GUARDED_BY(mutex_) = false;
  LiveRequests requests_ MIEN_GUARDED_BY(mutex_);  ///< not taken up yet
  std::shared_ptr<AnalyzedFrameSink> sink_ MIEN_GUARDED_BY(mutex_);
  /// Set, and in use once the requests have been taken that were made before.
  std::shared_ptr<AnalyzedFrameSink> next_sink_ MIEN_GUARDED_BY(mutex_);
  bool hold_until_sink_ MIEN_GUARDED_BY(mutex_);
  bool other_source_asked_ MIEN_GUARDED_BY(mutex_) = false;  ///< and not opened yet
  bool sink_is_new_ MIEN_GUARDED_BY(mutex_) = false;
  std::shared_ptr<AnalyzedFrameSink> outputs_ MIEN_GUARDED_BY(mutex_);
  bool outputs_are_new_ MIEN_GUARDED_BY(mutex_) = false;

  // For the UI.
  LiveSnapshot published_ MIEN_GUARDED_BY(mutex_);
  RateMeter capture_rate_ MIEN_GUARDED_BY(mutex_);
  RateMeter analysis_rate_ MIEN_GUARDED_BY(mutex_);
  std::vector<base::Notice> notices_ MIEN_GUARDED_BY(mutex_);
  std::uint64_t generation_ MIEN_GUARDED_BY(mutex_) = 0;
};

}  // namespace mien::analysis
