#include "mien/overlay/delayed_frames.hpp"

#include <utility>

namespace mien::overlay {

void DelayedFrames::add(const base::AnalyzedFrame& frame) {
  miss(frame);
  if (!waiting_.empty() && (waiting_.back().source != frame.source ||
                            frame.frame->time < waiting_.back().frame->time)) {
    end();
  }
  waiting_.push_back(frame);
}

void DelayedFrames::miss(const base::AnalyzedFrame& frame) {
  faces_.add(frame, waiting_.empty() ? nullptr : &waiting_.front());
}

void DelayedFrames::drop() {
  waiting_.clear();
  released_ = 0;
}

void DelayedFrames::end() { released_ = waiting_.size(); }

std::optional<DelayedFrames::Ready> DelayedFrames::next() {
  if (waiting_.empty()) return std::nullopt;
  const auto waited = waiting_.back().frame->time - waiting_.front().frame->time;
  if (released_ == 0 && waiting_.size() <= kMost && waited <= HiddenFaces::kHideBefore) {
    return std::nullopt;
  }
  if (released_ > 0) --released_;
  Ready ready{std::move(waiting_.front()), {}};
  waiting_.pop_front();
  ready.hidden = faces_.in(ready.frame);
  return ready;
}

}  // namespace mien::overlay
