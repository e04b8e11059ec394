#include "mien/analysis/analyzer.hpp"

#include <algorithm>
#include <chrono>

#include "mien/base/error.hpp"
#include "mien/faces/face_align.hpp"

namespace mien {
namespace {

/// Adds the time since its making to a figure, in milliseconds.
class Stopwatch {
 public:
  explicit Stopwatch(double& milliseconds) : milliseconds_(milliseconds) {}
  ~Stopwatch() {
    milliseconds_ +=
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_)
            .count();
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  double& milliseconds_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

Analyzer::Analyzer(std::unique_ptr<FaceDetector> detector,
                   std::unique_ptr<EmotionModel> model) {
  use(std::move(detector));
  use(std::move(model));
}

void Analyzer::use(std::unique_ptr<FaceDetector> detector) {
  if (!detector) throw Error("The analyzer needs a face detector; choose one.");
  detector_ = std::move(detector);
}

void Analyzer::use(std::unique_ptr<EmotionModel> model) {
  if (!model) throw Error("The analyzer needs an expression model; choose one.");
  model_ = std::move(model);
  labels_ = std::make_shared<const std::vector<std::string>>(model_->card().labels);
  // Averages over another model's labels would be nonsense.
  smoother_.reset();
}

void Analyzer::reset() {
  tracker_.reset();
  smoother_.reset();
  ++source_;
}

AnalyzedFramePtr Analyzer::analyze(FramePtr frame) {
  auto result = std::make_shared<AnalyzedFrame>();
  result->frame = std::move(frame);
  result->labels = labels_;
  result->source = source_;
  result->model_id = model_->card().id;
  result->detector_id = detector_->id();
  const cv::Mat& image = result->frame->image;
  const auto time = result->frame->time;
  {
    const Stopwatch total(result->times.total);
    std::vector<Face> faces;
    {
      const Stopwatch watch(result->times.detect);
      faces = detector_->detect(image);
    }
    const std::vector<int> people = tracker_.update(faces, time);

    const ModelCard& card = model_->card();
    const int side = std::max(card.input.width, card.input.height);
    for (std::size_t i = 0; i < faces.size(); ++i) {
      FaceReading reading;
      reading.face = faces[i];
      reading.person = people[i];
      cv::Mat crop;
      {
        const Stopwatch watch(result->times.align);
        crop = align_face(image, faces[i], card.crop, side);
      }
      {
        const Stopwatch watch(result->times.classify);
        reading.raw = model_->classify(crop);
      }
      reading.smoothed = smoother_.update(reading.person, reading.raw, time);
      reading.verdict = judge(reading.smoothed);
      reading.valence = valence(reading.smoothed, *labels_);
      result->readings.push_back(std::move(reading));
    }
    smoother_.forget_absent(time);
  }
  return result;
}

}  // namespace mien
