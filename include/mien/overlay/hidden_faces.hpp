#pragma once

#include <chrono>
#include <deque>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/reading.hpp"

namespace mien::overlay {

/// Where faces are, and are likely to be, in frames that are to be made unrecognisable: a
/// detector that misses a face for a moment must not show it. One thread.
class HiddenFaces {
 public:
  /// Somebody is hidden where they were last seen for this long after it, and where they are
  /// first seen for kHideBefore before it.
  static constexpr std::chrono::milliseconds kHideAfter{1000};
  static constexpr std::chrono::milliseconds kHideBefore{330};

  /// A frame that will be asked for, or lies within kHideBefore of one. `oldest`: the one
  /// before it that is still to be asked for, if any; what matters for it is kept.
  void add(const base::AnalyzedFrame& frame, const base::AnalyzedFrame* oldest = nullptr);

  /// In source pixels, enlarged by a quarter of their size on every side.
  std::vector<cv::Rect2f> in(const base::AnalyzedFrame& frame) const;

 private:
  struct Sighting {
    std::uint64_t source = 0;
    std::chrono::nanoseconds time{0};
    int person = 0;
    cv::Rect2f box;
  };
  std::deque<Sighting> sightings_;
};

/// Replaces what is in `box` by four blocks across it; nothing finer is left.
void pixelate(cv::Mat& bgr, const cv::Rect2f& box);

}  // namespace mien::overlay
