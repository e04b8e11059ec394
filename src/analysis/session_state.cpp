#include "session_state.hpp"

#include <utility>

namespace mien {

using Clock = std::chrono::steady_clock;

namespace {

// A broken device can complain at 30 Hz; the screen shows the newest few.
constexpr std::size_t kMostNotices = 20;
constexpr std::size_t kMostWishes = 100;

}  // namespace

void SessionState::wish_source(SourceRequest request) {
  {
    const MutexLock lock(mutex_);
    wished_source_ = std::move(request);
    ++version_;
  }
  changed_.notify_all();
}

void SessionState::wish_model(std::string id) {
  const MutexLock lock(mutex_);
  wished_model_ = std::move(id);
}

void SessionState::wish_reading(std::string id) {
  const MutexLock lock(mutex_);
  wished_reading_ = std::move(id);
}

void SessionState::wish_detector(std::string id) {
  const MutexLock lock(mutex_);
  wished_detector_ = std::move(id);
}

void SessionState::wish_baseline(BaselineWish wish) {
  const MutexLock lock(mutex_);
  // While a model loads for long, or none can be had, somebody may click on and on.
  if (wished_baselines_.size() < kMostWishes) wished_baselines_.push_back(std::move(wish));
}

void SessionState::set_paused(bool paused) {
  {
    const MutexLock lock(mutex_);
    paused_ = paused;
    ++version_;
    if (paused && status_.state == LiveStatus::State::running)
      status_.state = LiveStatus::State::paused;
    if (!paused && status_.state == LiveStatus::State::paused)
      status_.state = LiveStatus::State::running;
  }
  changed_.notify_all();
}

void SessionState::replay() {
  {
    const MutexLock lock(mutex_);
    replay_ = true;
    ++version_;
  }
  changed_.notify_all();
}

void SessionState::set_sink(std::shared_ptr<AnalyzedFrameSink> sink) {
  {
    const MutexLock lock(mutex_);
    // The old one is released by the caller's swap, outside the lock.
    std::swap(sink_, sink);
    sink_is_new_ = sink_ != nullptr;
    waits_for_sink_ = false;
    ++version_;
  }
  changed_.notify_all();
}

void SessionState::stop() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    ++version_;
  }
  changed_.notify_all();
}

void SessionState::news() {
  {
    const MutexLock lock(mutex_);
    ++version_;
  }
  changed_.notify_all();
}

LiveSnapshot SessionState::snapshot() const {
  const auto now = Clock::now();
  const MutexLock lock(mutex_);
  LiveSnapshot snapshot{frame_, analysis_, status_};
  LiveStatus& status = snapshot.status;
  if (status.state == LiveStatus::State::running) {
    status.capture_fps = capture_rate_.rate(now);
    status.analysis_fps = analysis_rate_.rate(now);
  }
  status.times = analysis_rate_.medians();
  return snapshot;
}

std::optional<NeutralBaseline> SessionState::baseline(int person) const {
  const MutexLock lock(mutex_);
  const auto it = baselines_.find(person);
  if (it == baselines_.end()) return std::nullopt;
  return it->second;
}

std::vector<Notice> SessionState::take_notices() {
  const MutexLock lock(mutex_);
  return std::exchange(notices_, {});
}

bool SessionState::stopping() const {
  const MutexLock lock(mutex_);
  return stopping_;
}

void SessionState::notify(Notice::Level level, std::string text) {
  {
    const MutexLock lock(mutex_);
    if (notices_.size() >= kMostNotices) notices_.erase(notices_.begin());
    notices_.push_back({level, std::move(text)});
  }
  wake_();
}

std::optional<SourceRequest> SessionState::take_wished_source() {
  const MutexLock lock(mutex_);
  return std::exchange(wished_source_, std::nullopt);
}

bool SessionState::paused() const {
  const MutexLock lock(mutex_);
  return paused_;
}

bool SessionState::take_replay() {
  const MutexLock lock(mutex_);
  return std::exchange(replay_, false);
}

std::uint64_t SessionState::version() const {
  const MutexLock lock(mutex_);
  return version_;
}

