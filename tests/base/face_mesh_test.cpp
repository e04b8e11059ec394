#include "mien/base/face_mesh.hpp"

#include <gtest/gtest.h>

namespace mien::base {
namespace {

TEST(FaceMesh, LandmarksAreThoseOfTheEyesTheNoseAndTheMouth) {
  FaceMesh mesh;
  for (int i = 0; i < kMeshPoints; ++i) {
    mesh.points.emplace_back(static_cast<float>(i), static_cast<float>(-2 * i), 5.F);
  }
  const Landmarks found = landmarks_of(mesh);
  // Corners of eyes 33 and 133, 362 and 263, tip of the nose 4, inner lips 13 and 14.
  EXPECT_EQ(found.right_eye, cv::Point2f(83, -166));
  EXPECT_EQ(found.left_eye, cv::Point2f(312.5F, -625));
  EXPECT_EQ(found.nose, cv::Point2f(4, -8));
  EXPECT_EQ(found.mouth, cv::Point2f(13.5F, -27));
}

}  // namespace
}  // namespace mien::base
