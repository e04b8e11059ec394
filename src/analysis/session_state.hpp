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

namespace mien {

/// A frame on its way from the capture thread to the analysis thread.
struct CapturedFrame {
  FramePtr frame;
  std::uint64_t generation = 0;  ///< which opened source it came from
  std::string source_name{};     ///< of that source
  bool reconnected = false;      ///< it is the one before, opened anew after it was lost
};

/// What the user wants of somebody's resting face.
struct BaselineWish {
  enum class Kind { begin, clear, use };
  Kind kind = Kind::begin;
  int person = 0;
  NeutralBaseline baseline{};  ///< to be used
};

/// What the UI, capture and analysis threads of a LiveSession share, all of it under one lock
/// that is never held while anybody waits for a device, a file or a network.
class SessionState {
 public:
  explicit SessionState(std::function<void()> wake, bool waits_for_sink = false)
      : wake_(std::move(wake)), waits_for_sink_(waits_for_sink) {}

  // The UI thread's wishes.
  void wish_source(SourceRequest request);
  void wish_model(std::string id);
  void wish_reading(std::string id);
  void wish_detector(std::string id);
  void wish_baseline(BaselineWish wish);
  void set_paused(bool paused);
  void replay();
  void set_sink(std::shared_ptr<AnalyzedFrameSink> sink);
  void stop();

  // What the UI thread sees.
  LiveSnapshot snapshot() const;
  std::optional<NeutralBaseline> baseline(int person) const;
  std::vector<Notice> take_notices();

  // Both threads.
  bool stopping() const;
  void notify(Notice::Level level, std::string text);
  void wake() const { wake_(); }

  // The capture thread.
  std::optional<SourceRequest> take_wished_source();
  bool paused() const;
  bool take_replay();
  /// A source has something new; its reader's thread.
  void news();
  /// Counts wishes, pauses, resumptions, news and the stop.
  std::uint64_t version() const;
  /// Waits until version() is no longer `seen`, or `deadline` has come.
  void wait_until(std::chrono::steady_clock::time_point deadline, std::uint64_t seen) const;
  /// A source has opened: what was seen of the one before is forgotten. Returns its generation.
  std::uint64_t source_opened(const SourceInfo& info);
  void set_state(LiveStatus::State state);
  /// See LiveStatus::missing; the first one counts.
  void missing(const std::string& sentence);
  void captured(FramePtr frame);
  void dropped(std::size_t count);

  // The analysis thread.
  std::optional<std::string> take_wished_model();
  std::optional<std::string> take_wished_reading();
  std::optional<std::string> take_wished_detector();
  std::vector<BaselineWish> take_wished_baselines();
  void set_loading(bool loading);
  void model_in_use(const ModelCard& card);
  void detector_in_use(const std::string& id);
  /// Those of the people in the newest frame.
  void baselines_in_use(std::map<int, NeutralBaseline> baselines);
  /// Publishes a result, unless its source is no longer the newest one.
  void analysed(AnalyzedFramePtr analysis, std::uint64_t generation);
  std::shared_ptr<AnalyzedFrameSink> sink() const;
  /// The sink for a frame of that generation. Waits for the first one there is, if one was
  /// announced and the source is not live and not replaced meanwhile.
  std::shared_ptr<AnalyzedFrameSink> sink_for_frame(std::uint64_t generation);
  /// The sink that was set since the last call of either, if nothing more comes of the source.
  std::shared_ptr<AnalyzedFrameSink> take_new_sink_of_ended();

 private:
  const std::function<void()> wake_;
  mutable Mutex mutex_;
  mutable std::condition_variable_any changed_;

  std::uint64_t version_ MIEN_GUARDED_BY(mutex_) = 0;
  bool stopping_ MIEN_GUARDED_BY(mutex_) = false;
  bool paused_ MIEN_GUARDED_BY(mutex_) = false;
  bool replay_ MIEN_GUARDED_BY(mutex_) = false;
  std::optional<SourceRequest> wished_source_ MIEN_GUARDED_BY(mutex_);
  std::optional<std::string> wished_model_ MIEN_GUARDED_BY(mutex_);
  std::optional<std::string> wished_reading_ MIEN_GUARDED_BY(mutex_);
  std::optional<std::string> wished_detector_ MIEN_GUARDED_BY(mutex_);
  std::vector<BaselineWish> wished_baselines_ MIEN_GUARDED_BY(mutex_);
  std::map<int, NeutralBaseline> baselines_ MIEN_GUARDED_BY(mutex_);
  std::shared_ptr<AnalyzedFrameSink> sink_ MIEN_GUARDED_BY(mutex_);
  bool waits_for_sink_ MIEN_GUARDED_BY(mutex_);
  bool sink_is_new_ MIEN_GUARDED_BY(mutex_) = false;

  std::uint64_t generation_ MIEN_GUARDED_BY(mutex_) = 0;
  FramePtr frame_ MIEN_GUARDED_BY(mutex_);
  AnalyzedFramePtr analysis_ MIEN_GUARDED_BY(mutex_);
  LiveStatus status_ MIEN_GUARDED_BY(mutex_);
  RateMeter capture_rate_ MIEN_GUARDED_BY(mutex_);
  RateMeter analysis_rate_ MIEN_GUARDED_BY(mutex_);
  std::vector<Notice> notices_ MIEN_GUARDED_BY(mutex_);
};

}  // namespace mien
