#include "webp_animation.hpp"

#include <utility>
#include <webp/demux.h>

#include "mien/media/bgr.hpp"

namespace mien::sources {

WebpAnimation::WebpAnimation(std::vector<std::uint8_t> bytes) : bytes_(std::move(bytes)) {
  WebPAnimDecoderOptions options;
  if (WebPAnimDecoderOptionsInit(&options) == 0) return;
  options.color_mode = MODE_BGRA;
  const WebPData data = {bytes_.data(), bytes_.size()};
  decoder_ = WebPAnimDecoderNew(&data, &options);
  WebPAnimInfo info;
  if (decoder_ == nullptr || WebPAnimDecoderGetInfo(decoder_, &info) == 0) return;
  count_ = info.frame_count;
  size_ = {static_cast<int>(info.canvas_width), static_cast<int>(info.canvas_height)};
}

WebpAnimation::~WebpAnimation() { WebPAnimDecoderDelete(decoder_); }

std::optional<WebpAnimation::Picture> WebpAnimation::next() {
  if (decoder_ == nullptr || WebPAnimDecoderHasMoreFrames(decoder_) == 0) return std::nullopt;
  std::uint8_t* canvas = nullptr;
  int until = 0;
  if (WebPAnimDecoderGetNext(decoder_, &canvas, &until) == 0) return std::nullopt;
  const cv::Mat bgra(size_, CV_8UC4, canvas);  // the decoder's, until the next one
  return Picture{media::as_bgr(bgra),
                 std::chrono::milliseconds(std::exchange(shown_until_, until))};
}

}  // namespace mien::sources
