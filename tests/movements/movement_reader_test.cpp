#include "mien/movements/movement_reader.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>

#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/base/movements.hpp"
#include "mien/faces/face_detector.hpp"

#include "rendered_person.hpp"
#include "shipped_mesh.hpp"
#include "support/fake_covered_mouth.hpp"
#include "support/fake_mesh.hpp"
#include "support/fake_movement_network.hpp"
#include "support/painted_covers.hpp"

namespace mien::movements {
namespace {

using namespace std::chrono_literals;
using testing::FakeMeshNetwork;

std::unique_ptr<MovementReader> shipped_reader() {
  return load_movement_reader("", models::ModelLibrary({testing::kShippedModels}));
}

TEST(MovementReaderTest, ReadsThePortrait) {
  const auto reader = shipped_reader();
  EXPECT_EQ(reader->id(), kDefaultLandmarks);
  base::FaceReading reading;
  reading.face = kPortraitFace;
  reading.person = 1;
  reader->read(portrait(), reading, 0s);
  ASSERT_TRUE(reading.geometry);
  EXPECT_EQ(reading.geometry->doubt, base::MeshDoubt::none);
  ASSERT_TRUE(reading.geometry->pose);
  EXPECT_LT(std::abs(reading.geometry->pose->yaw), 10);
  EXPECT_LT(std::abs(reading.geometry->pose->roll), 10);
  const auto& values = reading.geometry->movements;
  ASSERT_EQ(values.size(), base::movements().size());
  const auto of = [&](const char* id) { return values[*base::movement_index(id)]; };
  // She smiles broadly.
  EXPECT_GT(of("corner_height_right"), 0.4F);
  EXPECT_GT(of("corner_height_left"), 0.4F);
  EXPECT_GT(of("mouth_width"), 0.4F);
  EXPECT_EQ(reader->network_id(), kMovementNetwork);
  ASSERT_TRUE(reader->models());
  EXPECT_EQ(reader->models()->landmarks.document["id"], kDefaultLandmarks);
  EXPECT_EQ(reader->models()->movements.document["id"], kMovementNetwork);
  EXPECT_GT(of("smile_right"), 0.6F);
  EXPECT_GT(of("smile_left"), 0.6F);
  EXPECT_LT(of("brow_lower_right"), 0.3F);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool learned = base::movements()[i].found == base::Movement::Found::network;
    EXPECT_GE(values[i], learned ? 0 : -2) << base::movements()[i].id;
    EXPECT_LE(values[i], learned ? 1 : 2) << base::movements()[i].id;
  }
}

// Outside the picture the network goes on as faces usually do, which is no measurement.
TEST(MovementReaderTest, WhatThePictureCutsOffIsNotKnown) {
  using Part = base::Movement::Part;
  const cv::Mat whole = portrait();
  struct Cut {
    cv::Rect part;
    std::vector<Part> gone;
  };
  const std::vector<Cut> cuts = {{{0, 0, 512, 512}, {}},
                                 {{0, 90, 512, 422}, {Part::brows, Part::eyes}},
                                 {{0, 102, 512, 410}, {Part::brows, Part::eyes}},
                                 {{0, 0, 512, 145}, {Part::lips, Part::jaw}},
                                 {{0, 0, 512, 165}, {Part::jaw}},
                                 {{198, 0, 314, 512}, {Part::brows, Part::eyes}},
                                 {{0, 0, 253, 512}, {Part::brows, Part::eyes}}};
  for (const auto& [part, gone] : cuts) {
    const auto reader = shipped_reader();
    base::FaceReading reading;
    reading.person = 1;
    for (int i = 0; i < 12; ++i) {
      reading.face = kPortraitFace;
      reading.face.box -= cv::Point2f(part.tl());
      auto& points = *reading.face.landmarks;
      for (auto* point : {&points.right_eye, &points.left_eye, &points.nose, &points.mouth}) {
        *point -= cv::Point2f(part.tl());
      }
      reader->read(whole(part).clone(), reading, i * 66ms);
    }
    const auto& geometry = *reading.geometry;
    ASSERT_EQ(geometry.doubt, base::MeshDoubt::none) << part;
    ASSERT_EQ(geometry.movements.size(), base::movements().size());
    for (std::size_t i = 0; i < geometry.movements.size(); ++i) {
      const auto& movement = base::movements()[i];
      EXPECT_EQ(std::isnan(geometry.movements[i]),
                std::find(gone.begin(), gone.end(), movement.part) != gone.end())
          << part << ' ' << movement.id;
    }
    const bool eyes = std::find(gone.begin(), gone.end(), Part::eyes) == gone.end();
    EXPECT_EQ(geometry.eyes.opening > 0, eyes) << part;
    EXPECT_TRUE(eyes || !geometry.towards_camera) << part;
    EXPECT_FALSE(geometry.eyes.closed) << part;
  }
}

TEST(MovementReaderTest, NoneIsNoneAndAnUnknownOneIsASentence) {
  const models::ModelLibrary library({testing::kShippedModels});
  EXPECT_EQ(load_movement_reader("none", library), nullptr);
  EXPECT_THROW(load_movement_reader("of-nobody", library), base::Error);
}

/// A reader whose network says what it is told.
class FakedReader : public ::testing::Test {
 protected:
  static constexpr auto kStep = 33ms;

