#include "mien/movements/head_pose.hpp"

#include <functional>
#include <optional>

#include <gtest/gtest.h>

#include "shipped_mesh.hpp"
#include "support/fake_mesh.hpp"

namespace mien::movements {
namespace {

const cv::Size kPicture(640, 480);

base::HeadPose pose(float pitch, float yaw, float roll, cv::Point3f at = {0, 0, 1500}) {
  return {.pitch = pitch, .yaw = yaw, .roll = roll, .translation = at};
}

/// The fit to the canonical face's own mesh on a head of that pose.
std::optional<HeadFit> fit_of(const base::HeadPose& truth, double flatter = kDepthMissing) {
  const auto& face = canonical_face().points;
  return fit_head(canonical_face(), testing::seen_mesh(face, truth, kPicture, 500, flatter),
                  kPicture);
}

TEST(HeadPoseTest, TheFocalLengthIsTheOneThatOpenFaceAssumes) {
  EXPECT_FLOAT_EQ(assumed_focal_length({640, 480}), 500);
  EXPECT_FLOAT_EQ(assumed_focal_length({1280, 960}), 1000);
}

TEST(HeadPoseTest, AnglesAndPlaceOfACanonicalHeadComeBack) {
  for (const auto& truth :
       {pose(0, 0, 0), pose(0, 45, 0), pose(0, -45, 0), pose(30, 0, 0), pose(-30, 0, 0),
        pose(0, 0, 60), pose(0, 0, 170), pose(20, 30, -25), pose(-15, -60, 10),
        pose(5, 10, 3, {150, -90, 700}), pose(-5, -20, 8, {-260, 120, 1500})}) {
    const auto fit = fit_of(truth);
    ASSERT_TRUE(fit);
    EXPECT_NEAR(fit->pose.pitch, truth.pitch, 0.5);
    EXPECT_NEAR(fit->pose.yaw, truth.yaw, 0.5);
    EXPECT_NEAR(fit->pose.roll, truth.roll, 0.5);
    const float tolerance = 0.01F * truth.translation.z;
    EXPECT_NEAR(fit->pose.translation.x, truth.translation.x, tolerance);
    EXPECT_NEAR(fit->pose.translation.y, truth.translation.y, tolerance);
    EXPECT_NEAR(fit->pose.translation.z, truth.translation.z, tolerance);
    EXPECT_NEAR(fit->scale, 500 / truth.translation.z, 0.15 * fit->scale);
  }
}

TEST(HeadPoseTest, WhatIsLeftOfACanonicalHeadIsTheCanonicalFace) {
  for (const auto& truth : {pose(0, 0, 0), pose(0, 45, 0), pose(-30, 0, 0), pose(0, 0, 170),
                            pose(20, 30, -25), pose(0, 0, 0, {0, 0, 400})}) {
    const auto fit = fit_of(truth, 1);  // of a network that makes it as deep as it is
    ASSERT_TRUE(fit);
    for (std::size_t i = 0; i < fit->face.size(); ++i) {
      EXPECT_LT(cv::norm(fit->face[i] - canonical_face().points[i]), 2) << i;
    }
  }
}

// It is taken for one seen by a longer lens from farther away, whose perspective is weaker.
TEST(HeadPoseTest, AHeadNearerThanAnybodySitsIsRoughlyRight) {
  const auto truth = pose(0, 20, 0, {0, 0, 350});
  const auto fit = fit_of(truth);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->pose.pitch, truth.pitch, 3);
  EXPECT_NEAR(fit->pose.yaw, truth.yaw, 3);
  EXPECT_NEAR(fit->pose.roll, truth.roll, 3);
  EXPECT_NEAR(fit->pose.translation.z, truth.translation.z, 0.06 * truth.translation.z);
}

TEST(HeadPoseTest, FarTurnsAreAddedToTheSameWayOnBothSidesAndOnlySoFar) {
  const auto turned = fully_turned(pose(0, 45, 10));
  EXPECT_NEAR(turned.yaw, 45 + 4e-5 * 45 * 45 * 45, 1e-3);
  EXPECT_NEAR(turned.pitch, 1e-3 * 45 * 45, 1e-3);
  EXPECT_FLOAT_EQ(turned.roll, 10);
  EXPECT_FLOAT_EQ(fully_turned(pose(0, -45, 10)).yaw, -turned.yaw);
  EXPECT_FLOAT_EQ(fully_turned(pose(0, -45, 10)).pitch, turned.pitch);
  EXPECT_NEAR(fully_turned(pose(30, 0, 0)).pitch, 35.4, 1e-3);
  EXPECT_NEAR(fully_turned(pose(-30, 0, 0)).pitch, -31.8, 1e-3);
  EXPECT_NEAR(fully_turned(pose(0, 85, 0)).yaw, 85 + 4e-5 * 60 * 60 * 60, 1e-3);
  float last = -200;
  for (float angle = -85; angle <= 85; angle += 1) {
    const float yaw = fully_turned(pose(0, angle, 0)).yaw;
    EXPECT_GT(yaw, last);
    last = yaw;
  }
}

TEST(HeadPoseTest, PointsThatLieAsNoFacesDoHaveNone) {
  const auto& face = canonical_face().points;
  const auto fits = [&](const std::function<cv::Point3f(std::size_t)>& place) {
    base::FaceMesh mesh = testing::seen_mesh(face, pose(0, 10, 0), kPicture, 500);
    std::vector<cv::Point3f> points;
    for (std::size_t i = 0; i < mesh.points.size(); ++i) points.push_back(place(i));
    mesh.points = points;
    return fit_head(canonical_face(), mesh, kPicture).has_value();
  };
  const base::FaceMesh sound = testing::seen_mesh(face, pose(0, 10, 0), kPicture, 500);
  cv::RNG random(7);
  EXPECT_TRUE(fits([&](std::size_t i) { return sound.points[i]; }));
  EXPECT_FALSE(fits([&](std::size_t) {
    return cv::Point3f(random.uniform(250.F, 390.F), random.uniform(170.F, 310.F),
                       random.uniform(-60.F, 60.F));
  })) << "anywhere";
  EXPECT_FALSE(fits([&](std::size_t i) {
    return cv::Point3f(250 + 0.3F * static_cast<float>(i), 240, 0);
  })) << "on a line";
  EXPECT_FALSE(fits([&](std::size_t i) {
    return cv::Point3f(640 - sound.points[i].x, sound.points[i].y, sound.points[i].z);
  })) << "right and left changed";
  EXPECT_FALSE(fits([&](std::size_t i) { return sound.points[sound.points.size() - 1 - i]; }))
      << "in another order";
}

TEST(HeadPoseTest, SignsAreThoseOfOpenFace) {
  base::FaceMesh mesh =
      testing::seen_mesh(canonical_face().points, pose(0, 20, 0), kPicture, 500);
  const auto middle_of_eyes = (mesh.points[33].x + mesh.points[263].x) / 2;
  EXPECT_LT(mesh.points[1].x, middle_of_eyes)
      << "a positive yaw shows the nose to the person's right, the picture's left";
  mesh = testing::seen_mesh(canonical_face().points, pose(20, 0, 0), kPicture, 500);
  EXPECT_GT(mesh.points[10].z, mesh.points[152].z - 120);
  EXPECT_LT(mesh.points[10].z, mesh.points[152].z)
      << "a positive pitch brings the forehead nearer: the chin is down";
  mesh = testing::seen_mesh(canonical_face().points, pose(0, 0, 20), kPicture, 500);
  EXPECT_GT(mesh.points[10].x, mesh.points[152].x)
      << "a positive roll leans the head's top to the picture's right";
}

TEST(HeadPoseTest, PointsThatTellNoPoseGiveNone) {
  base::FaceMesh mesh;
  EXPECT_FALSE(fit_head(canonical_face(), mesh, kPicture));
  mesh.points.assign(base::kMeshPoints, {100, 100, 0});
  EXPECT_FALSE(fit_head(canonical_face(), mesh, kPicture));
}

}  // namespace
}  // namespace mien::movements
