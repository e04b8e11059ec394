#include "mien/sessions/session_video.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <system_error>

#include "mien/base/error.hpp"
#include "mien/media/av_file.hpp"
#include "mien/media/av_handles.hpp"
#include "mien/media/video_decoder.hpp"

namespace mien::sessions {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Trouble = media::VideoDecoder::Trouble;

/// The only format in which a session's video is read. What a stranger calls video.mkv could
/// otherwise be a playlist of other files and addresses.
constexpr const char* kSessionVideoFormat = "matroska";

/// More pixels than a picture of mien's has; decoders refuse what is larger.
constexpr long long kMaxVideoPixels = 8192LL * 8192;

std::error_code not_a_file(const fs::path& file) {
  std::error_code code;
  if (fs::is_regular_file(file, code)) return {};
  return code ? code : std::make_error_code(std::errc::invalid_argument);
}

/// Throws Error unless it is a regular file: a FIFO would never be opened.
void check_session_video(const fs::path& file) {
  if (const auto code = not_a_file(file)) {
    throw base::Error("The video " + file.string() + " cannot be read: " + code.message() +
                      ".");
  }
}

/// Opens the video of a session for copying its packets, whatever its name looks like to
/// FFmpeg. Returns FFmpeg's error code, 0 for none; `format` is the caller's to close then.
int open_session_video(AVFormatContext*& format, const fs::path& file) {
  if (const auto code = not_a_file(file)) return AVERROR(code.value());
  const AVInputFormat* matroska = av_find_input_format(kSessionVideoFormat);
  if (matroska == nullptr) return AVERROR_DEMUXER_NOT_FOUND;
  media::AvOptions options;
  options.set("protocol_whitelist", "file");
  // Before a colon, FFmpeg looks for a protocol's name.
  const auto url = "file:" + fs::absolute(file).string();
  return avformat_open_input(&format, url.c_str(), matroska, options.get());
}

std::string words(const media::VideoDecoder::Failure& failure) {
  switch (failure.trouble) {
    case Trouble::no_video:
    case Trouble::cover_only:
      return "it holds no pictures";
    default:
      return failure.reason.empty() ? "it is not a video that can be decoded" : failure.reason;
  }
}

}  // namespace

VideoReader::VideoReader(const std::filesystem::path& file) : file_(file) {
  check_session_video(file);
  try {
    decoder_.emplace(std::filesystem::absolute(file).string(),
                     media::VideoDecoder::Options{.format = kSessionVideoFormat,
                                                  .most_pixels = kMaxVideoPixels});
  } catch (const media::VideoDecoder::Failure& failure) {
    fail(words(failure));
  }
}

std::uint64_t VideoReader::for_each_frame(
    const std::function<void(std::int64_t milliseconds)>& tell) {
  rewind_to(0);
  while (const auto time = next()) tell(*time);
  return decoder_->undecodable();
}

std::optional<cv::Mat> VideoReader::at(std::int64_t milliseconds) {
  // A jump of more than two seconds is cheaper by the file's index.
  if (!last_ || milliseconds <= *last_ || milliseconds > *last_ + 2000) {
    rewind_to(milliseconds);
  }
  while ((last_ = next())) {
    if (*last_ == milliseconds) return decoder_->picture();
    if (*last_ > milliseconds) return std::nullopt;
  }
  return std::nullopt;
}

cv::Size VideoReader::size() const { return decoder_->size(); }

std::optional<std::int64_t> VideoReader::next() {
  if (!decoder_->next()) {
    if (decoder_->trouble() != Trouble::none) fail("the disk or the file is damaged");
    return std::nullopt;
  }
  return std::chrono::round<std::chrono::milliseconds>(decoder_->time().value_or(0ns)).count();
}

void VideoReader::rewind_to(std::int64_t milliseconds) {
  if (!decoder_->seek(std::chrono::milliseconds(milliseconds))) {
    fail("it has no index to jump by");
  }
  last_.reset();
}

void VideoReader::fail(const std::string& reason) const {
  throw base::Error("The video " + file_.string() + " cannot be read: " + reason + ".");
}

