#pragma once

#include <chrono>
#include <vector>

#include "mien/base/face.hpp"

namespace mien {

/// Gives each face of a frame the number of the person it belongs to: 1, 2, ... in order of
/// appearance, never given twice. One thread.
class Tracker {
 public:
  /// One number for each face, in their order. `time` is the frame's; a clock that jumps back
  /// starts anew, with fresh numbers.
  std::vector<int> update(const std::vector<Face>& faces, std::chrono::nanoseconds time);

  /// Forgets everyone; numbers go on.
  void reset();

 private:
  struct Track {
    int person = 0;
    cv::Rect2f box;
    std::chrono::nanoseconds seen{0};
  };
  std::vector<Track> tracks_;
  std::chrono::nanoseconds last_time_{0};
  int next_person_ = 1;
};

}  // namespace mien
