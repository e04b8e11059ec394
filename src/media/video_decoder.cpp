#include "mien/media/video_decoder.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <thread>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/text.hpp"
#include "mien/media/av_handles.hpp"
#include "mien/media/bgr.hpp"

#include "mjpeg_parser.hpp"

extern "C" {
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
}

namespace mien::media {
namespace {

using Clock = std::chrono::steady_clock;
using Nanoseconds = std::chrono::nanoseconds;
using Trouble = VideoDecoder::Trouble;

constexpr AVRational kNanoseconds = {1, 1'000'000'000};
constexpr double kFallbackFps = 25;
constexpr int kMaxSide = 16384;
/// Errors in a row after which a source has nothing more to give. A file whose middle is
/// missing gives one for each of its pictures there.
constexpr int kMaxReadErrors = 1000;
constexpr int kMaxDecodeErrors = 1000;
constexpr std::size_t kSniffed = 512;

struct IoDeleter {
  void operator()(AVIOContext* io) const { avio_closep(&io); }
};

Nanoseconds to_time(std::int64_t value, AVRational base) {
  return Nanoseconds(av_rescale_q(value, base, kNanoseconds));
}

Trouble trouble_of(int code) {
  switch (code) {
    case AVERROR_HTTP_UNAUTHORIZED:
      return Trouble::unauthorized;
    case AVERROR_HTTP_FORBIDDEN:
      return Trouble::forbidden;
    case AVERROR_HTTP_NOT_FOUND:
      return Trouble::not_found;
    case AVERROR_HTTP_BAD_REQUEST:
    case AVERROR_HTTP_OTHER_4XX:
    case AVERROR_HTTP_SERVER_ERROR:
      return Trouble::refused;
    case AVERROR(ECONNREFUSED):
    case AVERROR(EHOSTUNREACH):
    case AVERROR(ENETUNREACH):
    case AVERROR(ECONNRESET):
    case AVERROR(EIO):
      return Trouble::unreachable;
    case AVERROR(ETIMEDOUT):
      return Trouble::timed_out;
    default:
      return Trouble::unreadable;
  }
}

bool is_html(const std::string& start) {
  const auto first = std::min(start.find_first_not_of(" \t\r\n\xEF\xBB\xBF"), start.size());
  const std::string text = base::ascii_lower(start.substr(first));
  return text.starts_with("<!doctype html") || text.starts_with("<html");
}

/// Which way up the pictures are, from a display matrix as MP4 and MOV have it.
struct Orientation {
  bool transposed = false;
  bool flip_x = false;  ///< after transposing
  bool flip_y = false;

  static Orientation of(const std::uint8_t* bytes, std::size_t size) {
    std::array<std::int32_t, 9> matrix{};
    if (bytes == nullptr || size < sizeof matrix) return {};
    std::memcpy(matrix.data(), bytes, sizeof matrix);
    const std::int64_t a = matrix[0], b = matrix[1], c = matrix[3], d = matrix[4];
    if (std::abs(a) + std::abs(d) >= std::abs(b) + std::abs(c)) {
      return {.transposed = false, .flip_x = a < 0, .flip_y = d < 0};
    }
    return {.transposed = true, .flip_x = c < 0, .flip_y = b < 0};
  }

  void apply(cv::Mat& image) const {
    if (transposed) cv::transpose(image, image);
    if (flip_x && flip_y) {
      cv::flip(image, image, -1);
    } else if (flip_x || flip_y) {
      cv::flip(image, image, flip_x ? 1 : 0);
    }
  }
};

int colour_matrix(const AVFrame& frame, AVCodecID codec) {
  switch (frame.colorspace) {
    case AVCOL_SPC_BT709:
      return SWS_CS_ITU709;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
      return SWS_CS_BT2020;
    case AVCOL_SPC_FCC:
      return SWS_CS_FCC;
    case AVCOL_SPC_SMPTE240M:
      return SWS_CS_SMPTE240M;
    case AVCOL_SPC_UNSPECIFIED:
      // Players guess by the height. JPEG is always as JFIF says.
      return codec != AV_CODEC_ID_MJPEG && frame.height > 576 ? SWS_CS_ITU709 : SWS_CS_ITU601;
    default:
      return SWS_CS_ITU601;
  }
}

bool has_full_range(const AVFrame& frame) {
  if (frame.color_range == AVCOL_RANGE_JPEG) return true;
  const auto* name = av_get_pix_fmt_name(static_cast<AVPixelFormat>(frame.format));
  return name != nullptr &&
         (std::strncmp(name, "yuvj", 4) == 0 ||
          (frame.color_range == AVCOL_RANGE_UNSPECIFIED && std::strncmp(name, "gray", 4) == 0));
}

}  // namespace

class VideoDecoder::Stream {
 public:
  Stream(const std::string& path_or_url, const Options& options) : options_(options) {
    frame_.reset(av_frame_alloc());
    packet_.reset(av_packet_alloc());
    if (frame_ == nullptr || packet_ == nullptr) fail(AVERROR(ENOMEM));
    restart_clock(options_.open_timeout);
    if (options.network) {
      open_address(path_or_url);
    } else {
      open_container("file:" + path_or_url, "file");
    }
  }

