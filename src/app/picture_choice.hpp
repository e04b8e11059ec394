#pragma once

#include <chrono>

#include "mien/base/reading.hpp"

namespace mien {

/// What the screen shows: a picture, and readings over it.
struct PictureChoice {
  FramePtr frame;             ///< null: nothing yet
  AnalyzedFramePtr analysis;  ///< null: none that belongs to this source
  float strength = 1;         ///< of the readings, fading as they age
};

/// Decides which picture the screen shows. While analysis keeps up (it is at most one frame
/// behind the newest) that is the analysed frame with its own boxes, so they sit exactly. When
/// it falls behind it is the newest frame with the latest readings. Time never goes back.
///
/// One thread.
class PictureChooser {
 public:
  using Clock = std::chrono::steady_clock;

  /// `live`: the source's frames come at their own time; those of a file wait for the analysis.
  PictureChoice choose(FramePtr newest, AnalyzedFramePtr analysis, bool live,
                       Clock::time_point now);

 private:
  bool keeps_up(const Frame& newest, const AnalyzedFrame& analysis, bool live,
                Clock::time_point now);

  FramePtr last_;
  Clock::time_point behind_until_{};
};

/// How strongly readings of that age are drawn, 0..1.
float strength_at(std::chrono::duration<float> age);

}  // namespace mien
