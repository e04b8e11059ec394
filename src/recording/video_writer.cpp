#include "video_writer.hpp"

#include <array>
#include <cmath>
#include <system_error>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/log.hpp"
#include "mien/media/av_file.hpp"
#include "mien/media/av_handles.hpp"
#include "mien/recording/session_writer.hpp"
#include "mien/sessions/session_files.hpp"

namespace mien::recording {
namespace {

struct Option {
  const char* key;
  const char* value;
};

/// Everything that makes one encoder fast enough to run beside the analysis.
struct Encoder {
  const char* name;  ///< and the next three: as in VideoEncoder
  const char* word;
  const char* title;
  const char* description;
  AVPixelFormat pixels;
  AVColorRange range;
  double bits_per_pixel;  ///< for encoders that are steered by rate; 0 for none
  int fixed_quantizer;    ///< for encoders that take one (2..31); 0 for none
  std::array<Option, 5> options;
};

// Best first. Another encoder: an entry here.
constexpr std::array<Encoder, 3> kEncoders = {{
    {"libx264",
     "h264",
     "H.264",
     "Small files that everything plays, at little cost.",
     AV_PIX_FMT_YUV420P,
     AVCOL_RANGE_MPEG,
     0,
     0,
     {{{"preset", "ultrafast"}, {"tune", "zerolatency"}, {"crf", "23"}}}},
    {"libvpx",
     "vp8",
     "VP8",
     "Free of patents; takes three times the processor time.",
     AV_PIX_FMT_YUV420P,
     AVCOL_RANGE_MPEG,
     0.12,
     0,
     {{{"deadline", "realtime"}, {"cpu-used", "8"}, {"lag-in-frames", "0"}, {"crf", "12"}}}},
    {"mjpeg",
     "mjpeg",
     "Motion JPEG",
     "Every frame stands alone, for exact editing; six times as large.",
     AV_PIX_FMT_YUVJ420P,
     AVCOL_RANGE_JPEG,
     0,
     4,
     {}},
}};

/// A frame this often can be decoded without the ones before it: seeking, and what a crash
/// costs.
constexpr int kKeyframeEvery = 30;

int even(int length) { return length + length % 2; }

/// 0 and an open encoder in `opened`, or FFmpeg's error code.
int try_encoder(const Encoder& encoder, const AVCodec& codec, cv::Size size, double fps,
                media::AvPtr<AVCodecContext>& opened) {
  media::AvPtr<AVCodecContext> context(avcodec_alloc_context3(&codec));
  if (context == nullptr) return AVERROR(ENOMEM);
  const double rate = fps >= 1 && fps <= 240 ? fps : 30;
  context->width = size.width;
  context->height = size.height;
  context->pix_fmt = encoder.pixels;
  context->color_range = encoder.range;
  context->colorspace = AVCOL_SPC_SMPTE170M;
  context->time_base = media::kMilliseconds;
  context->framerate = av_d2q(rate, 1000);
  context->gop_size = kKeyframeEvery;
  context->max_b_frames = 0;
  context->thread_count = 2;  // leaves cores to the analysis
  context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  if (encoder.bits_per_pixel > 0) {
    context->bit_rate = std::llround(encoder.bits_per_pixel * size.area() * rate);
  }
  if (encoder.fixed_quantizer > 0) {
    context->flags |= AV_CODEC_FLAG_QSCALE;
    context->global_quality = FF_QP2LAMBDA * encoder.fixed_quantizer;
  }
  media::AvOptions options;
  for (const auto& option : encoder.options) {
    if (option.key != nullptr) options.set(option.key, option.value);
  }
  if (const int code = avcodec_open2(context.get(), &codec, options.get()); code < 0)
    return code;
  if (!options.left_over().empty()) return AVERROR_OPTION_NOT_FOUND;
  opened = std::move(context);
  return 0;
}

}  // namespace

std::vector<VideoEncoder> video_encoders() {
  std::vector<VideoEncoder> there;
  for (const auto& encoder : kEncoders) {
    if (avcodec_find_encoder_by_name(encoder.name) == nullptr) continue;
    there.push_back({encoder.name, encoder.word, encoder.title, encoder.description});
  }
  return there;
}

VideoWriter::VideoWriter(std::filesystem::path file, cv::Size size, double fps,
                         const std::string& encoder, std::function<void()> make_room)
    : file_(std::move(file)),
      partial_(file_.string() + std::string(sessions::session_file::kPartial)),
      picture_size_(size),
      size_(even(size.width), even(size.height)),
      make_room_(std::move(make_room)) {
  if (size.empty()) throw base::Error("A video of size zero cannot be recorded.");
  open_encoder(fps, encoder);
  open_file();
}

VideoWriter::~VideoWriter() {
  try {
    close();
  } catch (...) {  // nobody is left to tell
  }
}

void VideoWriter::write(const cv::Mat& bgr, std::int64_t milliseconds) {
  if (closed_) throw base::Error("The video " + file_.string() + " is closed already.");
  if (bgr.size() != picture_size_ || bgr.type() != CV_8UC3) {
    throw base::Error("A picture of another size cannot go into the video " + file_.string() +
                      ".");
  }
  try {
    convert(bgr);
    frame_->pts = milliseconds;
    encode(frame_.get());
  } catch (const base::Error& error) {
    problem_ = error.what();
    throw;
  }
}

void VideoWriter::close() {
  if (std::exchange(closed_, true)) return;
  // Every step is tried, so that one that fails leaves as much as can be had; the first
  // reason is the one that counts.
  std::string problem;
  const auto attempt = [&problem](auto&& step) {
    try {
      step();
    } catch (const base::Error& error) {
      if (problem.empty()) problem = error.what();
    }
  };
  if (failed_) {
    // A partial packet at the end confuses players.
    problem = problem_;
    output_->cut(good_);
    bytes_ = static_cast<std::uintmax_t>(good_);
  } else {
    attempt([&] { encode(nullptr); });
    attempt([&] { check(av_write_trailer(format_.get())); });
    bytes_ = std::max(bytes_, position());
  }
  format_->pb = nullptr;
  attempt([&] { check(output_->close()); });
  attempt([&] { base::rename_new(partial_, file_); });
  if (!problem.empty()) throw base::Error(problem);
}

void VideoWriter::fail(const std::string& reason) const {
  throw base::Error("The video " + file_.string() + " cannot be written: " + reason +
                    "; make room on the disk or choose another folder.");
}

void VideoWriter::check(int code) const {
  if (code < 0) fail(media::av_reason(code));
}

std::uintmax_t VideoWriter::position() const {
  if (format_ == nullptr || format_->pb == nullptr) return 0;
  return static_cast<std::uintmax_t>(std::max<std::int64_t>(0, avio_tell(format_->pb)));
}

void VideoWriter::open_encoder(double fps, const std::string& requested) {
  std::string reasons;
  for (const auto& known : kEncoders) {
    if (!requested.empty() && requested != known.name) continue;
    const auto* codec = avcodec_find_encoder_by_name(known.name);
    const int code = codec != nullptr ? try_encoder(known, *codec, size_, fps, context_)
                                      : AVERROR_ENCODER_NOT_FOUND;
    if (code >= 0) {
      encoder_ = known.name;
      base::log::info("recording", "Writing ", file_, " with ", encoder_, ", ", size_.width,
                      "x", size_.height);
      return;
    }
    base::log::info("recording", "The encoder ", known.name,
                    " cannot be used: ", media::av_reason(code));
    reasons +=
        std::string(reasons.empty() ? "" : ", ") + known.name + ": " + media::av_reason(code);
  }
  if (reasons.empty()) {
    throw base::Error("The video encoder " + requested +
                      " is not known; choose one of libx264, libvpx, mjpeg.");
  }
  throw base::Error("No video encoder works (" + reasons + "); install FFmpeg's encoders.");
}

void VideoWriter::open_file() {
  AVFormatContext* format = nullptr;
  check(avformat_alloc_output_context2(&format, nullptr, "matroska", partial_.c_str()));
  format_.reset(format);
  stream_ = avformat_new_stream(format, nullptr);
  if (stream_ == nullptr) fail(media::av_reason(AVERROR(ENOMEM)));
  check(avcodec_parameters_from_context(stream_->codecpar, context_.get()));
  stream_->time_base = media::kMilliseconds;
  format->flags |= AVFMT_FLAG_FLUSH_PACKETS;
  // No random identifiers: the same pictures are the same bytes, run after run.
  format->flags |= AVFMT_FLAG_BITEXACT;

  frame_.reset(av_frame_alloc());
  packet_.reset(av_packet_alloc());
  if (frame_ == nullptr || packet_ == nullptr) fail(media::av_reason(AVERROR(ENOMEM)));
  frame_->format = context_->pix_fmt;
  frame_->width = size_.width;
  frame_->height = size_.height;
  frame_->color_range = context_->color_range;
  frame_->colorspace = context_->colorspace;
  frame_->quality = context_->global_quality;  // a fixed quantizer is asked of each picture
  check(av_frame_get_buffer(frame_.get(), 0));
  scaler_.reset(sws_getContext(size_.width, size_.height, AV_PIX_FMT_BGR24, size_.width,
                               size_.height, context_->pix_fmt, SWS_BILINEAR, nullptr, nullptr,
                               nullptr));
  if (scaler_ == nullptr) fail("its colours cannot be converted");
  const int full = context_->color_range == AVCOL_RANGE_JPEG ? 1 : 0;
  const int* matrix = sws_getCoefficients(SWS_CS_SMPTE170M);
  check(sws_setColorspaceDetails(scaler_.get(), matrix, 1, matrix, full, 0, 1 << 16, 1 << 16));

  output_ = std::make_unique<media::AvFile>(partial_, std::move(make_room_));
  format->pb = output_->io();
  format->flags |= AVFMT_FLAG_CUSTOM_IO;
  media::AvOptions options;
  // Half a second is the most that a kill can cost besides what the encoder still holds.
  options.set("cluster_time_limit", "500");
  check(avformat_write_header(format, options.get()));
}

void VideoWriter::convert(const cv::Mat& bgr) {
  check(av_frame_make_writable(frame_.get()));
  const cv::Mat* picture = &bgr;
  if (size_ != picture_size_) {
    cv::Mat& padded = padded_;
    padded.create(size_, CV_8UC3);
    bgr.copyTo(padded(cv::Rect({0, 0}, picture_size_)));
    if (size_.width != picture_size_.width) {
      padded.col(picture_size_.width - 1).copyTo(padded.col(picture_size_.width));
    }
    if (size_.height != picture_size_.height) {
      padded.row(picture_size_.height - 1).copyTo(padded.row(picture_size_.height));
    }
    picture = &padded;
  }
  const std::uint8_t* planes[] = {picture->data};
  const int strides[] = {static_cast<int>(picture->step)};
  check(sws_scale(scaler_.get(), planes, strides, 0, size_.height, frame_->data,
                  frame_->linesize));
}

void VideoWriter::encode(const AVFrame* frame) {
  check(avcodec_send_frame(context_.get(), frame));
  for (;;) {
    const int code = avcodec_receive_packet(context_.get(), packet_.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
    check(code);
    av_packet_rescale_ts(packet_.get(), context_->time_base, stream_->time_base);
    packet_->stream_index = stream_->index;
    // Every packet is flushed, and clusters are written whole: here the file is whole.
    good_ = avio_tell(format_->pb);
    failed_ = true;
    check(av_interleaved_write_frame(format_.get(), packet_.get()));
    // A full disk may show only in the file's own state, not in the muxer's answer.
    check(format_->pb->error);
    failed_ = false;
  }
}

}  // namespace mien::recording