  bool next() {
    restart_clock(options_.read_timeout);
    for (int errors = 0; errors < kMaxDecodeErrors;) {
      const int code = avcodec_receive_frame(context_.get(), frame_.get());
      if (code >= 0) {
        if (frame_->width <= 0 || frame_->height <= 0) continue;
        ++pictures_;
        const bool flawed =
            frame_->decode_error_flags != 0 || (frame_->flags & AV_FRAME_FLAG_CORRUPT) != 0;
        if (flawed) ++flawed_;
        return true;
      }
      if (code == AVERROR_EOF) return false;
      if (code != AVERROR(EAGAIN)) {
        ++undecodable_;
        ++errors;
        if (draining_) continue;
      }
      // After an error the next packet is a new chance; asking again might never end.
      feed();
    }
    return false;
  }

  std::optional<Nanoseconds> time() const {
    if (stream_ == nullptr || frame_->best_effort_timestamp == AV_NOPTS_VALUE) {
      return std::nullopt;
    }
    return to_time(frame_->best_effort_timestamp, stream_->time_base);
  }

  Nanoseconds duration() const {
    if (const auto duration = frame_duration(*frame_); stream_ != nullptr && duration > 0) {
      return to_time(duration, stream_->time_base);
    }
    return Nanoseconds(std::llround(1e9 / (fps_ > 0 ? fps_ : kFallbackFps)));
  }

  cv::Mat picture() {
    const cv::Size coded = square_size(*frame_);
    const auto* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame_->format));
    // Raw video names its fourth byte alpha though nobody fills it.
    const bool alpha = format != nullptr && (format->flags & AV_PIX_FMT_FLAG_ALPHA) != 0 &&
                       context_->codec_id != AV_CODEC_ID_RAWVIDEO;
    const AVPixelFormat target = alpha ? AV_PIX_FMT_BGRA : AV_PIX_FMT_BGR24;
    prepare_scaler(coded, target);
    // The converter writes whole vectors, over the end of a row that is no multiple of them.
    const int padded = (coded.width + 31) / 32 * 32;
    cv::Mat rows(coded.height, padded, alpha ? CV_8UC4 : CV_8UC3);
    std::uint8_t* planes[] = {rows.data};
    const int strides[] = {static_cast<int>(rows.step)};
    if (sws_scale(scaler_.get(), frame_->data, frame_->linesize, 0, frame_->height, planes,
                  strides) <= 0) {
      throw base::Error("The colours of a video cannot be converted.");
    }
    cv::Mat image = rows.colRange(0, coded.width);
    if (alpha) {
      image = as_bgr(image);
    } else if (padded != coded.width) {
      image = image.clone();
    }
    orientation(*frame_).apply(image);
    return image;
  }

  cv::Size size() const {
    if (frame_->width <= 0) return {context_->width, context_->height};
    cv::Size size = square_size(*frame_);
    if (orientation(*frame_).transposed) std::swap(size.width, size.height);
    return size;
  }

