#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

namespace mien::media {

// For rooms that link FFmpeg: no other header of this program includes it.

/// The unit of the times that mien writes.
inline constexpr AVRational kMilliseconds = {1, 1000};

/// How long a decoded frame is shown, in the stream's time base; 0 if unknown.
inline std::int64_t frame_duration(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
  return frame.duration;
#else
  return frame.pkt_duration;
#endif
}

/// A stream's side data of a kind; empty if it has none. It belongs to the stream.
inline std::span<const std::uint8_t> side_data(const AVStream& stream,
                                               AVPacketSideDataType type) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  const auto& parameters = *stream.codecpar;
  const auto* data =
      av_packet_side_data_get(parameters.coded_side_data, parameters.nb_coded_side_data, type);
  if (data == nullptr) return {};
  return {data->data, data->size};
#else
  std::size_t size = 0;
  const auto* data = av_stream_get_side_data(&stream, type, &size);
  return {data, data != nullptr ? size : 0};
#endif
}

/// Owners of FFmpeg's objects: each deleter is the function that FFmpeg asks for.
struct AvDeleter {
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
  void operator()(AVFormatContext* format) const {
    const bool own_file = (format->flags & AVFMT_FLAG_CUSTOM_IO) == 0;
    if (own_file && format->pb != nullptr) avio_closep(&format->pb);
    avformat_free_context(format);
  }
};
/// For one that was opened for reading, or that failed to open half-way.
struct AvInputDeleter {
  void operator()(AVFormatContext* format) const { avformat_close_input(&format); }
};
template <typename T>
using AvPtr = std::unique_ptr<T, AvDeleter>;
using AvInput = std::unique_ptr<AVFormatContext, AvInputDeleter>;

/// Options for one FFmpeg object; what it did not take stays in here.
class AvOptions {
 public:
  AvOptions() = default;
  ~AvOptions() { av_dict_free(&dictionary_); }
  AvOptions(const AvOptions&) = delete;
  AvOptions& operator=(const AvOptions&) = delete;

  void set(const char* key, const char* value) { av_dict_set(&dictionary_, key, value, 0); }
  AVDictionary** get() { return &dictionary_; }
  /// The first option that was not taken; empty when all were.
  std::string left_over() const {
    const auto* entry = av_dict_get(dictionary_, "", nullptr, AV_DICT_IGNORE_SUFFIX);
    return entry != nullptr ? entry->key : "";
  }

 private:
  AVDictionary* dictionary_ = nullptr;
};

/// FFmpeg's words for an error code.
inline std::string av_reason(int code) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(code, text, sizeof text);
  return text;
}

}  // namespace mien::media
