// What the analyzer makes of the shapes of faces beside showing them.
#include <cmath>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "mien/analysis/analyzer.hpp"
#include "mien/analysis/timing.hpp"
#include "mien/base/movements.hpp"
#include "mien/faces/overlap.hpp"
#include "mien/movements/canonical_face.hpp"

#include "support/fake_covered_mouth.hpp"
#include "support/fake_mesh.hpp"
#include "support/fake_movement_network.hpp"
#include "support/fakes.hpp"

namespace mien::analysis {
namespace {

using namespace std::chrono_literals;
using testing::FakeMeshNetwork;

/// One face, whose mesh is as a test tells it, before an analyzer.
class UsesOfShapes : public ::testing::Test {
 protected:
  UsesOfShapes()
      : analyzer_(std::make_unique<testing::FakeDetector>(
                      "finder",
                      std::vector<base::Face>{
                          {.box = {100, 60, 100, 100}, .confidence = 0.9F, .landmarks = {}}}),
                  std::make_unique<testing::FakeModel>()) {
    image_ = cv::Mat(240, 320, CV_8UC3);
    cv::theRNG().state = 3;
    cv::randu(image_, 0, 220);
    analyzer_.use(std::make_shared<movements::MovementReader>(
        movements::MeshReader(std::make_unique<FakeMeshNetwork>(
            [this](const cv::Mat&) { return FakeMeshNetwork::numbers(points_, logit_); })),
        canonical_,
        std::make_unique<movements::LearnedMovements>(
            std::make_unique<testing::FakeMovementNetwork>(
                std::vector<std::string>{"eye_close_right", "eye_close_left"},
                [this](const std::vector<float>&) {
                  return std::vector<float>{shut_, shut_};
                }),
            canonical_.points),
        nullptr, std::make_unique<testing::FakeCoveredMouth>([this] {
          return mouth_hidden_ ? 1.F : 0.F;
        })));
    hold({});
  }

  void hold(const base::HeadPose& pose) {
    auto turned = canonical_.points;
    if (closed_) {
      // The upper lids fall on the lower ones.
      for (const auto& [upper, lower] :
           {std::pair{160, 144}, {159, 145}, {158, 153}, {387, 373}, {386, 374}, {385, 380}}) {
        turned[static_cast<std::size_t>(upper)] = turned[static_cast<std::size_t>(lower)];
      }
    }
    base::HeadPose there = pose;
    there.translation = {0, 0, 2000};
    points_ = testing::fill_crop(testing::seen_mesh(turned, there, {640, 480}, 500).points);
  }
  void close(bool closed) {
    closed_ = closed;
    hold({});
  }

  /// The next frame, by an analyzer that is given all of them.
  base::AnalyzedFramePtr next_of(Analyzer& analyzer) {
    auto frame = std::make_shared<base::Frame>();
    frame->time = 33ms * static_cast<int>(frames_);
    frame->sequence = frames_++;
    frame->image = image_;
    return analyzer.analyze(frame);
  }
  base::FaceReading next() { return next_of(analyzer_)->readings.at(0); }
  base::Doubt doubt_after(std::chrono::milliseconds time) {
    base::Doubt doubt = base::Doubt::none;
    for (auto passed = 0ms; passed < time; passed += 33ms) doubt = next().verdict.doubt;
    return doubt;
  }

