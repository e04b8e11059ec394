#include "mien/base/head_pose.hpp"

#include <gtest/gtest.h>

namespace mien::base {
namespace {

HeadPose turned(float pitch, float yaw, float roll, cv::Point3f at = {}) {
  return {.pitch = pitch, .yaw = yaw, .roll = roll, .translation = at};
}

void expect_angles(const HeadPose& pose, const HeadPose& expected) {
  EXPECT_NEAR(pose.pitch, expected.pitch, 1e-3);
  EXPECT_NEAR(pose.yaw, expected.yaw, 1e-3);
  EXPECT_NEAR(pose.roll, expected.roll, 1e-3);
}

TEST(BaseHeadPoseTest, AnglesComeBackFromTheRotation) {
  for (const auto& pose : {turned(0, 0, 0), turned(30, 0, 0), turned(0, -70, 0),
                           turned(0, 0, 170), turned(-15, 40, -25), turned(100, 5, -100)}) {
    const auto r = rotation_of(pose);
    EXPECT_NEAR(cv::determinant(r), 1, 1e-9);
    EXPECT_LT(cv::norm(r * r.t() - cv::Matx33d::eye()), 1e-9);
    expect_angles(pose_of(r), pose);
  }
}

TEST(BaseHeadPoseTest, EachAngleTurnsAsOpenFaceCountsIt) {
  const cv::Vec3d nose(0, 0, -1), top(0, -1, 0);
  EXPECT_GT((rotation_of(turned(20, 0, 0)) * nose)[1], 0) << "the chin down";
  EXPECT_LT((rotation_of(turned(0, 20, 0)) * nose)[0], 0) << "to the person's right";
  EXPECT_GT((rotation_of(turned(0, 0, 20)) * top)[0], 0) << "to the picture's right";
}

TEST(BaseHeadPoseTest, TheLineOfSightIsReachedByTheShortestWay) {
  const cv::Vec3d place(200, -100, 400);
  const auto turn = turn_towards(place);
  EXPECT_LT(cv::norm(turn * cv::Vec3d(0, 0, 1) - place / cv::norm(place)), 1e-9);
  const cv::Vec3d upright(place[1], -place[0], 0);
  EXPECT_LT(cv::norm(turn * upright - upright), 1e-9)
      << "about the axis that is upright on both";
  EXPECT_EQ(turn_towards({10, 10, 0}), cv::Matx33d::eye());
  EXPECT_EQ(turn_towards({0, 0, -5}), cv::Matx33d::eye());
}

TEST(BaseHeadPoseTest, AHeadAsideIsSeenFromItsSide) {
  expect_angles(as_seen(turned(10, 20, 30)), turned(10, 20, 30));
  expect_angles(as_seen(turned(10, 20, 30, {0, 0, 600})), turned(10, 20, 30));
  // 45 degrees to the picture's right without being turned: its right side is seen.
  const auto right = as_seen(turned(0, 0, 0, {700, 0, 700}));
  expect_angles(right, turned(0, -45, 0));
  EXPECT_EQ(right.translation, cv::Point3f(700, 0, 700));
  // Turned towards the camera from there, it is seen from the front.
  expect_angles(as_seen(turned(0, 45, 0, {700, 0, 700})), turned(0, 0, 0));
  expect_angles(as_seen(turned(-45, 0, 0, {0, 700, 700})), turned(0, 0, 0));
  // Nearer than anybody is taken to be: by a lens that is as much longer.
  expect_angles(as_seen(turned(0, 0, 0, {600, 0, 200})), turned(0, -45, 0));
}

}  // namespace
}  // namespace mien::base
