#include "mien/recording/video_reader.hpp"

#include <string>
#include <utility>

#include "mien/base/av_handles.hpp"
#include "mien/base/error.hpp"

#include "session_video.hpp"

namespace mien {
namespace {

constexpr AVRational kMilliseconds = {1, 1000};
constexpr int kMostErrorsInARow = 1000;

struct InputDeleter {
  void operator()(AVFormatContext* format) const { avformat_close_input(&format); }
};

}  // namespace

class VideoReader::Stream {
 public:
  explicit Stream(const std::filesystem::path& file) : file_(file) {
    AVFormatContext* format = nullptr;
    check(open_session_video(format, file));
    format_.reset(format);
    check(avformat_find_stream_info(format, nullptr));
    const AVCodec* codec = nullptr;
    const int index = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
    if (index < 0 || codec == nullptr) fail("it holds no pictures");
    stream_ = format->streams[index];
    context_.reset(avcodec_alloc_context3(codec));
    frame_.reset(av_frame_alloc());
    packet_.reset(av_packet_alloc());
    if (context_ == nullptr || frame_ == nullptr || packet_ == nullptr) {
      fail(av_reason(AVERROR(ENOMEM)));
    }
    check(avcodec_parameters_to_context(context_.get(), stream_->codecpar));
    context_->thread_count = 2;
    context_->max_pixels = kMostVideoPixels;
    check(avcodec_open2(context_.get(), codec, nullptr));
  }

  /// Decodes the next frame into frame_; false at the end. Packets that do not decode are
  /// counted and passed over.
  bool next() {
    // A decoder may answer with an error again and again without taking anything in.
    for (int errors = 0; errors < kMostErrorsInARow;) {
      const int code = avcodec_receive_frame(context_.get(), frame_.get());
      if (code >= 0) return true;
      if (code == AVERROR_EOF || drained_) return false;
      if (code != AVERROR(EAGAIN)) {
        ++bad_packets_;
        ++errors;
        continue;
      }
      feed();
    }
    return false;
  }

  void rewind_to(std::int64_t milliseconds) {
    const auto target = av_rescale_q(milliseconds, kMilliseconds, stream_->time_base);
    check(av_seek_frame(format_.get(), stream_->index, target, AVSEEK_FLAG_BACKWARD));
    avcodec_flush_buffers(context_.get());
    drained_ = ended_ = false;
    last_.reset();
  }

  std::int64_t time() const {
    return av_rescale_q(frame_->best_effort_timestamp, stream_->time_base, kMilliseconds);
  }

  std::optional<cv::Mat> at(std::int64_t milliseconds) {
    // A jump of more than two seconds is cheaper by the file's index.
    if (!last_ || milliseconds <= *last_ || milliseconds > *last_ + 2000) {
      rewind_to(milliseconds);
    }
    while (next()) {
      last_ = time();
      if (*last_ == milliseconds) return picture();
      if (*last_ > milliseconds) return std::nullopt;
    }
    last_.reset();
    return std::nullopt;
  }

  std::uint64_t bad_packets() const { return bad_packets_; }
  cv::Size size() const { return {context_->width, context_->height}; }

 private:
  [[noreturn]] void fail(const std::string& reason) const {
    throw Error("The video " + file_.string() + " cannot be read: " + reason + ".");
  }
  void check(int code) const {
    if (code < 0) fail(av_reason(code));
  }

  void feed() {
    if (ended_) {
      drained_ = true;
      return;
    }
    const int code = av_read_frame(format_.get(), packet_.get());
    if (code == AVERROR_EOF) {
      ended_ = true;
      avcodec_send_packet(context_.get(), nullptr);
      return;
    }
    check(code);
    if (packet_->stream_index == stream_->index &&
        avcodec_send_packet(context_.get(), packet_.get()) < 0) {
      ++bad_packets_;
    }
    av_packet_unref(packet_.get());
  }

  cv::Mat picture() {
    const cv::Size size(frame_->width, frame_->height);
    scaler_.reset(sws_getCachedContext(
        scaler_.release(), size.width, size.height, static_cast<AVPixelFormat>(frame_->format),
        size.width, size.height, AV_PIX_FMT_BGR24, SWS_BILINEAR, nullptr, nullptr, nullptr));
    if (scaler_ == nullptr) fail("its colours cannot be converted");
    const int full = frame_->color_range == AVCOL_RANGE_JPEG ? 1 : 0;
    const int* matrix = sws_getCoefficients(SWS_CS_SMPTE170M);
    sws_setColorspaceDetails(scaler_.get(), matrix, full, matrix, 1, 0, 1 << 16, 1 << 16);
    cv::Mat bgr(size, CV_8UC3);
    std::uint8_t* planes[] = {bgr.data};
    const int strides[] = {static_cast<int>(bgr.step)};
    check(sws_scale(scaler_.get(), frame_->data, frame_->linesize, 0, size.height, planes,
                    strides));
    return bgr;
  }

  const std::filesystem::path file_;
  std::unique_ptr<AVFormatContext, InputDeleter> format_;
  AVStream* stream_ = nullptr;  ///< the format's
  AvPtr<AVCodecContext> context_;
  AvPtr<AVFrame> frame_;
  AvPtr<AVPacket> packet_;
  AvPtr<SwsContext> scaler_;
  std::optional<std::int64_t> last_;  ///< of the frame that was decoded last
  std::uint64_t bad_packets_ = 0;
  bool ended_ = false;
  bool drained_ = false;
};

VideoReader::VideoReader(const std::filesystem::path& file)
    : stream_(std::make_unique<Stream>(file)) {}

VideoReader::~VideoReader() = default;

std::uint64_t VideoReader::for_each_frame(
    const std::function<void(std::int64_t milliseconds)>& tell) {
  stream_->rewind_to(0);
  while (stream_->next()) tell(stream_->time());
  return stream_->bad_packets();
}

std::optional<cv::Mat> VideoReader::at(std::int64_t milliseconds) {
  return stream_->at(milliseconds);
}

cv::Size VideoReader::size() const { return stream_->size(); }

}  // namespace mien
