#include "picture_choice.hpp"

#include <algorithm>

namespace mien {

using namespace std::chrono_literals;

namespace {

// Once behind, the screen does not switch back at the first frame that was in time.
constexpr auto kBehindFor = 1s;
// Frames of a file that may be on their way through the channel and the analysis.
constexpr std::uint64_t kFileLead = 3;

}  // namespace

float strength_at(std::chrono::duration<float> age) {
  const float seconds = age.count();
  if (seconds < 0.25f) return 1;
  if (seconds < 2.0f) return 1 - 0.6f * (seconds - 0.25f) / 1.75f;
  return std::max(0.0f, 0.4f * (1 - (seconds - 2) / 3));
}

bool PictureChooser::keeps_up(const Frame& newest, const AnalyzedFrame& analysis, bool live,
                              Clock::time_point now) {
  const std::uint64_t lead = newest.sequence - analysis.frame->sequence;
  if (!live) return lead <= kFileLead;
  if (lead > 1) behind_until_ = now + kBehindFor;
  return now >= behind_until_;
}

PictureChoice PictureChooser::choose(FramePtr newest, AnalyzedFramePtr analysis, bool live,
                                     Clock::time_point now) {
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

}  // namespace mien
