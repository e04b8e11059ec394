#include "mien/movements/gaze.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <optional>
#include <vector>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "mien/faces/face_detector.hpp"
#include "mien/models/model_library.hpp"
#include "mien/movements/mesh_reader.hpp"
#include "mien/movements/movement_reader.hpp"

#include "rendered_person.hpp"
#include "shipped_mesh.hpp"

namespace mien::movements {
namespace {

constexpr std::uint64_t kLookers[] = {50, 51, 52, 53, 54, 55, 56, 57};

/// Somebody whose head and eyes are turned, degrees: eyes from the head, to the picture's right
/// and up; the lids go along, as the renderer's own expressions let them.
synthesis::RenderParameters looking(std::uint64_t person, float yaw, float eyes_right,
                                    float eyes_up = 0) {
  auto parameters = at_rest(person);
  parameters.camera.yaw = yaw;
  auto& expression = parameters.expression;
  expression.gaze_x = eyes_right / 30;
  expression.gaze_y = eyes_up / 25;
  using synthesis::FaceAction;
  for (const auto side : {synthesis::FaceSide::left, synthesis::FaceSide::right}) {
    const auto weight = [&](FaceAction action) -> float& {
      return expression
          .weights[static_cast<std::size_t>(synthesis::movement_index(action, side))];
    };
    if (eyes_up < 0) {
      weight(FaceAction::eye_close) = std::min(0.55F, -0.5F * expression.gaze_y);
    } else {
      weight(FaceAction::upper_lid_raise) = 0.3F * expression.gaze_y;
    }
  }
  return parameters;
}

class GazeTest : public ::testing::Test {
 protected:
  std::optional<IrisPlace> irises_in(const cv::Mat& picture) {
    const auto found = detector_->detect(picture);
    if (found.size() != 1) return std::nullopt;
    face_ = found.front();
    return irises_in(picture, face_);
  }
  std::optional<IrisPlace> irises_in(const cv::Mat& picture, const base::Face& face) {
    mesh_ = reader_.read(picture, face).mesh;
    const auto head = fit_head(canonical_face(), mesh_, picture.size());
    if (!head) return std::nullopt;
    head_ = *head;
    return find_irises(picture, mesh_, *head);
  }
  std::optional<IrisPlace> irises_of(const synthesis::RenderParameters& parameters) {
    return irises_in(renderer().render(parameters).picture);
  }

  /// How many of them are said to look at the camera, and how many to look away.
  struct Count {
    int towards = 0, away = 0;
  };
  Count count(float yaw, float eyes_right, float eyes_up = 0) {
    Count found;
    for (const auto person : kLookers) {
      const auto irises = irises_of(looking(person, yaw, eyes_right, eyes_up));
      const auto said = irises ? towards_camera(*irises) : std::nullopt;
      if (said) ++(*said ? found.towards : found.away);
    }
    return found;
  }

