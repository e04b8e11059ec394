#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/face.hpp"
#include "mien/models/model_library.hpp"
#include "mien/models/model_worker.hpp"

namespace mien::faces {

/// What a detector may use of a stream besides the picture.
struct StreamMoment {
  std::chrono::nanoseconds time{0};  ///< the picture's
  std::vector<base::Face> expected;  ///< faces found before, where they are thought to be in it
  bool live = false;  ///< time is short: what is far or small may be found a few pictures later
};

/// Finds faces in a picture. Belongs to one thread (a cv::dnn::Net does).
class FaceDetector {
 public:
  virtual ~FaceDetector() = default;

  virtual const std::string& id() const = 0;

  /// The faces of an 8-bit BGR picture of any size, most confident first, boxes in its pixels.
  /// An empty list when there is none. Does not write into the picture.
  virtual std::vector<base::Face> detect(const cv::Mat& bgr) = 0;

  /// The faces of a stream's next picture, as detect() returns them, at less cost: a detector
  /// may spread its search over several pictures and look only where it expects someone in
  /// between. The same pictures and moments give the same faces. Unless overridden: detect().
  virtual std::vector<base::Face> detect_next(const cv::Mat& bgr, const StreamMoment& moment);

  /// The next picture belongs to another stream.
  virtual void forget_stream() {}
};

/// A detector that can be chosen.
struct DetectorInfo {
  std::string id;
  std::string name;         ///< for the menu: "Near (BlazeFace)"
  std::string description;  ///< one line
  std::string license;      ///< SPDX
};

/// The detector that is used when none is asked for.
inline constexpr const char* kDefaultDetector = "auto";

/// The detectors that the program brings, and one for every usable card of task "face" in the
/// library. In menu order.
std::vector<DetectorInfo> list_detectors(const models::ModelLibrary& library);

/// Loads one, weights verified. One that the program does not bring (is_shipped()) runs in a
/// process of its own (mien/models/model_process.hpp says how, and when it throws
/// ModelProcessEnded). Throws Error; for an unknown id it lists the known ones.
std::unique_ptr<FaceDetector> make_detector(const std::string& id,
                                            const models::ModelLibrary& library);

/// For model workers: the detector of a card as numbers for a picture.
models::ServedModel serve_detector(const models::ModelCard& card);

}  // namespace mien::faces