  bool seek(Nanoseconds time) {
    if (format_ == nullptr) return false;
    const auto target = av_rescale_q(time.count(), kNanoseconds, stream_->time_base);
    if (av_seek_frame(format_.get(), stream_->index, target, AVSEEK_FLAG_BACKWARD) < 0) {
      return false;
    }
    avcodec_flush_buffers(context_.get());
    draining_ = false;
    was_sought_ = true;
    trouble_ = Trouble::none;
    read_errors_ = 0;
    return true;
  }

  std::optional<std::int64_t> frame_count() const {
    if (stream_ == nullptr) return std::nullopt;
    if (stream_->nb_frames > 0) return stream_->nb_frames;
    const auto whole = length();
    if (!whole || fps_ <= 0) return std::nullopt;
    const double count = std::chrono::duration<double>(*whole).count() * fps_;
    if (!(count >= 1 && count < 1e12)) return std::nullopt;
    return std::llround(count);
  }

  std::optional<Nanoseconds> length() const {
    if (format_ == nullptr || format_->duration == AV_NOPTS_VALUE || format_->duration <= 0 ||
        format_->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE) {
      return std::nullopt;
    }
    return to_time(format_->duration, av_get_time_base_q());
  }

  bool clock_may_jump() const {
    return format_ != nullptr && (format_->iformat->flags & AVFMT_TS_DISCONT) != 0;
  }

  bool ended_early() const {
    if (trouble_ == Trouble::broken || trouble_ == Trouble::timed_out) return true;
    if (stream_ == nullptr || !draining_ || was_sought_) return false;
    // MP4 lists its pictures, without those that an edit list leaves out.
    if (std::strstr(format_->iformat->name, "mp4") != nullptr) {
      return packets_ < avformat_index_get_entries_count(stream_);
    }
    const auto whole = length();
    if (!whole || format_->duration_estimation_method != AVFMT_DURATION_FROM_STREAM) {
      return false;
    }
    // Headers round, and a last subtitle may last longer than the video.
    const auto tolerance = std::max<Nanoseconds>(std::chrono::seconds(1), *whole / 20);
    return end_of_packets_ + tolerance < *whole;
  }

  const std::string& codec() const { return codec_; }
  double fps() const { return fps_; }
  Trouble trouble() const { return trouble_; }
  std::uint64_t pictures() const { return pictures_; }
  std::uint64_t damaged() const { return std::max(flawed_, corrupt_packets_); }
  std::uint64_t undecodable() const { return undecodable_ + (mjpeg_ ? mjpeg_->broken() : 0); }
  bool finite() const { return finite_; }

 private:
  [[noreturn]] void fail(Trouble trouble, const std::string& reason = {}) const {
    throw Failure{trouble, reason};
  }
  [[noreturn]] void fail(int code) const {
    if (code == AVERROR_EXIT) {
      fail(asked_to_end() ? Trouble::given_up : Trouble::timed_out);
    }
    fail(trouble_of(code), av_reason(code));
  }
  void check(int code) const {
    if (code < 0) fail(code);
  }

  bool asked_to_end() const { return options_.give_up != nullptr && options_.give_up->load(); }
  void restart_clock(std::chrono::milliseconds timeout) {
    deadline_.reset();
    if (timeout.count() > 0) deadline_ = Clock::now() + timeout;
  }
  static int should_end(void* self) {
    const auto& stream = *static_cast<const Stream*>(self);
    return stream.asked_to_end() || (stream.deadline_ && Clock::now() > *stream.deadline_) ? 1
                                                                                           : 0;
  }
  AVIOInterruptCB interrupt_callback() { return {&Stream::should_end, this}; }

  void open_address(const std::string& url) {
    // Only what a network can have: a server must not lead to a file of this machine.
    static constexpr const char* kProtocols =
        "http,https,httpproxy,tls,tcp,udp,rtp,srtp,rtsp,rtsps,rtmp,rtmps,rtmpt,crypto,data";
    if (!url.starts_with("http:") && !url.starts_with("https:")) {
      return open_container(url, kProtocols);
    }
    AvOptions options;
    options.set("protocol_whitelist", kProtocols);
    AVIOContext* io = nullptr;
    const auto callback = interrupt_callback();
    check(avio_open2(&io, url.c_str(), AVIO_FLAG_READ, &callback, options.get()));
    io_.reset(io);
    finite_ = avio_size(io) > 0;
    const std::string type = content_type();
    const std::string start = first_bytes();
    if (type.starts_with("multipart/") || start.starts_with("--") ||
        start.starts_with("\xFF\xD8\xFF")) {
      return open_mjpeg();
    }
    if (type.starts_with("text/html") || type.starts_with("application/xhtml") ||
        is_html(start)) {
      fail(Trouble::web_page);
    }
    restart_clock(options_.open_timeout);
    open_container(url, kProtocols);
  }