  movements::CanonicalFace canonical_ = movements::read_canonical_face(
      models::load_model_card(testing::kShippedModels / "face-mesh"));
  std::vector<cv::Point3f> points_;
  float logit_ = 5;
  float shut_ = 0;
  bool closed_ = false;
  bool mouth_hidden_ = false;
  std::uint64_t frames_ = 0;
  cv::Mat image_;
  Analyzer analyzer_;
};

TEST_F(UsesOfShapes, ATurnedHeadIsDoubtedByItsPose) {
  EXPECT_EQ(doubt_after(300ms), base::Doubt::none);
  hold({.yaw = 30});
  EXPECT_EQ(doubt_after(500ms), base::Doubt::none);
  for (const auto& away : {base::HeadPose{.yaw = 55}, {.yaw = -55}, {.pitch = 45}}) {
    hold(away);
    EXPECT_EQ(doubt_after(500ms), base::Doubt::turned_away) << away.yaw << ' ' << away.pitch;
    hold({});
    EXPECT_EQ(doubt_after(33ms), base::Doubt::none);
  }
  hold({.pitch = -35});
  EXPECT_EQ(doubt_after(500ms), base::Doubt::none) << "a raised chin is read";
  // Without a mesh there is no pose that could tell.
  hold({.yaw = 55});
  EXPECT_EQ(doubt_after(500ms), base::Doubt::turned_away);
  logit_ = -5;
  EXPECT_EQ(doubt_after(33ms), base::Doubt::none);
}

TEST_F(UsesOfShapes, EyesClosedForLongerThanABlinkAreAReason) {
  EXPECT_EQ(doubt_after(2s), base::Doubt::none);
  close(true);
  shut_ = 0.9F;
  EXPECT_EQ(doubt_after(400ms), base::Doubt::none) << "it may be a blink";
  EXPECT_EQ(doubt_after(600ms), base::Doubt::eyes_closed);
  close(false);
  shut_ = 0;
  EXPECT_EQ(doubt_after(66ms), base::Doubt::none);
  EXPECT_EQ(doubt_after(1s), base::Doubt::none);
  close(true);
  shut_ = 0.2F;
  EXPECT_EQ(doubt_after(2s), base::Doubt::none) << "narrow as in a laugh";
}

TEST_F(UsesOfShapes, ACoveredMouthIsAReason) {
  EXPECT_EQ(doubt_after(300ms), base::Doubt::none);
  mouth_hidden_ = true;
  EXPECT_EQ(doubt_after(33ms), base::Doubt::none) << "a single frame may be wrong";
  EXPECT_EQ(doubt_after(500ms), base::Doubt::mouth_covered);
  const auto reading = next();
  EXPECT_TRUE(
      std::isnan(reading.geometry->movements.at(*base::movement_index("corner_height_right"))));
  mouth_hidden_ = false;
  EXPECT_EQ(doubt_after(300ms), base::Doubt::none);
}

TEST_F(UsesOfShapes, BetweenMeasuredFramesTheLastShapeHoldsForAWhile) {
  hold({.yaw = 55});
  analyzer_.measure_every(100ms);
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(next().verdict.doubt, base::Doubt::turned_away) << i;
  }
  analyzer_.measure_every(Analyzer::kNeverMeasured);
  EXPECT_EQ(doubt_after(100ms), base::Doubt::turned_away);
  EXPECT_EQ(doubt_after(300ms), base::Doubt::none) << "that was how it was held then";
}

/// Counts how often the detector behind it, or a scripted answer, is asked.
class CountedDetector : public faces::FaceDetector {
 public:
  CountedDetector(std::unique_ptr<faces::FaceDetector> real, int& calls)
      : real_(std::move(real)), calls_(calls) {}
  const std::string& id() const override { return real_->id(); }
  std::vector<base::Face> detect(const cv::Mat& bgr) override {
    ++calls_;
    return real_->detect(bgr);
  }

