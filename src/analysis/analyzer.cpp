#include "mien/analysis/analyzer.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/emotions/picture_quality.hpp"
#include "mien/emotions/signals.hpp"
#include "mien/faces/face_align.hpp"
#include "mien/faces/overlap.hpp"
#include "mien/movements/mesh_following.hpp"

namespace mien::analysis {
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

// Pictures further apart than this are searched as if each stood alone.
constexpr std::chrono::milliseconds kSlowSource{500};
// A face that was measured is judged by it for so long; later, its head is held otherwise.
constexpr std::chrono::milliseconds kShapeHolds{200};

// Two boxes that share so much may have become one face's.
constexpr float kSameFace = 0.4F;

bool two_on_one_face(const std::vector<base::FaceReading>& readings) {
  for (std::size_t i = 0; i < readings.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const float shared =
          faces::intersection_over_union(readings[i].face.box, readings[j].face.box);
      if (shared > kSameFace) return true;
    }
  }
  return false;
}

// Learning someone's resting face needs a good picture of it, whatever the model makes of it.
bool good_picture(const emotions::PictureQuality& quality,
                  const emotions::CertaintyRules& rules) {
  return emotions::judge({1}, quality, rules).sure();
}

}  // namespace

Analyzer::Analyzer(std::shared_ptr<faces::FaceDetector> detector,
                   std::shared_ptr<emotions::EmotionModel> model, AnalyzerOptions options)
    : pace_(options.detect_every), live_(options.live) {
  use(std::move(detector));
  use(std::move(model));
}

void Analyzer::use(std::shared_ptr<faces::FaceDetector> detector) {
  if (!detector) throw base::Error("The analyzer needs a face detector; choose one.");
  detector_ = std::move(detector);
  detector_->forget_stream();
  // Its boxes and its speed are its own.
  follower_.reset();
  anchors_.clear();
  faces_.clear();
  last_.reset();
  pace_ = DetectionPace(pace_.every());
}

void Analyzer::use(std::shared_ptr<emotions::EmotionModel> model) {
  if (!model) throw base::Error("The analyzer needs an expression model; choose one.");
  model_ = std::move(model);
  labels_ = std::make_shared<const std::vector<std::string>>(model_->card().labels);
  baselines_.use_model(emotions::baseline_model(model_->card()), *labels_);
  // Averages over another model's labels would be nonsense.
  views_ = emotions::FaceViews(model_->card().crop.views.size());
  smoother_.reset();
  measures_.reset();
  rules_ = emotions::rules_for(model_->card());
  verdicts_ = emotions::SteadyVerdicts(rules_);
}

void Analyzer::use(std::shared_ptr<movements::MovementReader> movements) {
  movements_ = std::move(movements);
  measured_.reset();
  anchors_.clear();
  shapes_.clear();
  if (movements_) movements_->reset();
}

void Analyzer::reset() {
  forget_people();
  ++source_;
}

void Analyzer::forget_people() {
  pace_.detect_next();
  detector_->forget_stream();
  faces_.clear();
  last_.reset();
  follower_.reset();
  anchors_.clear();
  tracker_.reset();
  people_.clear();
  baselines_.reset();
  views_.reset();
  smoother_.reset();
  measures_.reset();
  verdicts_.reset();
  measured_.reset();
  shapes_.clear();
  if (movements_) movements_->reset();
}

void Analyzer::reconnect() {
  pace_.detect_next();
  follower_.reset();
  anchors_.clear();
  tracker_.bridge();
  views_.reset();
  smoother_.reset();
  measures_.reset();
  verdicts_.reset();
  measured_.reset();
  shapes_.clear();
  if (movements_) movements_->reconnect();
  ++source_;
}

std::size_t Analyzer::remembered() const {
  return tracker_.remembered() + baselines_.remembered() + views_.remembered() +
         smoother_.remembered() + measures_.remembered() + verdicts_.remembered() +
         shapes_.size() + (movements_ ? movements_->remembered() : 0);
}

