#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/face.hpp"

namespace mien::faces {

/// Gives each face of a frame the number of the person it belongs to: 1, 2, ... in order of
/// appearance, never given twice. One thread.
///
/// Each person is expected where their speed takes them (constant velocity, fading while they
/// are not seen). A face's cost for a person grows with its distance from there, with how
/// little the boxes overlap, with the change of size and, when the picture is given, with how
/// different it looks; the assignment with the smallest sum wins (the Hungarian method, as in
/// SORT: Bewley et al., "Simple Online and Realtime Tracking", 2016). Someone who is not seen
/// keeps the number for two seconds, for half a second after walking out of the picture. A face
/// that looks like somebody else is somebody else, wherever it is: a video may have been cut.
/// When no picture comes at all for up to ten seconds, everyone keeps the number.
class Tracker {
 public:
  Tracker();
  ~Tracker();
  Tracker(Tracker&&) noexcept;
  Tracker& operator=(Tracker&&) noexcept;

  /// One number for each face, in their order. `time` is the frame's. `bgr`, the picture, tells
  /// people who cross apart, and where its edges are; empty: by boxes alone. A clock that jumps
  /// back by more than half a second starts anew, with fresh numbers, and so does one that
  /// jumps forward by more than ten seconds; less than that back counts as no time. Pictures of
  /// another size than before show the same scene in other pixels.
  std::vector<int> update(const std::vector<base::Face>& faces, std::chrono::nanoseconds time,
                          const cv::Mat& bgr = {});

  /// Faces whose people are known, since something else followed them: `people[i]` is now at
  /// `faces[i]`.
  void follow(const std::vector<int>& people, const std::vector<base::Face>& faces,
              std::chrono::nanoseconds time);

  /// The next picture comes from the same camera, opened anew, whose clock starts anew as well:
  /// whoever is still there keeps the number.
  void bridge();

  /// Forgets everyone; numbers go on.
  void reset();

  /// How many people are remembered, seen or not.
  std::size_t remembered() const;

 private:
  struct Track;
  void advance_to(std::chrono::nanoseconds time);
  void rescale_to(cv::Size picture);

  std::vector<Track> tracks_;
  std::chrono::nanoseconds last_time_{0};
  cv::Size picture_;  ///< of the last one
  bool bridging_ = false;
  int next_person_ = 1;
};

}  // namespace mien::faces