 private:
  std::unique_ptr<faces::FaceDetector> real_;
  int& calls_;
};

/// The portrait as seen by a camera that moves, zooms and rolls over it.
base::FramePtr moving_portrait(const cv::Mat& portrait, int i) {
  const auto t = static_cast<float>(i) / 30;
  cv::Mat by =
      cv::getRotationMatrix2D({224, 118}, 15 * std::sin(2 * t), 1.4 + 0.3 * std::sin(1.5 * t));
  by.at<double>(0, 2) += 60 + 90 * std::sin(2.2 * t);
  by.at<double>(1, 2) += 80 + 50 * std::sin(3.1 * t);
  auto frame = std::make_shared<base::Frame>();
  frame->time = 33ms * i;
  frame->sequence = static_cast<std::uint64_t>(i);
  cv::warpAffine(portrait, frame->image, by, {640, 480}, cv::INTER_LINEAR,
                 cv::BORDER_REFLECT_101);
  return frame;
}

TEST(FollowedByMesh, ABoxStaysOnAFaceThatMovesAndTheDetectorRests) {
  const auto library = models::ModelLibrary::standard();
  const cv::Mat portrait = read_portrait();
  int calls = 0;
  Analyzer analyzer(
      std::make_unique<CountedDetector>(faces::make_detector("blazeface", library), calls),
      std::make_unique<testing::FakeModel>(), {.detect_every = 30});
  analyzer.use(std::shared_ptr<movements::MovementReader>(
      movements::load_movement_reader(movements::kDefaultLandmarks, library)));
  const auto every = faces::make_detector("blazeface", library);
  int seen = 0, near = 0;
  for (int i = 0; i < 90; ++i) {
    const auto frame = moving_portrait(portrait, i);
    const auto result = analyzer.analyze(frame);
    for (const auto& truth : every->detect(frame->image)) {
      if (truth.box.y < 0) continue;  // a mirrored piece at the edge
      ++seen;
      for (const auto& reading : result->readings) {
        if (faces::intersection_over_union(reading.face.box, truth.box) > 0.7F) {
          ++near;
          EXPECT_EQ(reading.person, 1) << i;
          break;
        }
      }
    }
    for (const auto& reading : result->readings) {
      EXPECT_TRUE(reading.geometry) << "measured once a frame, whoever found it";
    }
  }
  EXPECT_GE(seen, 80);
  EXPECT_EQ(near, seen);
  EXPECT_EQ(calls, 3);
}

TEST_F(UsesOfShapes, ALostMeshBringsTheDetectorBackAtOnce) {
  int calls = 0;
  std::vector<base::Face> faces = {
      {.box = {100, 60, 100, 100}, .confidence = 0.9F, .landmarks = {}}};
  auto reader = std::make_shared<movements::MovementReader>(
      movements::MeshReader(std::make_unique<FakeMeshNetwork>(
          [this](const cv::Mat&) { return FakeMeshNetwork::numbers(points_, logit_); })),
      canonical_);
  Analyzer following(std::make_unique<CountedDetector>(
                         std::make_unique<testing::FakeDetector>("finder", faces), calls),
                     std::make_unique<testing::FakeModel>(), {.detect_every = 100});
  following.use(reader);
  const auto analyze = [&] { return next_of(following); };
  for (int n = 0; n < 20; ++n) analyze();
  EXPECT_EQ(calls, 1);
  logit_ = -5;
  const auto lost = analyze();
  EXPECT_EQ(calls, 2) << "in the same frame";
  ASSERT_EQ(lost->readings.size(), 1U);
  EXPECT_EQ(lost->readings[0].face.box, faces[0].box);
  EXPECT_EQ(lost->readings[0].geometry->doubt, base::MeshDoubt::no_face);
  EXPECT_EQ(lost->readings[0].person, 1);
  for (int n = 0; n < 20; ++n) analyze();
  EXPECT_EQ(calls, 2) << "without a mesh, optical flow follows";
}

TEST_F(UsesOfShapes, ABlinkIsKeptInTheFrameInWhichAMeshIsLost) {
  // The left face is dark, the right one bright.
  image_(cv::Rect(160, 0, 160, 240)) += cv::Scalar::all(200);
  const std::vector<base::Face> faces = {
      {.box = {30, 80, 80, 80}, .confidence = 0.9F, .landmarks = {}},
      {.box = {210, 80, 80, 80}, .confidence = 0.9F, .landmarks = {}}};
  int left_runs = 0, right_runs = 0;
  bool lose_right = false;
  auto reader = std::make_shared<movements::MovementReader>(
      movements::MeshReader(std::make_unique<FakeMeshNetwork>([&](const cv::Mat& crop) {
        const bool right = cv::mean(crop)[1] > 150;
        ++(right ? right_runs : left_runs);
        const bool lost = right && std::exchange(lose_right, false);
        return FakeMeshNetwork::numbers(points_, lost ? -5 : 10);
      })),
      canonical_);
  Analyzer following(std::make_unique<testing::FakeDetector>("finder", faces),
                     std::make_unique<testing::FakeModel>(), {.detect_every = 1000});
  following.use(reader);
  const auto analyze = [&] { return next_of(following); };
  for (int n = 0; n < 60; ++n) analyze();
  close(true);
  for (int n = 0; n < 5; ++n) analyze();
  ASSERT_EQ(left_runs, 65);
  ASSERT_EQ(right_runs, 65);
  close(false);
  lose_right = true;
  const auto opened = analyze();
  EXPECT_EQ(left_runs, 66) << "once a frame, though the detector looked again";
  EXPECT_EQ(right_runs, 67) << "where it was, and where the detector found it";
  ASSERT_EQ(opened->readings.size(), 2U);
  for (const auto& reading : opened->readings) {
    EXPECT_EQ(reading.geometry->doubt, base::MeshDoubt::none);
    EXPECT_TRUE(reading.geometry->eyes.blinked) << reading.person;
    EXPECT_EQ(reading.geometry->eyes.blinks, 1) << reading.person;
    EXPECT_EQ(reading.face.box, faces[static_cast<std::size_t>(reading.person - 1)].box);
  }
}

TEST_F(UsesOfShapes, WithTheDetectorInEveryFrameBoxesAreTheDetectors) {
  // The mesh wanders; the detector's box stays.
  for (int i = 0; i < 10; ++i) {
    for (auto& point : points_) point.x += 2;
    const auto reading = next();
    EXPECT_EQ(reading.face.box, cv::Rect2f(100, 60, 100, 100));
  }
}

TEST_F(UsesOfShapes, WhereEveryFrameIsMeasuredTheMeshPlacesTheCrop) {
  std::vector<cv::Mat> faces;
  auto model = std::make_unique<testing::FakeModel>();
  model->ask_for_alignment(models::ModelCard::Align::fer2013);
  model->keep_faces(faces);
  analyzer_.use(std::move(model));
  const auto shown = [&] {
    faces.clear();
    next();
    return faces.at(0);
  };
  const auto same = [](const cv::Mat& a, const cv::Mat& b) {
    return cv::norm(a, b, cv::NORM_INF) == 0;
  };
  const cv::Mat level = shown();
  EXPECT_TRUE(same(shown(), level));
  logit_ = -5;
  const cv::Mat without = shown();
  EXPECT_FALSE(same(without, level)) << "by the box of a detector that knows no eyes";
  logit_ = 5;
  EXPECT_TRUE(same(shown(), level));
  hold({.yaw = 40});
  EXPECT_FALSE(same(shown(), level)) << "it goes where the eyes and the mouth go";
  analyzer_.measure_every(100ms);
  EXPECT_TRUE(same(shown(), without)) << "it would jump between the two";
  EXPECT_TRUE(same(shown(), without));
}

}  // namespace
}  // namespace mien::analysis
