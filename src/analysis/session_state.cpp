#include "session_state.hpp"

#include <utility>

namespace mien::analysis {

using Clock = std::chrono::steady_clock;

namespace {

// A broken device can fail at 30 Hz; the screen shows the newest few.
constexpr std::size_t kMaxNotices = 20;
constexpr std::size_t kMaxBaselineRequests = 100;

/// What was requested later counts.
template <typename T>
void replace_if_set(std::optional<T>& old, std::optional<T>&& newer) {
  if (newer) old = std::move(newer);
}

}  // namespace

void SessionState::request(LiveRequests requests) {
  {
    const base::MutexLock lock(mutex_);
    if (requests.source) other_source_asked_ = true;
    replace_if_set(requests_.source, std::move(requests.source));
    replace_if_set(requests_.model, std::move(requests.model));
    replace_if_set(requests_.reading, std::move(requests.reading));
    replace_if_set(requests_.detector, std::move(requests.detector));
    replace_if_set(requests_.landmarks, std::move(requests.landmarks));
    if (requests.measuring) requests_.measuring = requests.measuring;
    requests_.restart = requests_.restart || requests.restart;
    for (auto& baseline : requests.baselines) {
      // While a model loads for long, or none can be had, somebody may click on and on.
      if (requests_.baselines.size() >= kMaxBaselineRequests) break;
      requests_.baselines.push_back(std::move(baseline));
    }
    if (requests.paused) {
      paused_ = *requests.paused;
      auto& state = published_.status.state;
      if (paused_ && state == LiveStatus::State::running) state = LiveStatus::State::paused;
      if (!paused_ && state == LiveStatus::State::paused) state = LiveStatus::State::running;
    }
    ++version_;
  }
  changed_.notify_all();
}

void SessionState::set_sink(std::shared_ptr<AnalyzedFrameSink> sink) {
  std::shared_ptr<AnalyzedFrameSink> old;  // released outside the lock
  {
    const base::MutexLock lock(mutex_);
    old = std::exchange(sink_, nullptr);
    std::swap(next_sink_, sink);
    sink_is_new_ = false;
    // The frame that waits for it was read as it was announced.
    if (std::exchange(hold_until_sink_, false)) use_next_sink();
    ++version_;
  }
  changed_.notify_all();
}

void SessionState::set_outputs(std::shared_ptr<AnalyzedFrameSink> outputs) {
  // The parameter lives longer than the lock: the old ones go without it.
  const base::MutexLock lock(mutex_);
  std::swap(outputs_, outputs);
  outputs_are_new_ = outputs_ != nullptr;
}

void SessionState::stop() {
  {
    const base::MutexLock lock(mutex_);
    stopping_ = true;
    ++version_;
  }
  changed_.notify_all();
}

LiveSnapshot SessionState::snapshot() const {
  const auto now = Clock::now();
  const base::MutexLock lock(mutex_);
  LiveSnapshot snapshot = published_;
  LiveStatus& status = snapshot.status;
  if (status.state == LiveStatus::State::running) {
    status.capture_fps = capture_rate_.rate(now);
    status.analysis_fps = analysis_rate_.rate(now);
  }
  status.times = analysis_rate_.medians();
  return snapshot;
}

std::vector<base::Notice> SessionState::take_notices() {
  const base::MutexLock lock(mutex_);
  return std::exchange(notices_, {});
}

bool SessionState::stopping() const {
  const base::MutexLock lock(mutex_);
  return stopping_;
}

void SessionState::notify(base::Notice::Level level, std::string text) {
  {
    const base::MutexLock lock(mutex_);
    if (notices_.size() >= kMaxNotices) notices_.erase(notices_.begin());
    notices_.push_back({level, std::move(text)});
  }
  wake_();
}

void SessionState::update_status(const std::function<void(LiveStatus&)>& change) {
  {
    const base::MutexLock lock(mutex_);
    change(published_.status);
  }
  wake_();
}

std::shared_ptr<AnalyzedFrameSink> SessionState::sink() const {
  const base::MutexLock lock(mutex_);
  return sink_;
}

std::shared_ptr<AnalyzedFrameSink> SessionState::outputs() const {
  const base::MutexLock lock(mutex_);
  return outputs_;
}

CaptureRequests SessionState::take_capture_requests() {
  const base::MutexLock lock(mutex_);
  return {.version = version_,
          .stop = stopping_,
          .paused = paused_,
          .restart = std::exchange(requests_.restart, false),
          .source = std::exchange(requests_.source, std::nullopt)};
}

void SessionState::wake_capture() {
  {
    const base::MutexLock lock(mutex_);
    ++version_;
  }
  changed_.notify_all();
}

void SessionState::wait_until(Clock::time_point deadline, std::uint64_t version) const {
  const base::MutexLock lock(mutex_);
  while (version_ == version) {
    if (changed_.wait_until(mutex_, deadline) == std::cv_status::timeout) return;
  }
}

std::uint64_t SessionState::source_opened(const sources::SourceInfo& info) {
  std::uint64_t generation = 0;
  {
    const base::MutexLock lock(mutex_);
    generation = ++generation_;
    other_source_asked_ = requests_.source.has_value();
    // The old picture stays on screen until the new one's first frame; its readings do not.
    published_.analysis = nullptr;
    published_.baselines = nullptr;
    auto& status = published_.status;
    status.source = info;
    status.state = LiveStatus::State::running;
    status.captured = status.analysed = status.dropped = 0;
    // What was asked for was about the source before.
    requests_.baselines.clear();
    requests_.restart = false;
    paused_ = false;
    capture_rate_.clear();
    analysis_rate_.clear();
  }
  changed_.notify_all();
  wake_();
  return generation;
}

void SessionState::source_refused() {
  const base::MutexLock lock(mutex_);
  other_source_asked_ = requests_.source.has_value();
}

void SessionState::captured(base::FramePtr frame) {
  const auto now = Clock::now();
  {
    const base::MutexLock lock(mutex_);
    published_.frame = std::move(frame);
    ++published_.status.captured;
    capture_rate_.add(now);
  }
  wake_();
}

void SessionState::use_next_sink() {
  if (!next_sink_) return;
  sink_ = std::exchange(next_sink_, nullptr);
  sink_is_new_ = true;
}

AnalysisRequests SessionState::take_analysis_requests() {
  const base::MutexLock lock(mutex_);
  use_next_sink();
  return {.model = std::exchange(requests_.model, std::nullopt),
          .reading = std::exchange(requests_.reading, std::nullopt),
          .detector = std::exchange(requests_.detector, std::nullopt),
          .landmarks = std::exchange(requests_.landmarks, std::nullopt),
          .measuring = std::exchange(requests_.measuring, std::nullopt),
          .baselines = std::exchange(requests_.baselines, {})};
}

bool SessionState::has_ended() const {
  const base::MutexLock lock(mutex_);
  return published_.status.state == LiveStatus::State::ended;
}

void SessionState::analysed(base::AnalyzedFramePtr analysis,
                            std::map<int, emotions::NeutralBaseline> baselines,
                            std::uint64_t generation) {
  const auto now = Clock::now();
  std::shared_ptr<const std::map<int, emotions::NeutralBaseline>> shared;
  if (!baselines.empty()) {
    shared =
        std::make_shared<const std::map<int, emotions::NeutralBaseline>>(std::move(baselines));
  }
  {
    const base::MutexLock lock(mutex_);
    if (generation != generation_) return;
    ++published_.status.analysed;
    analysis_rate_.add(now, analysis->times);
    published_.analysis = std::move(analysis);
    published_.baselines = std::move(shared);
  }
  wake_();
}

std::shared_ptr<AnalyzedFrameSink> SessionState::sink_for_frame(std::uint64_t generation) {
  const base::MutexLock lock(mutex_);
  // The capture thread waits while a frame is held, and could not open another source.
  while (hold_until_sink_ && !stopping_ && !published_.status.source.live &&
         generation == generation_ && !other_source_asked_) {
    changed_.wait(mutex_);
  }
  sink_is_new_ = false;
  return sink_;
}

std::shared_ptr<AnalyzedFrameSink> SessionState::take_sink_for_last_frame() {
  const base::MutexLock lock(mutex_);
  if (!sink_is_new_ || published_.status.state != LiveStatus::State::ended) return nullptr;
  sink_is_new_ = false;
  return sink_;
}

std::shared_ptr<AnalyzedFrameSink> SessionState::outputs_for_frame() {
  const base::MutexLock lock(mutex_);
  outputs_are_new_ = false;
  return outputs_;
}

std::shared_ptr<AnalyzedFrameSink> SessionState::take_outputs_for_last_frame() {
  const base::MutexLock lock(mutex_);
  if (!outputs_are_new_ || published_.status.state != LiveStatus::State::ended) return nullptr;
  outputs_are_new_ = false;
  return outputs_;
}

}  // namespace mien::analysis
