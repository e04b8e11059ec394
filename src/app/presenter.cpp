#include "presenter.hpp"

#include <algorithm>
#include <utility>

namespace mien {

Presenter::Presenter(std::unique_ptr<PictureSurface> surface) : surface_(std::move(surface)) {}

bool Presenter::take_live(FramePtr frame, AnalyzedFramePtr analysis, bool live,
                          Clock::time_point now) {
  auto chosen = chooser_.choose(std::move(frame), std::move(analysis), live, now);
  const bool other = chosen.frame != chosen_.frame || chosen.analysis != chosen_.analysis;
  chosen_ = std::move(chosen);
  replayed_ = false;
  return other;
}

bool Presenter::take_replayed(AnalyzedFramePtr analysis) {
  const bool other = analysis != chosen_.analysis;
  auto frame = analysis->frame;
  chosen_ = {std::move(frame), std::move(analysis), 1};
  replayed_ = true;
  return other;
}

void Presenter::clear() {
  chosen_ = {};
  replayed_ = false;
}

void Presenter::present(ViewModel& view, cv::Size2f area, Clock::time_point now) {
  // A file's frames are read ahead of their time: their age says nothing.
  view.latency_ms = latency_.median_ms(now);
  if (!view.status.source.live || replayed_) view.latency_ms.reset();
  view.analysis = chosen_.analysis;
  view.reading_strength = chosen_.strength;
  view.picture_size = chosen_.frame ? chosen_.frame->image.size() : cv::Size();
  view.picture = 0;
  if (view.picture_size.empty()) return;
  const auto width = static_cast<float>(view.picture_size.width);
  const auto height = static_cast<float>(view.picture_size.height);
  const float shown_width = std::min(area.width / width, area.height / height) * width;
  const int cols = view.picture_size.width;
  const bool other = chosen_.frame != uploaded_;
  if (other || shrink_factor(cols, shown_width) != shrink_factor(cols, uploaded_width_)) {
    surface_->upload(chosen_.frame->image, shown_width);
    uploaded_width_ = shown_width;
    uploaded_ = chosen_.frame;
    unseen_ = unseen_ || other;
  }
  view.picture = surface_->id();
}

void Presenter::seen(Clock::time_point now) {
  if (std::exchange(unseen_, false) && !replayed_) latency_.add(uploaded_->arrived, now);
  if (chosen_.analysis) seen_analysis_ = true;
}

}  // namespace mien
