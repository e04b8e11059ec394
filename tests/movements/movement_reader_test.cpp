#include "mien/movements/movement_reader.hpp"

#include <cmath>
#include <functional>
#include <memory>

#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/base/movements.hpp"
#include "mien/faces/face_detector.hpp"

#include "rendered_person.hpp"
#include "shipped_mesh.hpp"
#include "support/fake_mesh.hpp"
#include "support/fake_movement_network.hpp"

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