  std::string content_type() const {
    std::uint8_t* value = nullptr;
    if (av_opt_get(io_.get(), "mime_type", AV_OPT_SEARCH_CHILDREN, &value) < 0 ||
        value == nullptr) {
      return {};
    }
    std::string type = base::ascii_lower(reinterpret_cast<const char*>(value));
    av_free(value);
    return type;
  }

  /// Without taking them away: they lie in the first buffer.
  std::string first_bytes() {
    std::string bytes(kSniffed, '\0');
    int count = 0;
    while (count < 16) {
      const int code =
          avio_read_partial(io_.get(), reinterpret_cast<unsigned char*>(&bytes[count]),
                            static_cast<int>(kSniffed) - count);
      if (code == AVERROR_EXIT) fail(code);
      if (code <= 0) break;
      count += code;
    }
    bytes.resize(static_cast<std::size_t>(count));
    avio_seek(io_.get(), 0, SEEK_SET);
    return bytes;
  }

  void open_mjpeg() {
    mjpeg_.emplace();
    codec_ = "mjpeg";
    AvPtr<AVCodecContext> context(
        avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_MJPEG)));
    if (context == nullptr) fail(Trouble::unreadable);
    open_codec(std::move(context), *avcodec_find_decoder(AV_CODEC_ID_MJPEG));
  }

  void open_container(const std::string& url, const char* protocols) {
    AVFormatContext* format = avformat_alloc_context();
    if (format == nullptr) fail(AVERROR(ENOMEM));
    format->interrupt_callback = interrupt_callback();
    if (io_ != nullptr) {
      format->pb = io_.get();
      format->flags |= AVFMT_FLAG_CUSTOM_IO;
    }
    AvOptions options;
    options.set("protocol_whitelist", protocols);
    options.set("rtsp_flags", "prefer_tcp");
    const AVInputFormat* only = nullptr;
    if (options_.format != nullptr && !(only = av_find_input_format(options_.format))) {
      avformat_free_context(format);
      fail(AVERROR_DEMUXER_NOT_FOUND);
    }
    check(avformat_open_input(&format, url.c_str(), only, options.get()));  // frees it
    format_.reset(format);
    restart_clock(options_.open_timeout);
    check(avformat_find_stream_info(format, nullptr));
    if (should_end(this) != 0) fail(AVERROR_EXIT);
    choose_stream();
    finite_ = length().has_value();
    const AVCodec* codec = avcodec_find_decoder(stream_->codecpar->codec_id);
    if (codec == nullptr) fail(Trouble::unreadable);
    AvPtr<AVCodecContext> context(avcodec_alloc_context3(codec));
    if (context == nullptr) fail(AVERROR(ENOMEM));
    check(avcodec_parameters_to_context(context.get(), stream_->codecpar));
    context->pkt_timebase = stream_->time_base;
    codec_ = avcodec_get_name(stream_->codecpar->codec_id);
    for (const AVRational rate : {stream_->avg_frame_rate, stream_->r_frame_rate}) {
      const double fps = rate.den > 0 ? av_q2d(rate) : 0;
      if (fps_ == 0 && fps >= 0.1 && fps <= 100'000) fps_ = std::round(fps * 1000) / 1000;
    }
    open_codec(std::move(context), *codec);
  }

  void open_codec(AvPtr<AVCodecContext> context, const AVCodec& codec) {
    context->thread_count =
        static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, 4U));
    // Threads that each hold a picture delay a live one by as many.
    if (options_.network) context->thread_type = FF_THREAD_SLICE;
    if (options_.most_pixels > 0) context->max_pixels = options_.most_pixels;
    check(avcodec_open2(context.get(), &codec, nullptr));
    context_ = std::move(context);
  }

  void prepare_scaler(cv::Size size, AVPixelFormat target) {
    const int matrix = colour_matrix(*frame_, context_->codec_id);
    const int full = has_full_range(*frame_) ? 1 : 0;
    const std::array<int, 8> key = {frame_->width, frame_->height, frame_->format, size.width,
                                    size.height,   target,         matrix,         full};
    if (scaler_ != nullptr && key == scaler_for_) return;
    scaler_.reset(sws_getContext(frame_->width, frame_->height,
                                 static_cast<AVPixelFormat>(frame_->format), size.width,
                                 size.height, target, SWS_BICUBIC, nullptr, nullptr, nullptr));
    if (scaler_ == nullptr) throw base::Error("The colours of a video cannot be converted.");
    const int* coefficients = sws_getCoefficients(matrix);
    // Fails for formats that have no such details, which need none.
    sws_setColorspaceDetails(scaler_.get(), coefficients, full, coefficients, 1, 0, 1 << 16,
                             1 << 16);
    scaler_for_ = key;
  }

  void choose_stream() {
    const int best = av_find_best_stream(format_.get(), AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
    constexpr int kNoFilm = AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS;
    bool cover = false;
    for (unsigned i = 0; i < format_->nb_streams; ++i) {
      AVStream* stream = format_->streams[i];
      if (stream->codecpar->codec_type != AVMEDIA_TYPE_VIDEO) continue;
      if ((stream->disposition & kNoFilm) != 0) {
        cover = true;
        stream->discard = AVDISCARD_ALL;
      } else if (stream_ == nullptr || stream->index == best) {
        stream_ = stream;
      }
    }
    if (stream_ == nullptr) fail(cover ? Trouble::cover_only : Trouble::no_video);
  }

  Orientation orientation(const AVFrame& frame) const {
    if (const auto* data = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX)) {
      return Orientation::of(data->data, data->size);
    }
    if (stream_ == nullptr) return {};
    const auto data = side_data(*stream_, AV_PKT_DATA_DISPLAYMATRIX);
    return Orientation::of(data.data(), data.size());
  }

  /// The size with square pixels, before turning: the shorter one of the two is stretched, so
  /// that nothing is lost.
  cv::Size square_size(const AVFrame& frame) const {
    cv::Size size(frame.width, frame.height);
    // Cameras put a resolution in print there, and browsers do not look at it.
    if (mjpeg_) return size;
    AVRational ratio = frame.sample_aspect_ratio;
    if (format_ != nullptr) {
      ratio =
          av_guess_sample_aspect_ratio(format_.get(), stream_, const_cast<AVFrame*>(&frame));
    }
    const double wide = ratio.den > 0 ? av_q2d(ratio) : 0;
    if (!(wide >= 0.1 && wide <= 10)) return size;
    if (wide > 1) size.width = cvRound(size.width * wide);
    if (wide < 1) size.height = cvRound(size.height / wide);
    if (size.width > kMaxSide || size.height > kMaxSide) {
      return {frame.width, frame.height};
    }
    return size;
  }

  /// Gives the decoder the next packet, or tells it that there are no more.
  void feed() {
    const int code = mjpeg_ ? read_jpeg() : read_packet();
    if (code >= 0) {
      if (avcodec_send_packet(context_.get(), packet_.get()) < 0) ++undecodable_;
      av_packet_unref(packet_.get());
      return;
    }
    if (code == AVERROR(EAGAIN)) return;
    if (code != AVERROR_EOF) {
      trouble_ = code != AVERROR_EXIT ? Trouble::broken
                 : asked_to_end()     ? Trouble::given_up
                                      : Trouble::timed_out;
    }
    avcodec_send_packet(context_.get(), nullptr);
    draining_ = true;
  }

  int read_packet() {
    for (;;) {
      const int code = av_read_frame(format_.get(), packet_.get());
      if (code == AVERROR(EAGAIN)) {
        if (should_end(this) != 0) return AVERROR_EXIT;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        continue;
      }
      if (code == AVERROR_INVALIDDATA && ++read_errors_ < kMaxReadErrors) {
        if (should_end(this) != 0) return AVERROR_EXIT;
        continue;
      }
      if (code < 0) return code;
      read_errors_ = 0;
      note_end(*packet_);
      if (packet_->stream_index == stream_->index) break;
      av_packet_unref(packet_.get());
      // A stream that only sends sound must not keep the clock from running out.
      if (should_end(this) != 0) return AVERROR_EXIT;
    }
    ++packets_;
    if ((packet_->flags & AV_PKT_FLAG_CORRUPT) != 0) ++corrupt_packets_;
    return 0;
  }

  void note_end(const AVPacket& packet) {
    const auto start = format_->start_time != AV_NOPTS_VALUE ? format_->start_time : 0;
    const auto time = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
    if (time == AV_NOPTS_VALUE) return;
    const AVRational base = format_->streams[packet.stream_index]->time_base;
    end_of_packets_ = std::max(end_of_packets_, to_time(time + packet.duration, base) -
                                                    to_time(start, av_get_time_base_q()));
  }

  int read_jpeg() {
    for (;;) {
      if (auto picture = mjpeg_->next()) {
        const int code = av_new_packet(packet_.get(), static_cast<int>(picture->size()));
        if (code < 0) return code;
        std::memcpy(packet_->data, picture->data(), picture->size());
        ++packets_;
        return 0;
      }
      std::array<std::uint8_t, 16384> bytes;
      const int count = avio_read_partial(io_.get(), bytes.data(), bytes.size());
      if (count == 0) return AVERROR_EOF;
      if (count < 0) return count;
      if (should_end(this) != 0) return AVERROR_EXIT;
      mjpeg_->push({bytes.data(), static_cast<std::size_t>(count)});
    }
  }

  const Options options_;
  std::optional<Clock::time_point> deadline_;
  std::unique_ptr<AVIOContext, IoDeleter> io_;  ///< of HTTP; outlives format_, which reads it
  AvInput format_;                              ///< null for MJPEG over HTTP
  AVStream* stream_ = nullptr;                  ///< the format's
  std::optional<MjpegParser> mjpeg_;            ///< instead of a format
  AvPtr<AVCodecContext> context_;
  AvPtr<AVFrame> frame_;
  AvPtr<AVPacket> packet_;
  AvPtr<SwsContext> scaler_;
  std::array<int, 8> scaler_for_{};
  std::string codec_;
  double fps_ = 0;
  bool finite_ = false;
  bool draining_ = false;
  bool was_sought_ = false;
  Trouble trouble_ = Trouble::none;
  int read_errors_ = 0;
  std::int64_t packets_ = 0;
  std::uint64_t pictures_ = 0;
  std::uint64_t flawed_ = 0;
  std::uint64_t corrupt_packets_ = 0;
  std::uint64_t undecodable_ = 0;
  Nanoseconds end_of_packets_{0};
};

