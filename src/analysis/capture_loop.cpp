#include "capture_loop.hpp"

#include <algorithm>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/log.hpp"

namespace mien::analysis {

using namespace std::chrono_literals;
using State = LiveStatus::State;

namespace {

constexpr auto kRetryEvery = 2s;
// A wait ends when there is something to do; this only bounds it.
constexpr auto kMaxWait = 1s;
// For sources to release their devices when the session ends.
constexpr auto kReleaseTimeout = 2s;

void set_state(SessionState& state, State now) {
  state.update_status([&](LiveStatus& status) { status.state = now; });
}

/// A source that was lost and may come back by itself.
bool comes_back(const sources::SourceInfo& info) {
  return info.kind == "camera" || info.kind == "stream";
}

}  // namespace

CaptureLoop::CaptureLoop(SessionState& state, base::Channel<CapturedFrame>& to_analysis,
                         SourceReader::Open open, bool allow_fallbacks)
    : state_(state),
      to_analysis_(to_analysis),
      open_(std::move(open)),
      allow_fallbacks_(allow_fallbacks) {}

void CaptureLoop::run() {
  for (auto requests = state_.take_capture_requests(); !requests.stop;
       requests = state_.take_capture_requests()) {
    try {
      state_.wait_until(step(requests), requests.version);
    } catch (...) {
      source_failed(base::describe_current_exception());
    }
  }
  to_analysis_.close();
  release_source();
  if (opening_) abandon(opening_);
  const auto deadline = Clock::now() + kReleaseTimeout;
  for (const auto& reader : abandoned_) {
    reader->wait_released(std::chrono::duration_cast<std::chrono::milliseconds>(
        std::max<Clock::duration>(deadline - Clock::now(), 0ms)));
  }
}

/// Does what is to be done now; returns when to look again, if nothing is new before.
CaptureLoop::Clock::time_point CaptureLoop::step(const CaptureRequests& requests) {
  forget_released();
  // A source that is still being opened is abandoned for the next: it may hang.
  restart_ = restart_ || requests.restart;
  paused_ = requests.paused;
  if (requests.source) {
    reconnecting_ = false;
    begin_opening(*requests.source);
  } else if (opening_) {
    if (opening_->status().state != SourceReader::State::opening) finish_opening();
  } else if (retry_at_ && Clock::now() >= *retry_at_) {
    retry_at_.reset();
    reconnecting_ = true;
    begin_opening(request_);
  } else if (std::exchange(restart_, false) && ended_) {
    begin_opening(request_);
  }

  const auto now = Clock::now();
  auto next = now + kMaxWait;
  if (retry_at_) next = std::min(next, *retry_at_);
  if (was_paused_ && !paused_) started_.reset();  // a file goes on from where it stood
  was_paused_ = paused_;
  if (!source_ || ended_) return next;
  if (source_->info().live) return read_live() ? now : next;
  return paused_ ? next : std::min(next, read_file());
}

bool CaptureLoop::same_device(const sources::SourceRequest& request) const {
  return source_ && !ended_ && source_->info().live && source_->info().spec == request.spec;
}

void CaptureLoop::begin_opening(const sources::SourceRequest& request) {
  retry_at_.reset();
  const SourceReader* before = nullptr;
  if (opening_) {
    const bool same = opening_request_.spec == request.spec;
    abandon(opening_);
    if (same) before = abandoned_.back().get();
  }
  // The same device cannot be opened twice: another mode of a camera has to let go of it first.
  if (same_device(request)) {
    release_source();
    before = abandoned_.back().get();
  }
  if (!source_ && !reconnecting_) set_state(state_, State::opening);
  opening_request_ = request;
  try {
    opening_ = std::make_unique<SourceReader>(
        open_, request, [&state = state_] { state.wake_capture(); }, before);
  } catch (const base::Error& error) {  // no thread can be had
    reconnecting_ = false;
    state_.notify(base::Notice::Level::error, error.what());
    if (!source_) set_state(state_, State::failed);
  }
}

void CaptureLoop::finish_opening() {
  const auto status = opening_->status();
  if (status.state != SourceReader::State::refused) {
    request_ = opening_request_;
    const bool reconnected = std::exchange(reconnecting_, false);
    if (reconnected)
      state_.notify(base::Notice::Level::info, opening_->info().name + " is back.");
    return switch_to_opened(reconnected);
  }
  const std::string& sentence = status.problem;
  state_.source_refused();
  abandon(opening_);
  if (std::exchange(reconnecting_, false)) {  // reported once, when it was lost
    base::log::debug("capture", "Still lost: ", sentence);
    set_state(state_, State::failed);
    retry_at_ = Clock::now() + kRetryEvery;
    return;
  }
  state_.notify(base::Notice::Level::error, sentence);
  if (!source_) open_fallback(sentence);  // else the old one plays on
}

/// Nothing plays: what played before (another mode of the same camera), else the demo.
void CaptureLoop::open_fallback(const std::string& sentence) {
  const bool had_one = !request_.spec.empty() && request_.spec != "demo" && generation_ > 0;
  const bool can_return = had_one && !(opening_request_.spec == request_.spec &&
                                       opening_request_.mode == request_.mode);
  // A recording never gets the demo in place of the requested source.
  const bool may_stand_in = (allow_fallbacks_ || generation_ > 0) && state_.sink() == nullptr;
  if (!allow_fallbacks_ && generation_ == 0) {
    state_.update_status([&](LiveStatus& status) {
      if (status.missing.empty()) status.missing = sentence;
    });
  }
  if (can_return) {
    begin_opening(request_);
  } else if (opening_request_.spec != "demo" && may_stand_in) {
    begin_opening({.spec = "demo", .realtime = true, .mode = {}});
  } else {
    set_state(state_, State::failed);
  }
}

void CaptureLoop::switch_to_opened(bool reconnected) {
  release_source();
  reconnected_ = reconnected;
  source_ = std::move(opening_);
  ended_ = false;
  started_.reset();
  was_paused_ = paused_ = false;
  restart_ = false;
  // Reopen the same device, also when "" was requested, which means the first camera.
  request_.spec = source_->info().spec;
  generation_ = state_.source_opened(source_->info());
  base::log::info("capture", source_->info().name,
                  reconnected ? " is back" : " is shown from now on");
  if (const auto remark = source_->status().remark; source_->info().live && !remark.empty()) {
    state_.notify(base::Notice::Level::warning, remark);
  }
}

void CaptureLoop::abandon(std::unique_ptr<SourceReader>& reader) {
  reader->stop();
  abandoned_.push_back(std::move(reader));
}

void CaptureLoop::forget_released() {
  std::erase_if(abandoned_, [](const auto& reader) { return reader->wait_released(0ms); });
}

void CaptureLoop::release_source() {
  if (source_) {
    log_dropped();
    abandon(source_);
  }
  pending_.reset();
}

void CaptureLoop::source_failed(const std::string& sentence) {
  base::log::error("capture", sentence);
  state_.notify(base::Notice::Level::error, sentence);
  set_state(state_, State::failed);
  const bool retry = source_ && comes_back(source_->info());
  release_source();
  if (retry) retry_at_ = Clock::now() + kRetryEvery;
}

/// No frame is to come of the source that plays.
bool CaptureLoop::at_end() const {
  const auto state = source_->status().state;
  return state == SourceReader::State::ended || state == SourceReader::State::broken;
}

/// False: nothing came.
bool CaptureLoop::read_live() {
  // Asked first: what was read before the end can still be taken then.
  const bool last = at_end();
  base::FramePtr frame = source_->take();
  if (!frame) {
    if (last) ended();
    return last;
  }
  // A camera is read on while paused, or its driver would hand out old pictures afterwards.
  if (paused_) return true;
  state_.captured(frame);
  const std::size_t dropped = to_analysis_.push_latest(
      {std::move(frame), generation_, source_->info().name, reconnected_});
  if (dropped > 0) {
    state_.update_status([&](LiveStatus& status) { status.dropped += dropped; });
  }
  ++frames_;
  dropped_ += dropped;
  if (minute_.over()) log_dropped();
  return true;
}

/// Logs the frames dropped since the last call.
void CaptureLoop::log_dropped() {
  if (dropped_ > 0) {
    base::log::info("capture", "The analysis left out ", dropped_, " of ", frames_,
                    " frames of ", source_->info().name);
  }
  frames_ = dropped_ = 0;
}

/// Returns when there is something to do.
CaptureLoop::Clock::time_point CaptureLoop::read_file() {
  const auto now = Clock::now();
  const bool last = at_end();
  if (!pending_) pending_ = source_->take();
  if (!pending_) {
    if (last) ended();
    return now + kMaxWait;
  }
  if (!started_) started_ = now - pending_->time;
  const auto due = *started_ + pending_->time;
  if (now < due) return due;
  // The analysis could not keep up with the file: go on from here, do not race to catch up.
  if (now - due > 100ms) started_ = now - pending_->time;
  state_.captured(pending_);
  to_analysis_.push_wait(
      {std::exchange(pending_, nullptr), generation_, source_->info().name, reconnected_});
  return now;
}

void CaptureLoop::ended() {
  const sources::SourceInfo info = source_->info();
  const auto status = source_->status();
  if (status.state == SourceReader::State::broken) return source_failed(status.problem);
  ended_ = true;
  if (info.live) {
    source_failed(info.name + " has stopped sending; trying again.");
    return;
  }
  set_state(state_, State::ended);
  for (const auto& sentence : {status.damage, status.remark}) {
    if (!sentence.empty()) state_.notify(base::Notice::Level::warning, sentence);
  }
  if (info.kind == "video") {
    state_.notify(base::Notice::Level::info,
                  info.name + " has ended; press Space to play it again.");
  }
}

}  // namespace mien::analysis
