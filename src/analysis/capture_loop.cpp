#include "capture_loop.hpp"

#include <algorithm>
#include <utility>

#include "mien/base/error.hpp"

namespace mien {

using namespace std::chrono_literals;
using State = LiveStatus::State;

namespace {

constexpr auto kRetryEvery = 2s;
// How soon a loop that has nothing to read looks whether a source has opened.
constexpr auto kLookEvery = 20ms;

bool comes_back(const SourceInfo& info) {
  return info.kind == "camera" || info.kind == "stream";
}

}  // namespace

CaptureLoop::CaptureLoop(SessionState& state, Channel<CapturedFrame>& to_analysis,
                         OpenSource open_source, bool stand_ins)
    : state_(state),
      to_analysis_(to_analysis),
      open_source_(std::move(open_source)),
      stand_ins_(stand_ins) {}

void CaptureLoop::run() {
  while (!state_.stopping()) {
    try {
      step();
    } catch (...) {
      source_failed(describe_current_exception());
    }
  }
  release_source();
  to_analysis_.close();
}

void CaptureLoop::interrupt() {
  const MutexLock lock(current_mutex_);
  if (current_) current_->interrupt();
}

void CaptureLoop::step() {
  const std::uint64_t seen = state_.version();
  if (opening_.valid() && opening_.wait_for(0s) == std::future_status::ready) finish_opening();
  // One opening at a time: a device that is being opened cannot be given up half-way.
  if (!opening_.valid()) {
    if (auto wish = state_.take_wished_source()) {
      begin_opening(*wish);
    } else if (retry_at_ && Clock::now() >= *retry_at_) {
      retry_at_.reset();
      reconnecting_ = true;
      begin_opening(request_);
    } else if (state_.take_replay() && ended_) {
      begin_opening(request_);
    }
  }

  const bool paused = state_.paused();
  if (was_paused_ && !paused) started_.reset();  // a file goes on from where it stood
  was_paused_ = paused;
  if (source_ && !ended_ && source_->info().live) {
    read_live();
  } else if (source_ && !ended_ && !paused) {
    read_file(seen);
  } else {
    const bool look_soon = opening_.valid() || retry_at_;
    state_.wait_until(Clock::now() + (look_soon ? kLookEvery : 200ms), seen);
  }
}

void CaptureLoop::begin_opening(const SourceRequest& request) {
  // The same device cannot be opened twice: another mode of a camera has to let go of it first.
  if (source_ && !ended_ && source_->info().live && source_->info().spec == request.spec) {
    release_source();
  }
  if (!source_ && !reconnecting_) state_.set_state(State::opening);
  opening_request_ = request;
  opening_ = std::async(std::launch::async, [open = open_source_, request, &state = state_] {
    auto source = open(request);
    state.wake();
    return source;
  });
}

void CaptureLoop::finish_opening() {
  const bool reconnecting = std::exchange(reconnecting_, false);
  std::unique_ptr<FrameSource> source;
  try {
    source = opening_.get();
  } catch (...) {
    const std::string sentence = describe_current_exception();
    if (reconnecting) {  // said once, when it was lost
      state_.set_state(State::failed);
      reopen_later();
      return;
    }
    state_.notify(Notice::Level::error, sentence);
    if (source_) return;  // the old one plays on
    // Nothing plays: what played before (another mode of the same camera), else the demo.
    const bool had_one = !request_.spec.empty() && request_.spec != "demo" && generation_ > 0;
    const bool can_return = had_one && !(opening_request_.spec == request_.spec &&
                                         opening_request_.mode == request_.mode);
    const bool demo_failed = opening_request_.spec == "demo";
    // What is recorded is never the demo instead of what was asked for.
    const bool may_stand_in = (stand_ins_ || generation_ > 0) && state_.sink() == nullptr;
    if (!stand_ins_ && generation_ == 0) state_.missing(sentence);
    if (can_return) {
      begin_opening(request_);
    } else if (!demo_failed && may_stand_in) {
      begin_opening({.spec = "demo", .realtime = true, .mode = {}});
    } else {
      state_.set_state(State::failed);
    }
    return;
  }
  request_ = opening_request_;
  if (reconnecting) {
    state_.notify(Notice::Level::info, source->info().name + " is back.");
  }
  take_over(std::move(source), reconnecting);
}

void CaptureLoop::take_over(std::unique_ptr<FrameSource> source, bool reconnected) {
  release_source();
  reconnected_ = reconnected;
  source_ = std::move(source);
  {
    const MutexLock lock(current_mutex_);
    current_ = source_;
  }
  ended_ = false;
  started_.reset();
  retry_at_.reset();
  was_paused_ = false;
  // From here on the same words open the same source, also when "" had meant the first camera.
  request_.spec = source_->info().spec;
  generation_ = state_.source_opened(source_->info());
}

void CaptureLoop::release_source() {
  {
    const MutexLock lock(current_mutex_);
    current_.reset();
  }
  source_.reset();
  pending_.reset();
}

void CaptureLoop::source_failed(const std::string& sentence) {
  state_.notify(Notice::Level::error, sentence);
  state_.set_state(State::failed);
  const bool retry = source_ && comes_back(source_->info());
  release_source();
  if (retry) reopen_later();
}

void CaptureLoop::reopen_later() { retry_at_ = Clock::now() + kRetryEvery; }

void CaptureLoop::read_live() {
  FramePtr frame = source_->read();
  if (state_.stopping()) return;
  if (!frame) return ended();
  // A camera is read on while paused, or its driver would hand out old pictures afterwards.
  if (state_.paused()) return;
  state_.captured(frame);
  state_.dropped(to_analysis_.push_latest(
      {std::move(frame), generation_, source_->info().name, reconnected_}));
}

void CaptureLoop::read_file(std::uint64_t seen) {
  if (!pending_) pending_ = source_->read();
  if (state_.stopping()) return;
  if (!pending_) return ended();
  const auto now = Clock::now();
  if (!started_) started_ = now - pending_->time;
  const auto due = *started_ + pending_->time;
  if (now < due) {
    state_.wait_until(opening_.valid() ? std::min(due, now + kLookEvery) : due, seen);
    return;
  }
  // The analysis could not keep up with the file: go on from here, do not race to catch up.
  if (now - due > 100ms) started_ = now - pending_->time;
  state_.captured(pending_);
  to_analysis_.push_wait(
      {std::exchange(pending_, nullptr), generation_, source_->info().name, reconnected_});
}

void CaptureLoop::ended() {
  ended_ = true;
  const SourceInfo info = source_->info();
  if (info.live) {
    source_failed(info.name + " has stopped sending; trying again.");
    return;
  }
  state_.set_state(State::ended);
  for (const auto& sentence : {source_->damage(), source_->remark()}) {
    if (!sentence.empty()) state_.notify(Notice::Level::warning, sentence);
  }
  if (info.kind == "video") {
    state_.notify(Notice::Level::info, info.name + " has ended; press Space to play it again.");
  }
}

}  // namespace mien
