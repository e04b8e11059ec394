#pragma once

#include <memory>

#include "mien/base/reading.hpp"
#include "mien/emotions/emotion_model.hpp"
#include "mien/emotions/smoothing.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/faces/tracker.hpp"

namespace mien {

/// Detects, tracks, classifies and smooths. No threads of its own; belongs to one. The window
/// and `mien analyze` run the same one.
class Analyzer {
 public:
  /// Neither may be null.
  Analyzer(std::unique_ptr<FaceDetector> detector, std::unique_ptr<EmotionModel> model);

  /// Reads every face of the frame. May throw cv::Exception or Error; the analyzer stays
  /// usable.
  AnalyzedFramePtr analyze(FramePtr frame);

  void use(std::unique_ptr<FaceDetector> detector);
  void use(std::unique_ptr<EmotionModel> model);  ///< people keep their numbers

  /// Another source: everyone is forgotten.
  void reset();

  const FaceDetector& detector() const { return *detector_; }
  const EmotionModel& model() const { return *model_; }

 private:
  std::unique_ptr<FaceDetector> detector_;
  std::unique_ptr<EmotionModel> model_;
  std::shared_ptr<const std::vector<std::string>> labels_;
  Tracker tracker_;
  Smoother smoother_;
  std::uint64_t source_ = 0;
};

}  // namespace mien
