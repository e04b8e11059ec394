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

TEST_F(RenderedPose, TheOtherAnglesStayWithinThreeDegreesWhenAHeadLeans) {
  for (const float angle : {-45.F, 45.F}) {
    double pitch = 0, yaw = 0;
    for (const auto person : kPeople) {
      auto parameters = at_rest(person);
      parameters.camera.roll = angle;
      const auto leaning = fit(parameters);
      ASSERT_TRUE(leaning) << person << ' ' << angle;
      pitch += leaning->pose.pitch;
      yaw += leaning->pose.yaw;
    }
    EXPECT_NEAR(pitch / std::size(kPeople), 0, 3) << "at a roll of " << angle;
    EXPECT_NEAR(yaw / std::size(kPeople), 0, 3) << "at a roll of " << angle;
  }
}

// A head that moves aside without turning is seen from its side.
TEST_F(RenderedPose, IsCountedFromTheLensWhereverTheHeadIs) {
  for (const cv::Point2f place :
       {cv::Point2f(-0.3F, 0), {0.3F, 0}, {0, -0.18F}, {0.25F, 0.18F}}) {
    cv::Point2d off, seen;
    for (const auto person : kPeople) {
      auto parameters = at_rest(person);
      const auto middle = fit(parameters);
      parameters.camera.shift_x = place.x;
      parameters.camera.shift_y = place.y;
      const auto aside = fit(parameters);
      ASSERT_TRUE(middle && aside) << person << ' ' << place;
      off += cv::Point2d(aside->pose.yaw - middle->pose.yaw,
                         aside->pose.pitch - middle->pose.pitch);
      const auto from_camera = base::as_seen(aside->pose);
      seen += cv::Point2d(from_camera.yaw - middle->pose.yaw,
                          from_camera.pitch - middle->pose.pitch);
    }
    EXPECT_NEAR(off.x / std::size(kPeople), 0, 3) << place;
    EXPECT_NEAR(off.y / std::size(kPeople), 0, 3) << place;
    // The line of sight is turned by up to 18 degrees.
    const double lens = at_rest(kPeople[0]).camera.focal;
    const double across = std::atan(place.x / lens) * 180 / CV_PI;
    const double down = std::atan(place.y / lens) * 180 / CV_PI;
    EXPECT_NEAR(seen.x / std::size(kPeople), -across, 4) << place;
    EXPECT_NEAR(seen.y / std::size(kPeople), down, 5) << place;
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
      EXPECT_NEAR(change, -angle, 8) << "person " << person;
      sum += change;
    }
    EXPECT_NEAR(sum / std::size(kPeople), -angle, 3);
  }
}

// A head that is smaller than the canonical one is taken for one farther away.
TEST_F(RenderedPose, TheDistanceIsRightButForTheHeadsSize) {
  const auto& head = renderer().head();
  double off = 0;
  for (const auto person : kPeople) {
    const auto parameters = at_rest(person);
    const auto found = fit(parameters);
    ASSERT_TRUE(found);
    EXPECT_LT(std::abs(found->pose.translation.x), 20);
    const auto points = renderer().shape(parameters.look, parameters.expression);
    const double between_eyes =
        100 * cv::norm(points[head.landmark("left-eye-outer")] -
                       points[head.landmark("right-eye-outer")]);  // millimetres
    const double canonical =
        cv::norm(canonical_face().points[263] - canonical_face().points[33]);
    // 600 mm to the eyes; the middle of the canonical head lies 32 mm behind them.
    off += found->pose.translation.z - (600 * canonical / between_eyes + 32);
  }
  EXPECT_NEAR(off / std::size(kPeople), 0, 40);
}

}  // namespace
}  // namespace mien::movements