base::AnalyzedFramePtr Analyzer::analyze(base::FramePtr frame) {
  auto result = std::make_shared<base::AnalyzedFrame>();
  result->frame = std::move(frame);
  result->labels = labels_;
  result->source = source_;
  result->model_id = model_->card().id;
  result->model_reading = model_->card().reading;
  result->detector_id = detector_->id();
  if (movements_) {
    result->landmarks_id = movements_->id();
    result->movements_id = movements_->network_id();
  }
  const auto time = result->frame->time;
  // A picture by itself has nothing to do with the one before it.
  if (result->frame->standalone) forget_people();
  {
    const Stopwatch total(result->times.total);
    measure_faces(*result, find_faces(*result));
    for (auto& reading : result->readings) read_face(*result, reading);
    views_.forget_absent(time);
    smoother_.forget_absent(time);
    measures_.forget_absent(time);
    verdicts_.forget_absent(time);
    baselines_.forget_absent(time);
    std::erase_if(shapes_, [&](const auto& entry) { return !shape_now(entry.first, time); });
    if (movements_) movements_->forget_absent(time);
  }
  return result;
}

Analyzer::Found Analyzer::find_faces(base::AnalyzedFrame& result) {
  const cv::Mat& image = result.frame->image;
  const auto time = result.frame->time;
  double& spent = result.times.detect;
  // The first picture of all, those of a source that shows few and loses none, such as a
  // folder's, and one that is read anew where a film stands still have nothing after them in
  // which more could be found.
  const bool follows = live_ && last_ && time > last_->time;
  const bool none_lost = follows && result.frame->sequence == last_->sequence + 1;
  hurried_ = follows && !(none_lost && time - last_->time >= kSlowSource);
  // A camera in the dark shows seven frames a second, too few to spread the views over them.
  hurried_views_ = follows && !(none_lost && time - last_->time > emotions::FaceViews::kHolds);
  last_ = Place{result.frame->sequence, time};
  std::optional<std::vector<base::Face>> faces;
  Found found = Found::by_flow;
  std::vector<base::FaceReading> measured;  // until one of them had lost its mesh
  if (!pace_.due(time)) {
    if (follow_by_mesh(result)) return Found::by_mesh;
    measured = std::exchange(result.readings, {});
    {
      const Stopwatch watch(spent);
      faces = follower_.follow(image);
    }
    if (faces) {
      pace_.followed(spent);
      tracker_.follow(people_, *faces, time);
    }
  }
  if (!faces) {
    double detecting = 0;
    {
      const Stopwatch watch(detecting);
      faces = detector_->detect_next(image, {time, faces_, hurried_});
    }
    pace_.detected(detecting);
    spent += detecting;
    people_ = tracker_.update(*faces, time, image);
    follower_.reset();  // measure_faces() says who follows
    found = Found::by_detector;
  }
  faces_ = *faces;
  for (std::size_t i = 0; i < faces->size(); ++i) {
    auto& reading = result.readings.emplace_back();
    reading.face = (*faces)[i];
    reading.person = people_[i];
    const auto before =
        std::find_if(measured.begin(), measured.end(), [&](const base::FaceReading& earlier) {
          return earlier.person == reading.person &&
                 earlier.geometry->doubt == base::MeshDoubt::none &&
                 faces::intersection_over_union(earlier.face.box, reading.face.box) > kSameFace;
        });
    if (before != measured.end()) reading.geometry = std::move(before->geometry);
  }
  return found;
}

bool Analyzer::follow_by_mesh(base::AnalyzedFrame& result) {
  const auto time = result.frame->time;
  if (anchors_.empty() || measure_every_ != std::chrono::nanoseconds(0) || !movements_ ||
      anchors_.size() != people_.size()) {
    return false;
  }
  const auto lost = [&] {
    anchors_.clear();
    return false;
  };
  for (std::size_t i = 0; i < anchors_.size(); ++i) {
    auto& reading = result.readings.emplace_back();
    reading.face = faces_[i];
    reading.person = people_[i];
    measure_face(result, reading);
    const auto moved =
        movements::moved_with_mesh(anchors_[i].face, anchors_[i].mesh, reading.geometry->mesh);
    if (reading.geometry->doubt != base::MeshDoubt::none || !moved) return lost();
    reading.face = *moved;
  }
  if (two_on_one_face(result.readings)) return lost();
  for (std::size_t i = 0; i < faces_.size(); ++i) faces_[i] = result.readings[i].face;
  pace_.followed_by_mesh();
  tracker_.follow(people_, faces_, time);
  measured_ = time;
  return true;
}

