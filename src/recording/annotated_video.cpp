#include "annotated_video.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/recording/session_writer.hpp"

#include "hidden_faces.hpp"

namespace mien::recording {
namespace {

// Some encoders fail below this size.
constexpr int kMinSide = 32;

/// The largest place in `canvas` for a picture of `picture`, centred.
cv::Rect letterbox(cv::Size picture, cv::Size canvas) {
  const double scale = std::min(static_cast<double>(canvas.width) / picture.width,
                                static_cast<double>(canvas.height) / picture.height);
  const cv::Size size(std::clamp(cvRound(picture.width * scale), 1, canvas.width),
                      std::clamp(cvRound(picture.height * scale), 1, canvas.height));
  return {(canvas.width - size.width) / 2, (canvas.height - size.height) / 2, size.width,
          size.height};
}

}  // namespace

AnnotatedVideo::AnnotatedVideo(Options options) : options_(std::move(options)) {
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
  const cv::Rect place = put_on_canvas(image);
  if (!hidden.empty()) {
    const float x = static_cast<float>(place.width) / static_cast<float>(image.cols);
    const float y = static_cast<float>(place.height) / static_cast<float>(image.rows);
    cv::Mat picture = canvas_(place);
    for (const auto& box : hidden) {
      pixelate(picture, {box.x * x, box.y * y, box.width * x, box.height * y});
    }
  }
  overlay::OverlayStyle style{.font_size = overlay::OverlayPainter::font_size_for(size_),
                              .bars = options_.bars,
                              .landmarks = false,
                              .mesh = options_.mesh,
                              .pose_axes = options_.pose_axes,
                              .mirrored = false};
  for (const auto& [person, name] : names) {
    if (!name.empty()) style.names[person] = name;
  }
  painter_.paint(canvas_, overlay::layout_overlay(frame, place, style, painter_.measure()));
  video_->write(canvas_, milliseconds);
  return first;
}

cv::Rect AnnotatedVideo::put_on_canvas(const cv::Mat& image) {
  if (image.size() == size_) {
    image.copyTo(canvas_);
    return {{0, 0}, size_};
  }
  const cv::Rect place = letterbox(image.size(), size_);
  canvas_.create(size_, CV_8UC3);
  canvas_.setTo(cv::Scalar::all(0));
  cv::resize(image, canvas_(place), place.size(), 0, 0, cv::INTER_AREA);
  return place;
}

}  // namespace mien::recording
