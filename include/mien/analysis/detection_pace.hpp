#pragma once

#include <chrono>
#include <optional>

namespace mien::analysis {

/// Decides which frames the detector looks at; on the others, boxes follow the faces. No
/// threads.
class DetectionPace {
 public:
  /// Every n-th frame: 1 is every frame, 0 as the machine's load asks for.
  ///
  /// By load: so many that detection takes a tenth of the time between frames on average, but
  /// at least five detections a second (a new face is boxed within 200 ms), and every frame
  /// when following costs as much as detecting.
  /// While faces are followed by their meshes (by_mesh()), which know a face from its
  /// background and cost nothing beside being measured: a thirtieth of the time, and at least
  /// five detections a second all the same, for whoever is new.
  explicit DetectionPace(int every = 1);

  int every() const { return every_; }
  /// In use: `every()`, or what the load asks for now.
  int current() const;

  /// Whether the frame of this time is the detector's.
  bool due(std::chrono::nanoseconds time);
  void detected(double milliseconds);
  void followed(double milliseconds);
  void followed_by_mesh();
  /// Whether every face has a mesh that can follow it.
  void by_mesh(bool able) { by_mesh_ = able; }
  /// The next frame is the detector's.
  void detect_next();

 private:
  int every_;
  bool by_mesh_ = false;
  int since_detection_ = 0;  ///< frames; 0: none yet
  std::optional<std::chrono::nanoseconds> last_time_;
  // Running means, milliseconds; 0: not measured yet.
  double interval_ = 0;
  double detect_ = 0;
  double follow_ = 0;
};

}  // namespace mien::analysis
