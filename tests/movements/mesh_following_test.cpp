#include "mien/movements/mesh_following.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "shipped_mesh.hpp"
#include "support/fake_mesh.hpp"

namespace mien::movements {
namespace {

base::FaceMesh mesh_at(const base::HeadPose& pose) {
  return testing::seen_mesh(canonical_face().points, pose, {640, 480}, 500);
}

const base::Face kFollowedFace{{270, 180, 100, 104},
                               0.8F,
                               base::Landmarks{{300, 220}, {340, 220}, {320, 240}, {320, 262}}};

TEST(MovedWithMesh, ADetectorsFramingStaysWithTheFace) {
  const auto from = mesh_at({.translation = {0, 0, 600}});
  const auto same = moved_with_mesh(kFollowedFace, from, from);
  ASSERT_TRUE(same);
  EXPECT_NEAR(same->box.x, kFollowedFace.box.x, 1e-2);
  EXPECT_NEAR(same->box.height, kFollowedFace.box.height, 1e-2);
  auto beside = from;
  for (auto& point : beside.points) point.x += 100;
  const auto right = moved_with_mesh(kFollowedFace, from, beside);
  ASSERT_TRUE(right);
  EXPECT_NEAR(right->box.x, kFollowedFace.box.x + 100, 0.01);
  EXPECT_NEAR(right->box.y, kFollowedFace.box.y, 0.01);
  EXPECT_NEAR(right->landmarks->nose.x, 420, 0.01);
  EXPECT_EQ(right->confidence, kFollowedFace.confidence);
  // Half as far away: twice the size.
  const auto near = moved_with_mesh(kFollowedFace, mesh_at({.translation = {0, 0, 12000}}),
                                    mesh_at({.translation = {0, 0, 6000}}));
  ASSERT_TRUE(near);
  EXPECT_NEAR(near->box.width, 2 * kFollowedFace.box.width, 4);
  EXPECT_NEAR(near->landmarks->left_eye.x - near->landmarks->right_eye.x, 80, 2);
}

TEST(MovedWithMesh, PointsTurnAndTheBoxStaysLevel) {
  const auto from = mesh_at({.translation = {0, 0, 600}});
  const auto to = mesh_at({.roll = 30, .translation = {0, 0, 600}});
  const auto turned = moved_with_mesh(kFollowedFace, from, to);
  ASSERT_TRUE(turned);
  const cv::Point2f eyes = turned->landmarks->left_eye - turned->landmarks->right_eye;
  EXPECT_NEAR(std::atan2(eyes.y, eyes.x) * 180 / CV_PI, 30, 1.5);
  EXPECT_NEAR(std::hypot(eyes.x, eyes.y), 40, 2);
  EXPECT_NEAR(turned->box.width, kFollowedFace.box.width, 5);
}

TEST(MovedWithMesh, WithoutAMeshNothingIsMoved) {
  const auto mesh = mesh_at({.translation = {0, 0, 600}});
  EXPECT_FALSE(moved_with_mesh(kFollowedFace, mesh, {}));
  EXPECT_FALSE(moved_with_mesh(kFollowedFace, {}, mesh));
  base::FaceMesh point = mesh;
  for (auto& each : point.points) each = {3, 3, 0};
  EXPECT_FALSE(moved_with_mesh(kFollowedFace, point, mesh));
  EXPECT_FALSE(moved_with_mesh(kFollowedFace, mesh, point));
}

}  // namespace
}  // namespace mien::movements