namespace {

struct InputDeleter {
  void operator()(AVFormatContext* format) const { avformat_close_input(&format); }
};
using Input = std::unique_ptr<AVFormatContext, InputDeleter>;

/// Null when there is nothing to be had. The encoder's header is in the file's own: the
/// pictures need not be looked at.
Input open_video(const fs::path& file) {
  AVFormatContext* format = nullptr;
  if (open_session_video(format, file) < 0) return nullptr;
  Input input(format);
  const bool video =
      format->nb_streams == 1 && format->streams[0]->codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
  return video ? std::move(input) : nullptr;
}

/// Every whole packet, until `take` says no.
void for_each_packet(AVFormatContext& format, const std::function<bool(AVPacket&)>& take) {
  const media::AvPtr<AVPacket> packet(av_packet_alloc());
  if (packet == nullptr) throw base::Error("No memory is left to recover a video.");
  while (av_read_frame(&format, packet.get()) >= 0) {
    const bool whole = (packet->flags & AV_PKT_FLAG_CORRUPT) == 0 && packet->size > 0 &&
                       packet->pts != AV_NOPTS_VALUE;
    const bool on = whole && take(*packet);
    av_packet_unref(packet.get());
    if (!on) return;
  }
}

class Copy {
 public:
  Copy(const fs::path& from, const fs::path& to) : to_(to), output_(to) {
    input_ = open_video(from);
    if (input_ == nullptr) throw base::Error("The video " + from.string() + " cannot be read.");
    AVFormatContext* format = nullptr;
    check(avformat_alloc_output_context2(&format, nullptr, "matroska", nullptr));
    format_.reset(format);
    format->pb = output_.io();
    format->flags |= AVFMT_FLAG_CUSTOM_IO;
    const AVStream* source = input_->streams[0];
    AVStream* stream = avformat_new_stream(format, nullptr);
    if (stream == nullptr) check(AVERROR(ENOMEM));
    check(avcodec_parameters_copy(stream->codecpar, source->codecpar));
    stream->codecpar->codec_tag = 0;
    stream->time_base = media::kMilliseconds;
    stream->avg_frame_rate = source->avg_frame_rate;
    media::AvOptions options;
    options.set("cluster_time_limit", "500");
    check(avformat_write_header(format, options.get()));
  }

  void run(std::uint64_t frames) {
    std::uint64_t copied = 0;
    if (frames > 0) {
      for_each_packet(*input_, [&](AVPacket& packet) {
        av_packet_rescale_ts(&packet, input_->streams[0]->time_base,
                             format_->streams[0]->time_base);
        packet.stream_index = 0;
        packet.pos = -1;
        check(av_write_frame(format_.get(), &packet));
        check(format_->pb->error);
        return ++copied < frames;
      });
    }
    check(av_write_trailer(format_.get()));
    format_->pb = nullptr;
    check(output_.close());
  }

 private:
  void check(int code) const {
    if (code >= 0) return;
    throw base::Error("The video " + to_.string() + " cannot be written: " +
                      media::av_reason(code) + "; make room on the disk.");
  }

  const fs::path to_;
  media::AvFile output_;
  Input input_;
  media::AvPtr<AVFormatContext> format_;
};

}  // namespace

std::vector<std::int64_t> video_times(const fs::path& file) {
  std::vector<std::int64_t> times;
  const auto input = open_video(file);
  if (input == nullptr) return times;
  for_each_packet(*input, [&](const AVPacket& packet) {
    times.push_back(
        av_rescale_q(packet.pts, input->streams[0]->time_base, media::kMilliseconds));
    return true;
  });
  return times;
}

std::optional<VideoFacts> video_facts(const fs::path& file) {
  const auto input = open_video(file);
  if (input == nullptr) return std::nullopt;
  const auto& codec = *input->streams[0]->codecpar;
  VideoFacts facts{.encoder = {}, .width = codec.width, .height = codec.height};
  switch (codec.codec_id) {
    case AV_CODEC_ID_H264:
      facts.encoder = "libx264";
      break;
    case AV_CODEC_ID_VP8:
      facts.encoder = "libvpx";
      break;
    default:
      facts.encoder = avcodec_get_name(codec.codec_id);
  }
  return facts;
}

void copy_video(const fs::path& from, const fs::path& to, std::uint64_t frames) {
  if (fs::exists(fs::symlink_status(to))) {
    throw base::Error("The file " + to.string() + " exists already; move it away.");
  }
  try {
    Copy(from, to).run(frames);
  } catch (...) {
    std::error_code code;
    fs::remove(to, code);
    throw;
  }
}

}  // namespace mien::sessions