  void say(const std::function<void(std::vector<cv::Point3f>&)>& edit, float logit = 5) {
    points_ = testing::fill_crop(canonical_face().points);
    edit(points_);
    logit_ = logit;
  }
  base::FaceGeometry next(int person = 1) {
    base::FaceReading reading;
    reading.person = person;
    reading.face = {{250, 150, 150, 150}, 0.9F, std::nullopt};
    reader_.read(picture_, reading, time_);
    reader_.forget_absent(time_);
    time_ += kStep;
    return *reading.geometry;
  }
  static void closed(std::vector<cv::Point3f>& points) {
    for (const int upper : {159, 158, 160, 386, 385, 387}) {
      points[static_cast<std::size_t>(upper)].y += 3;
    }
  }
  static void at_rest(std::vector<cv::Point3f>&) {}

  std::vector<cv::Point3f> points_;
  float logit_ = 5;
  std::chrono::nanoseconds time_{1s};
  const cv::Mat picture_{480, 640, CV_8UC3, cv::Scalar::all(90)};
  MovementReader reader_{MeshReader(std::make_unique<FakeMeshNetwork>([this](const cv::Mat&) {
                           return FakeMeshNetwork::numbers(points_, logit_);
                         })),
                         canonical_face()};
};

TEST_F(FakedReader, BlinksAreThePersonsOwn) {
  const auto for_both = [&](int frames) {
    base::FaceGeometry first;
    for (int i = 0; i < frames; ++i) {
      first = next(1);
      time_ -= kStep;
      next(2);
    }
    return first;
  };
  say(at_rest);
  for_both(40);
  say(closed);
  EXPECT_TRUE(next(1).eyes.lids_down);
  EXPECT_TRUE(next(1).eyes.closed);
  say(at_rest);
  EXPECT_EQ(next(1).eyes.blinks, 1);
  EXPECT_EQ(next(2).eyes.blinks, 0);
  EXPECT_GT(reader_.remembered(), 0u);
  time_ += 120s;
  EXPECT_EQ(next(3).eyes.blinks, 0);
  EXPECT_EQ(next(1).eyes.blinks, 0) << "forgotten with the person";
}

TEST_F(FakedReader, ARefusedMeshLeavesNoNumbersBehind) {
  say(at_rest);
  EXPECT_TRUE(next().pose);
  say([](auto& points) { points[7].x = std::nanf(""); });
  for (int i = 0; i < 2; ++i) {
    const auto geometry = next();
    EXPECT_EQ(geometry.doubt, base::MeshDoubt::invalid);
    EXPECT_FALSE(geometry.pose);
    EXPECT_TRUE(geometry.movements.empty());
    EXPECT_TRUE(geometry.mesh.points.empty());
  }
  // All points in one: within the picture, but no head.
  say([](auto& points) { points.assign(points.size(), {96, 96, 0}); });
  EXPECT_EQ(next().doubt, base::MeshDoubt::invalid);
  say(at_rest, -3);
  EXPECT_EQ(next().doubt, base::MeshDoubt::no_face);
  say(at_rest);
  EXPECT_EQ(next().doubt, base::MeshDoubt::none);
}

TEST_F(FakedReader, SetNeutralMakesTheirFaceZero) {
  const auto smile = [](auto& points) { points[61].y -= 4, points[291].y -= 4; };
  const std::size_t corner = *base::movement_index("corner_height_right");
  say(smile);
  for (int i = 0; i < 5; ++i) next();
  const float before = next().movements[corner];
  EXPECT_EQ(next().neutral, 0U);
  reader_.neutral().begin(1);
  for (int i = 0; i < 80; ++i) next();
  EXPECT_NEAR(next().movements[corner], 0, 0.01);
  EXPECT_EQ(next().neutral, 1U);
  EXPECT_GT(std::abs(before), 0.2F);
  next(2);
  EXPECT_NEAR(next(2).movements[corner], before, 0.05) << "of others nothing changes";
  EXPECT_EQ(next(2).neutral, 0U);
  reader_.neutral().clear(1);
  EXPECT_NEAR(next().movements[corner], before, 0.01);
  EXPECT_EQ(next().neutral, 0U);
}

TEST_F(FakedReader, TheNetworkReadsTheChangeFromThePersonsOwnFace) {
  float changed = 0;  // millimetres, all points together
  auto network = std::make_unique<testing::FakeMovementNetwork>(
      std::vector<std::string>{"smile_right"}, [&](const std::vector<float>& change) {
        changed = 0;
        for (const float number : change) changed += std::abs(number);
        return std::vector<float>{0.5F};
      });
  reader_ = MovementReader(
      MeshReader(std::make_unique<FakeMeshNetwork>(
          [this](const cv::Mat&) { return FakeMeshNetwork::numbers(points_, logit_); })),
      canonical_face(),
      std::make_unique<LearnedMovements>(std::move(network), canonical_face().points));
  EXPECT_EQ(reader_.network_id(), "fake-movements");
  say([](auto& points) { points[61].y -= 4, points[291].y -= 4; });
  const auto before = next();
  EXPECT_EQ(before.movements[*base::movement_index("smile_right")], 0.5F);
  EXPECT_TRUE(std::isnan(before.movements[*base::movement_index("smile_left")]));
  EXPECT_FALSE(std::isnan(before.movements[*base::movement_index("mouth_width")]));
  const float smiling = changed;
  reader_.neutral().begin(1);
  for (int i = 0; i < 80; ++i) next();
  EXPECT_LT(changed, smiling / 4) << "from their own face";
  next(2);
  EXPECT_NEAR(changed, smiling, 0.1F * smiling) << "others from the mean one";
}

/// The same with a network of movements that reads one of the mouth and one of the eyes, and a
/// mouth that is covered when a test says so.
class CoveredReader : public FakedReader {
 protected:
  CoveredReader() {
    say(at_rest);
    reader_ = MovementReader(
        MeshReader(std::make_unique<FakeMeshNetwork>(
            [this](const cv::Mat&) { return FakeMeshNetwork::numbers(points_, logit_); })),
        canonical_face(),
        std::make_unique<LearnedMovements>(
            std::make_unique<testing::FakeMovementNetwork>(
                std::vector<std::string>{"smile_right", "eye_close_right"},
                [](const std::vector<float>&) {
                  return std::vector<float>{0.5F, 0.25F};
                }),
            canonical_face().points),
        nullptr,
        std::make_unique<testing::FakeCoveredMouth>([this] { return covered_ ? 0.9F : 0.1F; }));
  }
  /// How many of the next frames say that the mouth is covered.
  int covered_in(int frames, int person = 1) {
    int count = 0;
    for (int i = 0; i < frames; ++i) count += next(person).mouth_covered;
    return count;
  }
  bool covered_ = false;
};

TEST_F(CoveredReader, OfACoveredMouthNothingIsKnownAndTheRestIs) {
  const auto known = [](const base::FaceGeometry& geometry, const char* id) {
    return std::isfinite(geometry.movements.at(*base::movement_index(id)));
  };
  const auto bare = next();
  EXPECT_FALSE(bare.mouth_covered);
  for (const auto* id : {"smile_right", "corner_height_left", "mouth_width", "mouth_opening"}) {
    EXPECT_TRUE(known(bare, id)) << id;
  }
  covered_ = true;
  EXPECT_GT(covered_in(10), 6);
  const auto hidden = next();
  EXPECT_TRUE(hidden.mouth_covered);
  EXPECT_EQ(hidden.doubt, base::MeshDoubt::none);
  EXPECT_TRUE(hidden.pose);
  for (const auto& movement : base::movements()) {
    const bool of_mouth = movement.part == base::Movement::Part::lips ||
                          movement.part == base::Movement::Part::jaw;
    EXPECT_FALSE(of_mouth && known(hidden, movement.id)) << movement.id;
  }
  EXPECT_TRUE(known(hidden, "eye_close_right"));
  EXPECT_TRUE(known(hidden, "eye_opening_left"));
  covered_ = false;
  EXPECT_LT(covered_in(10), 5);
  EXPECT_TRUE(known(next(), "smile_right")) << "back again";
  EXPECT_TRUE(known(next(), "mouth_width"));
}

TEST_F(CoveredReader, OneFrameOfDoubtChangesNothing) {
  EXPECT_EQ(covered_in(10), 0);
  for (int i = 0; i < 5; ++i) {
    covered_ = true;
    EXPECT_EQ(covered_in(1), 0) << i;
    covered_ = false;
    EXPECT_EQ(covered_in(12), 0) << i;
  }
  covered_ = true;
  covered_in(12);
  for (int i = 0; i < 5; ++i) {
    covered_ = false;
    EXPECT_EQ(covered_in(1), 1) << i;
    covered_ = true;
    EXPECT_EQ(covered_in(12), 12) << i;
  }
}

TEST_F(CoveredReader, ANewFaceIsJudgedAtOnceAndByItself) {
  covered_ = true;
  EXPECT_EQ(covered_in(1, 7), 1) << "a picture has one frame only";
  covered_ = false;
  EXPECT_EQ(covered_in(1, 8), 0);
  covered_ = true;
  EXPECT_EQ(covered_in(1, 8), 0);
  EXPECT_EQ(covered_in(1, 7), 1);
  time_ += 2s;
  EXPECT_EQ(covered_in(1, 8), 1) << "after a while it is new again";
  time_ += 2s;
  reader_.forget_absent(time_);
  EXPECT_EQ(reader_.remembered(), 2u) << "blinks are remembered for longer";
}

TEST_F(CoveredReader, ACoveredFaceIsNoNeutralOne) {
  covered_ = true;
  next();
  reader_.neutral().begin(1);
  for (int i = 0; i < 80; ++i) next();
  EXPECT_EQ(next().neutral, 0U);
  covered_ = false;
  for (int i = 0; i < 80; ++i) next();
  EXPECT_EQ(next().neutral, 1U) << "once the mouth is seen";
}

// Somebody takes a mask on and off, through mesh, square, network and time.
TEST(RenderedMask, TheMouthsNumbersGoAndComeBack) {
  const auto reader = shipped_reader();
  const cv::Mat bare = renderer().render(at_rest(810)).picture;
  const auto found =
      faces::make_detector("blazeface", models::ModelLibrary({testing::kShippedModels}))
          ->detect(bare);
  ASSERT_EQ(found.size(), 1u);
  base::FaceReading reading;
  reading.face = found.front();
  reading.person = 1;
  int frame = 0;
  const auto after = [&](const cv::Mat& picture, int frames) {
    for (int i = 0; i < frames; ++i) reader->read(picture, reading, 33ms * frame++);
    return *reading.geometry;
  };
  const std::size_t smile = *base::movement_index("smile_right");
  const std::size_t brow = *base::movement_index("brow_lower_right");
  const auto before = after(bare, 8);
  ASSERT_EQ(before.doubt, base::MeshDoubt::none);
  EXPECT_FALSE(before.mouth_covered);
  EXPECT_TRUE(std::isfinite(before.movements[smile]));
  const auto masked =
      after(testing::painted(bare, before.mesh, testing::Painted::surgical_mask, 3), 8);
  ASSERT_EQ(masked.doubt, base::MeshDoubt::none) << "this mask leaves a mesh";
  EXPECT_TRUE(masked.mouth_covered);
  EXPECT_TRUE(std::isnan(masked.movements[smile]));
  EXPECT_TRUE(std::isfinite(masked.movements[brow]));
  const auto again = after(bare, 8);
  EXPECT_FALSE(again.mouth_covered);
  EXPECT_TRUE(std::isfinite(again.movements[smile]));
}

// A rendered clip of known blinks and turns, through detector, mesh, pose and counter.
TEST(RenderedClip, BlinksAndTurnsAreCounted) {
  const auto detector =
      faces::make_detector("blazeface", models::ModelLibrary({testing::kShippedModels}));
  const auto reader = shipped_reader();
  auto parameters = at_rest(53);
  parameters.size = 320;
  const auto weight = [&](synthesis::FaceAction action, float value) {
    for (const auto side : {synthesis::FaceSide::left, synthesis::FaceSide::right}) {
      parameters.expression
          .weights[static_cast<std::size_t>(synthesis::movement_index(action, side))] = value;
    }
  };
  constexpr int kFrames = 150;  // ten seconds at 15 a second
  const std::vector<int> blinks = {30, 48, 75, 120};
  base::EyeActivity eyes;
  float most = 0, least = 0;
  std::vector<int> announced;
  for (int i = 0; i < kFrames; ++i) {
    float closing = 0;
    for (const int start : blinks) {
      if (i == start || i == start + 2) closing = 0.6F;
      if (i == start + 1) closing = 1;
    }
    weight(synthesis::FaceAction::eye_close, closing);
    // To the person's right and left, and back; blinks are seen there, too.
    parameters.camera.yaw =
        i >= 85 && i < 115 ? 25 * std::sin(static_cast<float>(i - 85) * 2 * 3.14159F / 30) : 0;
    const cv::Mat picture = renderer().render(parameters).picture;
    const auto found = detector->detect(picture);
    ASSERT_EQ(found.size(), 1u) << i;
    base::FaceReading reading;
    reading.face = found.front();
    reading.person = 1;
    reader->read(picture, reading, i * 66'666'667ns);
    ASSERT_TRUE(reading.geometry->pose) << i;
    most = std::max(most, reading.geometry->pose->yaw);
    least = std::min(least, reading.geometry->pose->yaw);
    eyes = reading.geometry->eyes;
    if (eyes.blinked) announced.push_back(i);
  }
  EXPECT_EQ(eyes.blinks, 4);
  ASSERT_EQ(announced.size(), blinks.size());
  for (std::size_t i = 0; i < blinks.size(); ++i) EXPECT_NEAR(announced[i], blinks[i] + 3, 1);
  EXPECT_NEAR(eyes.closed_seconds, 4 * 0.17, 4 * 0.07);
  EXPECT_NEAR(most, 25, 4);
  EXPECT_NEAR(least, -25, 4);
}

}  // namespace
}  // namespace mien::movements