void SessionState::wait_until(Clock::time_point deadline, std::uint64_t seen) const {
  const MutexLock lock(mutex_);
  while (version_ == seen) {
    if (changed_.wait_until(mutex_, deadline) == std::cv_status::timeout) return;
  }
}

std::uint64_t SessionState::source_opened(const SourceInfo& info) {
  std::uint64_t generation = 0;
  {
    const MutexLock lock(mutex_);
    generation = ++generation_;
    // The old picture stays on screen until the new one's first frame; its readings do not.
    analysis_ = nullptr;
    baselines_.clear();
    wished_baselines_.clear();
    status_.source = info;
    status_.state = LiveStatus::State::running;
    status_.captured = status_.analysed = status_.dropped = 0;
    paused_ = false;
    replay_ = false;
    capture_rate_.clear();
    analysis_rate_.clear();
  }
  changed_.notify_all();
  wake_();
  return generation;
}

void SessionState::set_state(LiveStatus::State state) {
  {
    const MutexLock lock(mutex_);
    status_.state = state;
  }
  wake_();
}

void SessionState::missing(const std::string& sentence) {
  {
    const MutexLock lock(mutex_);
    if (status_.missing.empty()) status_.missing = sentence;
  }
  wake_();
}

void SessionState::captured(FramePtr frame) {
  const auto now = Clock::now();
  {
    const MutexLock lock(mutex_);
    frame_ = std::move(frame);
    ++status_.captured;
    capture_rate_.add(now);
  }
  wake_();
}

void SessionState::dropped(std::size_t count) {
  const MutexLock lock(mutex_);
  status_.dropped += count;
}

std::optional<std::string> SessionState::take_wished_model() {
  const MutexLock lock(mutex_);
  return std::exchange(wished_model_, std::nullopt);
}

std::optional<std::string> SessionState::take_wished_reading() {
  const MutexLock lock(mutex_);
  return std::exchange(wished_reading_, std::nullopt);
}

std::optional<std::string> SessionState::take_wished_detector() {
  const MutexLock lock(mutex_);
  return std::exchange(wished_detector_, std::nullopt);
}

std::vector<BaselineWish> SessionState::take_wished_baselines() {
  const MutexLock lock(mutex_);
  return std::exchange(wished_baselines_, {});
}

void SessionState::set_loading(bool loading) {
  {
    const MutexLock lock(mutex_);
    status_.loading_model = loading;
  }
  wake_();
}

void SessionState::model_in_use(const ModelCard& card) {
  const MutexLock lock(mutex_);
  status_.model_id = card.id;
  status_.model_name = card.name;
  status_.model_reading = card.reading;
  status_.readings = card.readings;
  status_.baseline_model = baseline_model(card);
}

void SessionState::detector_in_use(const std::string& id) {
  const MutexLock lock(mutex_);
  status_.detector_id = id;
}

void SessionState::baselines_in_use(std::map<int, NeutralBaseline> baselines) {
  const MutexLock lock(mutex_);
  std::swap(baselines_, baselines);
}

void SessionState::analysed(AnalyzedFramePtr analysis, std::uint64_t generation) {
  const auto now = Clock::now();
  {
    const MutexLock lock(mutex_);
    if (generation != generation_) return;
    ++status_.analysed;
    analysis_rate_.add(now, analysis->times);
    analysis_ = std::move(analysis);
  }
  wake_();
}

std::shared_ptr<AnalyzedFrameSink> SessionState::sink() const {
  const MutexLock lock(mutex_);
  return sink_;
}

std::shared_ptr<AnalyzedFrameSink> SessionState::sink_for_frame(std::uint64_t generation) {
  const MutexLock lock(mutex_);
  while (waits_for_sink_ && !stopping_ && !status_.source.live && generation == generation_) {
    changed_.wait(mutex_);
  }
  sink_is_new_ = false;
  return sink_;
}

std::shared_ptr<AnalyzedFrameSink> SessionState::take_new_sink_of_ended() {
  const MutexLock lock(mutex_);
  if (!sink_is_new_ || status_.state != LiveStatus::State::ended) return nullptr;
  sink_is_new_ = false;
  return sink_;
}

}  // namespace mien
