#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

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
  /// of video_encoders(). Throws Error; nothing may exist at `file`.partial.
  VideoWriter(std::filesystem::path file, cv::Size size, double fps,
              const std::string& encoder);
  /// Closes; errors are lost here.
  ~VideoWriter();
  VideoWriter(const VideoWriter&) = delete;
  VideoWriter& operator=(const VideoWriter&) = delete;

  /// `bgr`: 8-bit, of the size given. `milliseconds` must rise from call to call. Throws Error,
  /// for a full disk too.
  void write(const cv::Mat& bgr, std::int64_t milliseconds);

  /// Flushes the encoder, finishes the file and gives it its name. Throws Error when the end
  /// could not be written; the file has its name and plays as far as it goes even then. Twice
  /// is once.
  void close();

  const std::string& encoder() const;
  cv::Size size() const;  ///< as encoded, even
  std::uintmax_t bytes_written() const;

 private:
  class Stream;
  std::unique_ptr<Stream> stream_;
};

}  // namespace mien
