#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <opencv2/core.hpp>

namespace mien::media {

/// Decodes the pictures of a video file or a network stream, one after the other, each as a
/// player shows it: with the container's own presentation time, of its own size, upright, with
/// square pixels, transparent parts on white. One thread, but for `give_up`.
class VideoDecoder {
 public:
  struct Options {
    /// How long opening may take, and how long the next packet may keep it waiting; 0: for
    /// ever.
    std::chrono::milliseconds open_timeout{0};
    std::chrono::milliseconds read_timeout{0};
    /// When it turns true, in any thread, opening and reading end soon. May be null; must
    /// outlive the decoder.
    const std::atomic<bool>* give_up = nullptr;
    /// Of the network: addresses are opened instead of files, and its errors are told apart.
    bool network = false;
    /// FFmpeg's name of the only container that is taken; null: any. A file from a stranger can
    /// otherwise be a list of other files.
    const char* format = nullptr;
    /// Pictures with more pixels are not decoded; 0: as FFmpeg sees fit.
    std::int64_t most_pixels = 0;
  };

  /// Why it could not be opened, or not be read on.
  enum class Trouble {
    none,
    unreadable,    ///< no format that is known, or nothing that can be decoded
    no_video,      ///< sound, for example
    cover_only,    ///< sound with a cover picture
    timed_out,     ///< nothing came in time
    given_up,      ///< by Options::give_up
    unreachable,   ///< nobody answers
    unauthorized,  ///< HTTP 401 and the like
    forbidden,     ///< 403
    not_found,     ///< 404
    refused,       ///< another 4xx, or 5xx
    web_page,      ///< HTML, of a login perhaps
    broken,        ///< reading failed: the disk, the line
  };
  struct Failure {
    Trouble trouble = Trouble::none;
    std::string reason;  ///< the library's words
  };

  /// Throws Failure.
  VideoDecoder(const std::string& path_or_url, const Options& options);
  ~VideoDecoder();
  VideoDecoder(const VideoDecoder&) = delete;
  VideoDecoder& operator=(const VideoDecoder&) = delete;

  /// Decodes the next picture without converting it. False at the end, and when the source
  /// cannot be read on: trouble() tells. What does not decode is passed over and counted.
  bool next();

  /// Of the picture that next() gave, as the container says; none when it says nothing. Of the
  /// container's own clock, which need not start at zero.
  std::optional<std::chrono::nanoseconds> time() const;
  /// How long the picture is shown, as far as known; else one frame at the nominal rate, at 25
  /// frames a second when that is not known either.
  std::chrono::nanoseconds duration() const;
  /// The picture, 8-bit BGR, converted afresh. Throws Error when there is no memory for it.
  cv::Mat picture();
  /// Of the picture, upright and square. Before the first one: as announced.
  cv::Size size() const;

  /// Goes to the last key frame at or before that time on the container's clock. False when the
  /// container cannot.
  bool seek(std::chrono::nanoseconds time);

  const std::string& codec() const;  ///< "h264", "mjpeg"
  double fps() const;                ///< nominal; 0 when unknown
  /// As the container says, or from its length and rate; none for a live stream.
  std::optional<std::int64_t> frame_count() const;
  /// Length as the container's header says; none when it does not.
  std::optional<std::chrono::nanoseconds> length() const;
  /// Has an end: not a live stream.
  bool finite() const;
  /// Its clock may jump, in either direction, where programmes were joined (MPEG-TS).
  bool clock_may_jump() const;

  Trouble trouble() const;            ///< that ended it; none at a regular end
  std::uint64_t pictures() const;     ///< given so far
  std::uint64_t damaged() const;      ///< given with errors in them
  std::uint64_t undecodable() const;  ///< packets that gave no picture
  /// Once next() has given false: the container announces more than could be read of it.
  bool ended_early() const;

 private:
  class Stream;
  std::unique_ptr<Stream> stream_;
};

}  // namespace mien::media
