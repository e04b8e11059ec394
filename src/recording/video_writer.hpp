#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include <opencv2/core.hpp>

namespace mien {

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
  /// lack the last pictures: half a second of them. Twice is once.
  void close();

  const std::string& encoder() const;
  cv::Size size() const;  ///< as encoded, even
  /// Whether room had to be made: all is written so far, and it is time to close.
  bool disk_is_full() const;
  int descriptor() const;  ///< of the file, for fdatasync(2); -1 once closed
  std::uintmax_t bytes_written() const;

 private:
  class Stream;
  std::unique_ptr<Stream> stream_;
};

}  // namespace mien
