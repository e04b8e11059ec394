#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include <opencv2/core.hpp>

#include "mien/media/av_file.hpp"
#include "mien/media/av_handles.hpp"

namespace mien::recording {

/// Encodes pictures into a Matroska file whose timestamps are the pictures' own, in
/// milliseconds, at whatever rate they come.
///
/// Writes `file`.partial and renames it when closed. What was written before a crash stays
/// playable: clusters are short and every packet is flushed to the file. One thread.
class VideoWriter {
 public:
  /// `size`: of every picture to come; a size that is odd gets its last column or row repeated
  /// once, because 4:2:0 video is even. `fps`: about how many pictures a second, for the
  /// encoder's rate control only. `encoder`: an FFmpeg name, or empty for the first that works
  /// of video_encoders(). `make_room` is called once when the disk is full: what it frees keeps
  /// the picture that came last. Throws Error; nothing may exist at `file`.partial.
  VideoWriter(std::filesystem::path file, cv::Size size, double fps, const std::string& encoder,
              std::function<void()> make_room = {});
  /// Closes; errors are lost here.
  ~VideoWriter();
  VideoWriter(const VideoWriter&) = delete;
  VideoWriter& operator=(const VideoWriter&) = delete;

  /// `bgr`: 8-bit, of the size given. `milliseconds` must rise from call to call. Throws Error,
  /// for a full disk too.
  void write(const cv::Mat& bgr, std::int64_t milliseconds);

  /// Flushes the encoder, finishes the file and gives it its name. Throws Error when the end
  /// could not be written; the file has its name and plays as far as it goes even then, but may
  /// lack the last pictures: half a second of them. Idempotent.
  void close();

  const std::string& encoder() const { return encoder_; }
  cv::Size size() const { return size_; }  ///< as encoded, even
  /// Whether room had to be made: all is written so far, and it is time to close.
  bool disk_is_full() const { return output_->was_full(); }
  /// To sync it; not valid once closed.
  const system::FileHandle& handle() const { return output_->handle(); }
  std::uintmax_t bytes_written() const { return std::max(bytes_, position()); }

 private:
  [[noreturn]] void fail(const std::string& reason) const;
  void check(int code) const;
  std::uintmax_t position() const;
  void open_encoder(double fps, const std::string& requested);
  void open_file();
  void convert(const cv::Mat& bgr);
  /// Null drains the encoder.
  void encode(const AVFrame* frame);

  const std::filesystem::path file_;
  const std::filesystem::path partial_;
  const cv::Size picture_size_;
  const cv::Size size_;
  std::function<void()> make_room_;
  std::string encoder_;
  std::unique_ptr<media::AvFile> output_;
  media::AvPtr<AVCodecContext> context_;
  media::AvPtr<AVFormatContext> format_;
  AVStream* stream_ = nullptr;  ///< the format's
  media::AvPtr<AVFrame> frame_;
  media::AvPtr<AVPacket> packet_;
  media::AvPtr<SwsContext> scaler_;
  cv::Mat padded_;
  std::int64_t good_ = 0;  ///< bytes of the file that are whole
  bool failed_ = false;    ///< what follows them is not
  std::string problem_;
  std::uintmax_t bytes_ = 0;
  bool closed_ = false;
};

}  // namespace mien::recording
