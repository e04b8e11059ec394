#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/reading.hpp"
#include "mien/overlay/hidden_faces.hpp"

namespace mien::overlay {

/// Frames that nobody may see before it is known who was in them: who is found in a moment was
/// there before. Each waits until frames have come that were taken HiddenFaces::kHideBefore
/// later, or kMost others wait. Time that passes without frames releases none, since the next
/// one may be under way for long. One thread.
class DelayedFrames {
 public:
  /// Bounds the memory: those of kHideBefore at 120 frames a second. They are shared with
  /// whoever else keeps them; 40 of 960x540 pixels take 60 MB, of 1920x1080 250 MB. Faster
  /// sources have their frames released sooner than kHideBefore.
  static constexpr std::size_t kMost = 40;

  struct Ready {
    base::AnalyzedFrame frame;
    std::vector<cv::Rect2f> hidden;  ///< as HiddenFaces::in()
  };

  /// The next frame. Another source, or a time before the last one's, releases all before it.
  void add(const base::AnalyzedFrame& frame);
  /// A frame that is not wanted itself; its picture may be gone.
  void miss(const base::AnalyzedFrame& frame);
  /// Those that wait are not wanted any more.
  void drop();
  /// The source has ended: nobody is found any more, and all that wait are ready.
  void end();
  /// The oldest frame when it is ready, once. To be asked until there is none.
  std::optional<Ready> next();

 private:
  HiddenFaces faces_;
  std::deque<base::AnalyzedFrame> waiting_;
  std::size_t released_ = 0;  ///< of those in front
};

}  // namespace mien::overlay
