#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "mien/analysis/detection_pace.hpp"
#include "mien/base/reading.hpp"
#include "mien/emotions/certainty.hpp"
#include "mien/emotions/emotion_model.hpp"
#include "mien/emotions/face_views.hpp"
#include "mien/emotions/neutral_baseline.hpp"
#include "mien/emotions/picture_quality.hpp"
#include "mien/emotions/smoothing.hpp"
#include "mien/faces/face_detector.hpp"
#include "mien/faces/face_follower.hpp"
#include "mien/faces/tracker.hpp"
#include "mien/movements/movement_reader.hpp"

namespace mien::analysis {

struct AnalyzerOptions {
  /// The detector looks at every n-th frame, and boxes follow the faces in between: by their
  /// meshes while every face is measured in every frame and has one, else by optical flow. A
  /// face that is lost brings the detector back at once. 1: every frame, the same result every
  /// time. 0: as the load asks for (DetectionPace).
  int detect_every = 1;
  /// Time is short: the detector may find who is far or small some frames later, and from the
  /// second frame on a face is looked at in one view a frame (emotions::FaceViews), in all of
  /// them while fewer than eight frames a second come and none is lost.
  bool live = false;
};

/// Detects, tracks, classifies, corrects for resting faces, smooths and judges; and measures
/// the faces' shapes when it is given something to do so with. No threads of its own; belongs
/// to one. The window and `mien analyze` run the same one.
class Analyzer {
 public:
  /// Neither may be null. Shared, so that one detector and one model can serve an analyzer for
  /// each input in turn; they still belong to the analyzer's thread.
  Analyzer(std::shared_ptr<faces::FaceDetector> detector,
           std::shared_ptr<emotions::EmotionModel> model, AnalyzerOptions options = {});

  /// Reads every face of the frame. May throw cv::Exception or Error; the analyzer stays
  /// usable.
  base::AnalyzedFramePtr analyze(base::FramePtr frame);

  void use(std::shared_ptr<faces::FaceDetector> detector);
  void use(std::shared_ptr<emotions::EmotionModel> model);  ///< people keep their numbers
  /// From the next frame on each reading has its geometry; null: none has, and no time is spent
  /// on it. Begins anew: nobody's blinks and neutral face are known.
  void use(std::shared_ptr<movements::MovementReader> movements);
  /// How far apart the frames are whose faces are measured, at least; readings of those between
  /// have no geometry, and are judged by the newest one of the last 0.2 s. 0, as at first:
  /// every frame. kNeverMeasured: none, though the reader is kept.
  void measure_every(std::chrono::nanoseconds interval) { measure_every_ = interval; }
  static constexpr std::chrono::nanoseconds kNeverMeasured = std::chrono::nanoseconds::max();

  /// "Set neutral": the resting faces for which the next readings are corrected.
  emotions::NeutralBaselines& baselines() { return baselines_; }
  const emotions::NeutralBaselines& baselines() const { return baselines_; }
  /// Null when faces are not measured. Its neutral faces are "Set neutral" for movements.
  movements::MovementReader* movements() { return movements_.get(); }

  /// Another source: everyone is forgotten.
  void reset();
  /// The same camera, opened anew within seconds: whoever is still there keeps the number and
  /// the resting face.
  void reconnect();

  /// How many people are remembered in all, in all stages together: bounded, whoever comes and
  /// goes.
  std::size_t remembered() const;

  const faces::FaceDetector& detector() const { return *detector_; }
  const emotions::EmotionModel& model() const { return *model_; }

 private:
  void forget_people();
  enum class Found {
    by_detector,
    by_flow,
    by_mesh,  ///< and measured by that
  };
  Found find_faces(base::AnalyzedFrame& result);
  /// False when a face has lost its mesh, with the readings that were measured until then.
  bool follow_by_mesh(base::AnalyzedFrame& result);
  /// Those that have not been, if it is time for it.
  void measure_faces(base::AnalyzedFrame& result, Found found);
  emotions::ModelAnswer look_at(base::AnalyzedFrame& result, const base::FaceReading& reading);
  void read_face(base::AnalyzedFrame& result, base::FaceReading& reading);
  bool measuring_due(std::chrono::nanoseconds time);
  void measure_face(base::AnalyzedFrame& result, base::FaceReading& reading);
  std::optional<emotions::FaceShape> shape_now(int person, std::chrono::nanoseconds time) const;

  std::shared_ptr<faces::FaceDetector> detector_;
  std::shared_ptr<emotions::EmotionModel> model_;
  std::shared_ptr<movements::MovementReader> movements_;  ///< may be null
  std::chrono::nanoseconds measure_every_{0};
  std::optional<std::chrono::nanoseconds> measured_;  ///< the newest frame that was
  struct MeasuredShape {
    emotions::FaceShape shape;
    std::chrono::nanoseconds time{0};
  };
  std::unordered_map<int, MeasuredShape> shapes_;  ///< everybody's newest
  std::shared_ptr<const std::vector<std::string>> labels_;
  DetectionPace pace_;
  bool live_;
  faces::FaceFollower follower_;
  /// A face as it was detected, and its mesh then.
  struct Anchor {
    base::Face face;
    base::FaceMesh mesh;
  };
  std::vector<Anchor> anchors_;  ///< of the newest faces; empty: they are not followed by mesh
  faces::Tracker tracker_;
  std::vector<int> people_;  ///< of the newest faces
  struct Place {
    std::uint64_t sequence = 0;
    std::chrono::nanoseconds time{0};
  };
  std::optional<Place> last_;      ///< the newest frame's
  bool hurried_ = false;           ///< more frames follow the newest one soon
  bool hurried_views_ = false;     ///< so soon that a face's views are spread over them
  std::vector<base::Face> faces_;  ///< the newest: where the detector may expect them again
  emotions::NeutralBaselines baselines_;
  emotions::FaceViews views_;
  emotions::Smoother smoother_;
  emotions::Smoother
      measures_;  ///< of what the model gives beside the labels: covered, distance
  emotions::CertaintyRules rules_;
  emotions::SteadyVerdicts verdicts_;
  std::uint64_t source_ = 0;
};

}  // namespace mien::analysis
