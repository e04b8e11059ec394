// What the analyzer makes of the shapes of faces beside showing them.
#include <cmath>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "mien/analysis/analyzer.hpp"
#include "mien/base/movements.hpp"
#include "mien/movements/canonical_face.hpp"

#include "support/fake_mesh.hpp"
#include "support/fake_movement_network.hpp"
#include "support/fakes.hpp"

namespace mien::analysis {
namespace {

using namespace std::chrono_literals;
using testing::FakeMeshNetwork;

/// One face, whose mesh is as a test tells it, before an analyzer.
class MeasuredFaces : public ::testing::Test {
 protected:
  MeasuredFaces()
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
            canonical_.points)));
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

  base::FaceReading next() {
    auto frame = std::make_shared<base::Frame>();
    frame->time = 33ms * static_cast<int>(frames_);
    frame->sequence = frames_++;
    frame->image = image_;
    return analyzer_.analyze(frame)->readings.at(0);
  }
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
  std::uint64_t frames_ = 0;
  cv::Mat image_;
  Analyzer analyzer_;
};

TEST_F(MeasuredFaces, ATurnedHeadIsDoubtedByItsPose) {
  EXPECT_EQ(doubt_after(300ms), base::Doubt::none);
  hold({.yaw = 30});
  EXPECT_EQ(doubt_after(500ms), base::Doubt::none);
  for (const auto& away : {base::HeadPose{.yaw = 50}, {.yaw = -50}, {.pitch = 45}}) {
    hold(away);
    EXPECT_EQ(doubt_after(500ms), base::Doubt::turned_away) << away.yaw << ' ' << away.pitch;
    hold({});
    EXPECT_EQ(doubt_after(33ms), base::Doubt::none);
  }
  hold({.pitch = -35});
  EXPECT_EQ(doubt_after(500ms), base::Doubt::none) << "a raised chin is read";
  // Without a mesh there is no pose that could tell.
  hold({.yaw = 50});
  EXPECT_EQ(doubt_after(500ms), base::Doubt::turned_away);
  logit_ = -5;
  EXPECT_EQ(doubt_after(33ms), base::Doubt::none);
}

TEST_F(MeasuredFaces, EyesClosedForLongerThanABlinkAreAReason) {
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

TEST_F(MeasuredFaces, BetweenMeasuredFramesTheLastShapeHoldsForAWhile) {
  hold({.yaw = 50});
  analyzer_.measure_every(100ms);
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(next().verdict.doubt, base::Doubt::turned_away) << i;
  }
  analyzer_.measure_every(Analyzer::kNeverMeasured);
  EXPECT_EQ(doubt_after(100ms), base::Doubt::turned_away);
  EXPECT_EQ(doubt_after(300ms), base::Doubt::none) << "that was how it was held then";
}

}  // namespace
}  // namespace mien::analysis
