#include "annotated_video.hpp"

#include <algorithm>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/recording/session_writer.hpp"

namespace mien::recording {
namespace {

// Some encoders fail below this size.
constexpr int kMinSide = 32;

}  // namespace

AnnotatedVideo::AnnotatedVideo(Options options)
    : options_(std::move(options)),
      picture_(
          {.bars = options_.bars, .mesh = options_.mesh, .pose_axes = options_.pose_axes}) {
  const auto encoders = video_encoders();
  const bool known = options_.encoder.empty()
                         ? !encoders.empty()
                         : std::any_of(encoders.begin(), encoders.end(), [&](const auto& each) {
                             return each.name == options_.encoder;
                           });
  if (!known) {
    throw base::Error("The video encoder " + options_.encoder +
                      " is not there; install FFmpeg's encoders or record without video.");
  }
}

bool AnnotatedVideo::write(const base::AnalyzedFrame& frame, std::int64_t milliseconds,
                           const std::vector<cv::Rect2f>& hidden,
                           const std::map<int, std::string>& names) {
  const auto& image = frame.frame->image;
  const bool first = video_ == nullptr;
  if (first) {
    size_ = {std::max(image.cols, kMinSide), std::max(image.rows, kMinSide)};
    video_ = std::make_unique<VideoWriter>(options_.file, size_, options_.fps, options_.encoder,
                                           options_.make_room);
  }
  video_->write(picture_.paint(frame, size_, hidden, names), milliseconds);
  return first;
}

}  // namespace mien::recording
