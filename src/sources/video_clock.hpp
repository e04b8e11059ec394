#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "mien/media/video_decoder.hpp"

namespace mien::sources {

/// The time of a video's pictures since its first one: the container's own, wherever that goes
/// forward.
class VideoClock {
 public:
  /// For the picture that `decoder` gave last. Each picture once, in order.
  std::chrono::nanoseconds place(const media::VideoDecoder& decoder) {
    using namespace std::chrono_literals;
    const auto told = decoder.time();
    if (!last_) {
      start_ = told.value_or(0ns);
      last_ = 0ns;
      step_ = decoder.duration();
      return *last_;
    }
    auto time = *last_ + step_;
    if (told) {
      const auto placed = *told - start_;
      // Where programmes were joined, the clock starts anew. Forward FFmpeg takes the same
      // measure; a step back of more than three frames is a new clock, not disorder.
      const bool jumped =
          placed < *last_ - std::max<std::chrono::nanoseconds>(3 * step_, 100ms) ||
          (decoder.clock_may_jump() && placed > *last_ + 10s);
      if (jumped) {
        start_ = *told - time;
      } else {
        // Two pictures at one time cannot be told apart later.
        time = std::max<std::chrono::nanoseconds>(placed, *last_ + 1us);
      }
    }
    last_ = time;
    step_ = decoder.duration();
    return time;
  }

 private:
  std::chrono::nanoseconds start_{0};  ///< the first picture's on the container's clock
  std::optional<std::chrono::nanoseconds> last_;
  std::chrono::nanoseconds step_{0};
};

}  // namespace mien::sources