  std::unique_ptr<faces::FaceDetector> detector_ =
      faces::make_detector("blazeface", models::ModelLibrary({testing::kShippedModels}));
  MeshReader reader_{load_mesh_network(mesh_card())};
  base::Face face_;  ///< the newest, as mesh and head
  base::FaceMesh mesh_;
  HeadFit head_;
};

TEST_F(GazeTest, IrisesGoWhereTheEyesLook) {
  for (const auto person : kLookers) {
    const auto ahead = irises_of(looking(person, 0, 0));
    const auto right = irises_of(looking(person, 0, 25));
    const auto left = irises_of(looking(person, 0, -25));
    ASSERT_TRUE(ahead && right && left) << person;
    EXPECT_GT(right->across, ahead->across + 2) << person;
    EXPECT_LT(left->across, ahead->across - 2) << person;
    EXPECT_GT(gaze_of(*right).right, 12) << person;
    EXPECT_LT(gaze_of(*left).right, -12) << person;
  }
}

TEST_F(GazeTest, EyesAheadLookAtTheCameraAndTurnedOnesDoNot) {
  const auto ahead = count(0, 0);
  EXPECT_GE(ahead.towards, 6);
  EXPECT_LE(ahead.away, 1);
  for (const float aside : {-22.F, 22.F}) {
    const auto turned = count(0, aside);
    EXPECT_GE(turned.away, 6) << aside;
    EXPECT_LE(turned.towards, 1) << aside;
  }
}

TEST_F(GazeTest, ATurnedHeadMayLookAtTheCameraAndMayNot) {
  for (const float yaw : {-22.F, 22.F}) {
    const auto back = count(yaw, -yaw);
    EXPECT_GE(back.towards, 5) << yaw;
    EXPECT_LE(back.away, 2) << yaw;
    const auto along = count(yaw, 0);
    EXPECT_GE(along.away, 5) << yaw;
    EXPECT_LE(along.towards, 2) << yaw;
  }
}

TEST_F(GazeTest, ItIsTheLineOfSightThatCounts) {
  // The same face in a corner of a larger picture is seen along another line. Eyes that look
  // into the lens do so wherever the face is.
  int known = 0, same = 0;
  for (const auto person : kLookers) {
    const cv::Mat picture = renderer().render(looking(person, 0, 0)).picture;
    const auto here = irises_in(picture);
    cv::Mat wide(picture.rows * 2, picture.cols * 3, CV_8UC3, cv::Scalar::all(90));
    picture.copyTo(wide({0, 0, picture.cols, picture.rows}));
    const auto there = irises_in(wide, face_);
    ASSERT_TRUE(here && there) << person;
    EXPECT_LT(std::abs(there->turned_across - here->turned_across), 0.05F) << person;
    EXPECT_LT(std::abs(there->turned_down - here->turned_down), 0.05F) << person;
    const auto said = towards_camera(*here);
    if (!said) continue;
    ++known;
    same += towards_camera(*there).value_or(*said) == *said;
  }
  EXPECT_GE(known, 5);
  EXPECT_EQ(same, known);
}

TEST_F(GazeTest, IsNotKnownWhereTheEyesDoNotShowIt) {
  const auto face = looking(50, 0, 0);
  auto far = face;
  far.camera.focal /= 3;  // some seven pixels for an eye
  EXPECT_FALSE(irises_of(far));
  const cv::Mat picture = renderer().render(face).picture;
  ASSERT_TRUE(irises_in(picture));
  cv::Mat even = picture.clone();
  for (const int outer : {33, 263}) {
    const auto& at = mesh_.points[static_cast<std::size_t>(outer)];
    cv::circle(even, {cvRound(at.x), cvRound(at.y)}, 45, cv::Scalar::all(60), cv::FILLED);
  }
  EXPECT_FALSE(find_irises(even, mesh_, head_)) << "dark glasses";
  auto points = mesh_;
  points.points.pop_back();
  EXPECT_FALSE(find_irises(picture, points, head_));
  EXPECT_FALSE(find_irises({}, mesh_, head_));
  IrisPlace faint;
  faint.opening = 9;
  faint.contrast = 0.05F;
  EXPECT_EQ(towards_camera(faint), std::nullopt);
}

TEST_F(GazeTest, PointsThatAreNoneAreNoGaze) {
  const cv::Mat picture = renderer().render(looking(50, 0, 0)).picture;
  ASSERT_TRUE(irises_in(picture));
  for (const float wrong : {1e6F, -1e6F, std::nanf("")}) {
    auto mesh = mesh_;
    mesh.points[159].y = wrong;
    EXPECT_NO_THROW(find_irises(picture, mesh, head_)) << wrong;
    mesh.points[33] = {wrong, wrong, 0};
    EXPECT_NO_THROW(find_irises(picture, mesh, head_)) << wrong;
  }
  auto outside = mesh_;  // half of the face beyond the picture's edge
  for (auto& point : outside.points) point.x -= 230;
  EXPECT_NO_THROW(find_irises(picture, outside, head_));
}

TEST_F(GazeTest, BetweenTheTwoNothingIsSaid) {
  IrisPlace place;
  place.contrast = 0.4F;
  place.opening = 9.8F / 0.57F;  // looks straight ahead
  std::vector<std::optional<bool>> said;
  for (const float across : {0.F, 1.5F, 2.5F, 3.5F, -3.5F, 6.F}) {
    place.across = across;
    said.push_back(towards_camera(place));
  }
  EXPECT_EQ(said,
            (std::vector<std::optional<bool>>{true, true, std::nullopt, false, false, false}));
}

TEST(GazeReading, IsAmongWhatIsMeasuredUnlessTheEyesAreNotSeen) {
  const auto reader = load_movement_reader("", models::ModelLibrary({testing::kShippedModels}));
  const auto detector =
      faces::make_detector("blazeface", models::ModelLibrary({testing::kShippedModels}));
  const auto read = [&](const cv::Mat& picture) {
    base::FaceReading reading;
    reading.face = detector->detect(picture).at(0);
    reader->reset();
    reader->read(picture, reading, std::chrono::seconds(0));
    return reading.geometry.value();
  };
  EXPECT_EQ(read(renderer().render(looking(51, 0, 0)).picture).towards_camera, true);
  EXPECT_EQ(read(renderer().render(looking(51, 0, 25)).picture).towards_camera, false);
  const auto profile = read(renderer().render(looking(51, 50, 0)).picture);
  EXPECT_TRUE(profile.pose);
  EXPECT_EQ(profile.towards_camera, std::nullopt) << "one eye is hardly seen";
}

}  // namespace
}  // namespace mien::movements