void Analyzer::measure_faces(base::AnalyzedFrame& result, Found found) {
  if (found == Found::by_mesh) return;
  const bool measuring = measuring_due(result.frame->time);
  const bool always = measuring && measure_every_ == std::chrono::nanoseconds(0);
  if (measuring) {
    for (auto& reading : result.readings) {
      if (!reading.geometry) measure_face(result, reading);
      // A mesh has the eyes and the mouth more exactly than a detector. Where it comes in some
      // frames only, the crop would jump between the two.
      if (always && reading.geometry->doubt == base::MeshDoubt::none) {
        reading.face.landmarks = base::landmarks_of(reading.geometry->mesh);
      }
    }
  }
  if (found != Found::by_detector) return;
  anchors_.clear();
  if (always) {
    for (const auto& reading : result.readings) {
      if (reading.geometry->doubt != base::MeshDoubt::none) break;
      anchors_.push_back({reading.face, reading.geometry->mesh});
    }
    if (anchors_.size() != result.readings.size()) anchors_.clear();
  }
  pace_.by_mesh(!anchors_.empty());
  if (anchors_.empty() && pace_.current() > 1) {
    const Stopwatch watch(result.times.detect);
    follower_.start(result.frame->image, faces_);
  }
}

emotions::ModelAnswer Analyzer::look_at(base::AnalyzedFrame& result,
                                        const base::FaceReading& reading) {
  const base::Frame& frame = *result.frame;
  const models::ModelCard& card = model_->card();
  const auto& views = card.crop.views;
  const int side = std::max(card.input.width, card.input.height);
  return views_.read(reading.person, frame.time, hurried_views_, [&](std::size_t view) {
    cv::Mat crop;
    {
      const Stopwatch watch(result.times.align);
      crop = faces::align_face(frame.image, reading.face, card.crop, side,
                               views.empty() ? models::ModelCard::Crop::View{} : views[view]);
    }
    const Stopwatch watch(result.times.classify);
    emotions::ModelAnswer answer = model_->answer(crop);
    answer.embedding.clear();  // nobody here asks for it, and it would be kept
    return answer;
  });
}

void Analyzer::read_face(base::AnalyzedFrame& result, base::FaceReading& reading) {
  const cv::Mat& image = result.frame->image;
  const auto time = result.frame->time;
  emotions::PictureQuality quality;
  {
    const Stopwatch watch(result.times.align);
    quality = emotions::measure_quality(image, reading.face);
    quality.shape = shape_now(reading.person, time);
  }
  emotions::ModelAnswer answer = look_at(result, reading);
  reading.raw = std::move(answer.probabilities);
  if (answer.covered || answer.distance) {
    const auto measures = measures_.update(
        reading.person, {answer.covered.value_or(0), answer.distance.value_or(0)}, time);
    quality.covered = measures[0];
    quality.distance = measures[1];
  }
  const auto corrected =
      baselines_.update(reading.person, reading.raw, time, good_picture(quality, rules_));
  reading.calibration = baselines_.state(reading.person);
  reading.calibration_progress = baselines_.progress(reading.person);
  reading.neutral = baselines_.number(reading.person);
  reading.smoothed = smoother_.update(reading.person, corrected, time);
  reading.verdict = verdicts_.update(reading.person, reading.smoothed, quality, time);
  reading.valence = emotions::valence(reading.smoothed, *labels_);
}

bool Analyzer::measuring_due(std::chrono::nanoseconds time) {
  if (!movements_ || measure_every_ == kNeverMeasured) return false;
  // A time that is not later is the same frame, read anew, or another clock.
  const bool due = !measured_ || time <= *measured_ || time - *measured_ >= measure_every_;
  if (due) measured_ = time;
  return due;
}

void Analyzer::measure_face(base::AnalyzedFrame& result, base::FaceReading& reading) {
  const Stopwatch watch(result.times.mesh);
  const auto time = result.frame->time;
  movements_->read(result.frame->image, reading, time);
  if (const auto shape = emotions::shape_of(*reading.geometry)) {
    shapes_[reading.person] = {*shape, time};
  } else {
    shapes_.erase(reading.person);
  }
}

std::optional<emotions::FaceShape> Analyzer::shape_now(int person,
                                                       std::chrono::nanoseconds time) const {
  const auto found = shapes_.find(person);
  if (found == shapes_.end()) return std::nullopt;
  const auto passed = time - found->second.time;
  if (passed < std::chrono::nanoseconds(0) || passed > kShapeHolds) return std::nullopt;
  return found->second.shape;
}

}  // namespace mien::analysis
