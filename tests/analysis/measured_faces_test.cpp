#include "mien/analysis/measured_faces.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/base/movements.hpp"

namespace mien::analysis {
namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

/// A face whose movements are all `movement`.
base::FaceGeometry turned(float pitch, float yaw, float roll, float movement) {
  base::FaceGeometry geometry;
  geometry.pose = base::HeadPose{pitch, yaw, roll, {}};
  geometry.movements.assign(base::movements().size(), movement);
  return geometry;
}

base::FaceGeometry without_mesh(base::MeshDoubt doubt) {
  base::FaceGeometry geometry;
  geometry.doubt = doubt;
  return geometry;
}

TEST(MeasuredFaces, CountsMeshesAndWhyThereIsNone) {
  MeasuredFaces faces(2);
  faces.add(0, turned(1, 2, 3, 0));
  faces.add(0, without_mesh(base::MeshDoubt::no_face));
  faces.add(1, without_mesh(base::MeshDoubt::no_face));
  faces.add(1, without_mesh(base::MeshDoubt::too_small));
  EXPECT_EQ(faces.faces(), 4U);
  EXPECT_EQ(faces.meshes(), 1U);
  EXPECT_EQ(faces.doubts(),
            (std::map<base::MeshDoubt, std::uint64_t>{{base::MeshDoubt::too_small, 1},
                                                      {base::MeshDoubt::no_face, 2}}));
  const auto labels = faces.labels();
  ASSERT_EQ(labels.size(), 2U);
  EXPECT_EQ(labels[0].faces, 2U);
  EXPECT_EQ(labels[0].meshes, 1U);
  EXPECT_TRUE(labels[0].head);
  EXPECT_EQ(labels[1].faces, 2U);
  EXPECT_EQ(labels[1].meshes, 0U);
  EXPECT_FALSE(labels[1].head) << "nobody there has a mesh";
  ASSERT_EQ(labels[1].movements.size(), base::movements().size());
  EXPECT_TRUE(std::isnan(labels[1].movements[0]));
}

TEST(MeasuredFaces, AnglesCountWithoutTheirSign) {
  MeasuredFaces faces(1);
  for (int i = 0; i < 20; ++i) {
    const float side = i % 2 == 0 ? 1.F : -1.F;
    faces.add(0, turned(side * 4, side * static_cast<float>(i), -5, 0));
  }
  const auto head = faces.labels().front().head.value();
  EXPECT_DOUBLE_EQ(head.pitch.median, 4);
  EXPECT_DOUBLE_EQ(head.pitch.p95, 4);
  EXPECT_DOUBLE_EQ(head.yaw.median, 9.5) << "between the two in the middle";
  EXPECT_DOUBLE_EQ(head.yaw.p95, 19);
  EXPECT_DOUBLE_EQ(head.roll.median, 5);
}

TEST(MeasuredFaces, TheMedianOfAMovementIsOfItsLabelAndOfWhatIsKnown) {
  MeasuredFaces faces(2);
  for (const float value : {0.2F, 0.9F, 0.4F}) faces.add(0, turned(0, 0, 0, value));
  faces.add(1, turned(0, 0, 0, -1));
  auto partly = turned(0, 0, 0, 0.5F);
  partly.movements[3] = kUnknown;
  faces.add(1, partly);
  auto less = turned(0, 0, 0, 0.5F);
  less.movements.resize(2);  // of an earlier version
  faces.add(1, less);
  const auto labels = faces.labels();
  EXPECT_FLOAT_EQ(static_cast<float>(labels[0].movements[0]), 0.4F);
  EXPECT_DOUBLE_EQ(labels[1].movements[0], 0.5);
  EXPECT_DOUBLE_EQ(labels[1].movements[2], -0.25) << "half-way between the two";
  EXPECT_DOUBLE_EQ(labels[1].movements[3], -1) << "the only one that is known";
}

TEST(MeasuredFaces, RefusesALabelThatThereIsNot) {
  MeasuredFaces faces(2);
  EXPECT_THROW(faces.add(2, turned(0, 0, 0, 0)), base::Error);
}

}  // namespace
}  // namespace mien::analysis
