#include <cmath>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>

#include <gtest/gtest.h>

#include "mien/faces/face_detector.hpp"
#include "mien/models/model_library.hpp"
#include "mien/movements/head_pose.hpp"
#include "mien/movements/mesh_reader.hpp"

#include "rendered_person.hpp"
#include "shipped_mesh.hpp"

namespace mien::movements {
namespace {

/// Faces of known pose, photographed by the program's own renderer as a webcam would: 60 cm
/// away, with the focal length that is assumed.
class RenderedPose : public ::testing::Test {
 protected:
  std::optional<HeadFit> fit(const synthesis::RenderParameters& parameters) {
    const cv::Mat picture = renderer().render(parameters).picture;
    const auto found = detector_->detect(picture);
    if (found.size() != 1) return std::nullopt;
    const MeshReading reading = reader_.read(picture, found.front());
    if (reading.doubt != base::MeshDoubt::none) return std::nullopt;
    return fit_head(canonical_face(), reading.mesh, picture.size());
  }
  std::unique_ptr<faces::FaceDetector> detector_ =
      faces::make_detector("blazeface", models::ModelLibrary({testing::kShippedModels}));
  MeshReader reader_{load_mesh_network(mesh_card())};
};

constexpr std::uint64_t kPeople[] = {50, 51, 52, 53, 54};

TEST_F(RenderedPose, TurnedHeadsAreRightWithinThreeDegreesUpTo45) {
  for (const float angle : {-45.F, -30.F, -15.F, 0.F, 15.F, 30.F, 45.F}) {
    double sum = 0, pitch = 0, roll = 0;
    for (const auto person : kPeople) {
      auto parameters = at_rest(person);
      parameters.camera.yaw = angle;
      const auto turned = fit(parameters);
      ASSERT_TRUE(turned) << person << ' ' << angle;
      // The renderer counts the yaw to the person's left.
      EXPECT_NEAR(turned->pose.yaw, -angle, 5) << "person " << person;
      sum += turned->pose.yaw;
      pitch += turned->pose.pitch;
      roll += turned->pose.roll;
    }
    EXPECT_NEAR(sum / std::size(kPeople), -angle, 3);
    EXPECT_NEAR(pitch / std::size(kPeople), 0, 3) << "at a yaw of " << angle;
    EXPECT_NEAR(roll / std::size(kPeople), 0, 3) << "at a yaw of " << angle;
  }
}

TEST_F(RenderedPose, RollIsRightWithinThreeDegreesUpTo45) {
  for (const float angle : {-45.F, -20.F, 20.F, 45.F}) {
    for (const auto person : kPeople) {
      auto parameters = at_rest(person);
      parameters.camera.roll = angle;
      const auto leaning = fit(parameters);
      ASSERT_TRUE(leaning) << person << ' ' << angle;
      EXPECT_NEAR(leaning->pose.roll, angle, 3) << "person " << person;
    }
  }
}

// Where the pitch is 0 depends on the shape of a face: how it changes is nearer to the truth.
TEST_F(RenderedPose, PitchChangesAsTheHeadDoes) {
  for (const float angle : {-25.F, -10.F, 10.F, 25.F}) {
    double sum = 0;
    for (const auto person : kPeople) {
      auto parameters = at_rest(person);
      const auto straight = fit(parameters);
      parameters.camera.pitch = angle;
      const auto nodding = fit(parameters);
      ASSERT_TRUE(straight && nodding) << person << ' ' << angle;
      // The renderer counts it with the chin up.
      const float change = nodding->pose.pitch - straight->pose.pitch;
      EXPECT_NEAR(change, -angle, 6) << "person " << person;
      sum += change;
    }
    EXPECT_NEAR(sum / std::size(kPeople), -angle, 3);
  }
}

TEST_F(RenderedPose, TheDistanceIsRightWithTheFocalLengthThatIsAssumed) {
  double sum = 0;
  for (const auto person : kPeople) {
    const auto found = fit(at_rest(person));
    ASSERT_TRUE(found);
    EXPECT_LT(std::abs(found->pose.translation.x), 20);
    sum += found->pose.translation.z;
  }
  // 600 mm to the eyes; the middle of the head lies 32 mm behind them.
  EXPECT_NEAR(sum / std::size(kPeople), 632, 60);
}

}  // namespace
}  // namespace mien::movements
