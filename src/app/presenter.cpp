#include "presenter.hpp"

#include <algorithm>
#include <utility>

namespace mien::app {

using namespace std::chrono_literals;

namespace {

// Once behind, the screen does not switch back at the first frame that was in time.
constexpr auto kBehindFor = 1s;
// Frames of a file that may be on their way through the channel and the analysis.
constexpr std::uint64_t kFileLead = 3;

}  // namespace

float strength_at(std::chrono::duration<float> age) {
  const float seconds = age.count();
  if (seconds < 0.25F) return 1;
  if (seconds < 2.0F) return 1 - 0.6F * (seconds - 0.25F) / 1.75F;
  return std::max(0.0F, 0.4F * (1 - (seconds - 2) / 3));
}

bool PictureChooser::keeps_up(const base::Frame& newest, const base::AnalyzedFrame& analysis,
                              bool live, Clock::time_point now) {
  const std::uint64_t lead = newest.sequence - analysis.frame->sequence;
  if (!live) return lead <= kFileLead;
  if (lead > 1) behind_until_ = now + kBehindFor;
  return now >= behind_until_;
}

PictureChoice PictureChooser::choose(base::FramePtr newest, base::AnalyzedFramePtr analysis,
                                     bool live, Clock::time_point now) {
  if (!newest) return {nullptr, nullptr, 0};
  // The readings of another source do not belong over this picture.
  // (A folder's pictures differ in size, so a file is judged by its count alone.)
  if (analysis && (analysis->frame->sequence > newest->sequence ||
                   (live && analysis->frame->image.size() != newest->image.size()))) {
    analysis = nullptr;
  }
  if (!analysis) {
    last_ = newest;
    return {std::move(newest), nullptr, 0};
  }
  const bool goes_back =
      last_ && last_->arrived > analysis->frame->arrived && last_->sequence <= newest->sequence;
  if (analysis->frame == newest || (keeps_up(*newest, *analysis, live, now) && !goes_back)) {
    last_ = analysis->frame;
    return {analysis->frame, std::move(analysis), 1};
  }
  last_ = newest;
  if (analysis->frame->image.size() != newest->image.size())
    return {std::move(newest), nullptr, 0};
  const float strength = strength_at(newest->arrived - analysis->frame->arrived);
  return {std::move(newest), std::move(analysis), strength};
}

Presenter::Presenter(std::unique_ptr<PictureSurface> surface) : surface_(std::move(surface)) {}

bool Presenter::take_live(base::FramePtr frame, base::AnalyzedFramePtr analysis, bool live,
                          Clock::time_point now) {
  auto chosen = chooser_.choose(std::move(frame), std::move(analysis), live, now);
  const bool other = chosen.frame != chosen_.frame || chosen.analysis != chosen_.analysis;
  chosen_ = std::move(chosen);
  replayed_ = false;
  return other;
}

bool Presenter::take_replayed(base::AnalyzedFramePtr analysis) {
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

void Presenter::present(ui::ViewModel& view, cv::Size2f area, Clock::time_point now) {
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
    not_shown_ = not_shown_ || other;
  }
  view.picture = surface_->id();
}

void Presenter::shown(Clock::time_point now) {
  if (std::exchange(not_shown_, false) && !replayed_) latency_.add(uploaded_->arrived, now);
  if (chosen_.analysis) analysis_shown_ = true;
}

}  // namespace mien::app
