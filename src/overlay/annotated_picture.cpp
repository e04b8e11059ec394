#include "mien/overlay/annotated_picture.hpp"

#include <algorithm>

#include <opencv2/imgproc.hpp>

#include "mien/overlay/hidden_faces.hpp"

namespace mien::overlay {
namespace {

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

const cv::Mat& AnnotatedPicture::paint(const base::AnalyzedFrame& frame, cv::Size size,
                                       const std::vector<cv::Rect2f>& hidden,
                                       const std::map<int, std::string>& names) {
  const auto& image = frame.frame->image;
  const cv::Rect place = put_on_canvas(image, size);
  if (!hidden.empty()) {
    const float x = static_cast<float>(place.width) / static_cast<float>(image.cols);
    const float y = static_cast<float>(place.height) / static_cast<float>(image.rows);
    cv::Mat picture = canvas_(place);
    for (const auto& box : hidden) {
      pixelate(picture, {box.x * x, box.y * y, box.width * x, box.height * y});
    }
  }
  OverlayStyle style{.font_size = OverlayPainter::font_size_for(size),
                     .bars = options_.bars,
                     .landmarks = false,
                     .mesh = options_.mesh,
                     .pose_axes = options_.pose_axes,
                     .mirrored = false};
  for (const auto& [person, name] : names) {
    if (!name.empty()) style.names[person] = name;
  }
  painter_.paint(canvas_, layout_overlay(frame, place, style, painter_.measure()));
  return canvas_;
}

cv::Rect AnnotatedPicture::put_on_canvas(const cv::Mat& image, cv::Size size) {
  if (image.size() == size) {
    image.copyTo(canvas_);
    return {{0, 0}, size};
  }
  const cv::Rect place = letterbox(image.size(), size);
  canvas_.create(size, CV_8UC3);
  canvas_.setTo(cv::Scalar::all(0));
  cv::resize(image, canvas_(place), place.size(), 0, 0, cv::INTER_AREA);
  return place;
}

}  // namespace mien::overlay