VideoDecoder::VideoDecoder(const std::string& path_or_url, const Options& options)
    : stream_(std::make_unique<Stream>(path_or_url, options)) {}
VideoDecoder::~VideoDecoder() = default;

bool VideoDecoder::next() { return stream_->next(); }
std::optional<Nanoseconds> VideoDecoder::time() const { return stream_->time(); }
Nanoseconds VideoDecoder::duration() const { return stream_->duration(); }
cv::Mat VideoDecoder::picture() { return stream_->picture(); }
cv::Size VideoDecoder::size() const { return stream_->size(); }
bool VideoDecoder::seek(Nanoseconds time) { return stream_->seek(time); }
const std::string& VideoDecoder::codec() const { return stream_->codec(); }
double VideoDecoder::fps() const { return stream_->fps(); }
std::optional<std::int64_t> VideoDecoder::frame_count() const { return stream_->frame_count(); }
std::optional<Nanoseconds> VideoDecoder::length() const { return stream_->length(); }
bool VideoDecoder::finite() const { return stream_->finite(); }
bool VideoDecoder::clock_may_jump() const { return stream_->clock_may_jump(); }
VideoDecoder::Trouble VideoDecoder::trouble() const { return stream_->trouble(); }
std::uint64_t VideoDecoder::pictures() const { return stream_->pictures(); }
std::uint64_t VideoDecoder::damaged() const { return stream_->damaged(); }
std::uint64_t VideoDecoder::undecodable() const { return stream_->undecodable(); }
bool VideoDecoder::ended_early() const { return stream_->ended_early(); }

}  // namespace mien::media
