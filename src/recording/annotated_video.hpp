#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/reading.hpp"
#include "mien/overlay/annotated_picture.hpp"

#include "video_writer.hpp"

namespace mien::recording {

/// The session's video: makes every picture fit the first one, hides faces, paints the overlay
/// and encodes. One thread.
class AnnotatedVideo {
 public:
  struct Options {
    std::filesystem::path file;
    double fps = 0;       ///< about; 0 when unknown
    std::string encoder;  ///< empty: the best
    bool bars = true;
    overlay::MeshStyle mesh = overlay::MeshStyle::off;
    bool pose_axes = false;
    std::function<void()> make_room;  ///< see VideoWriter
  };
  /// Throws Error when the font cannot be read or the encoder is not there.
  explicit AnnotatedVideo(Options options);

  /// `hidden`: what of the picture must not be recognised, in source pixels. `names`: those
  /// that people were given; an empty one was taken back. True for the first picture, with
  /// which the file is made. Throws Error.
  bool write(const base::AnalyzedFrame& frame, std::int64_t milliseconds,
             const std::vector<cv::Rect2f>& hidden, const std::map<int, std::string>& names);
  /// Before the first picture: where the video is to be made after all.
  void move_to(std::filesystem::path file) { options_.file = std::move(file); }
  void close() {
    if (video_) video_->close();
  }

  /// Null before the first picture.
  const VideoWriter* video() const { return video_.get(); }

 private:
  Options options_;
  overlay::AnnotatedPicture picture_;
  std::unique_ptr<VideoWriter> video_;
  cv::Size size_;
};

}  // namespace mien::recording
