#include "nms.hpp"

#include <gtest/gtest.h>

#include "mien/faces/overlap.hpp"

namespace mien::faces {
namespace {

TEST(IntersectionOverUnion, OfHandComputedBoxes) {
  EXPECT_FLOAT_EQ(intersection_over_union({0, 0, 10, 10}, {0, 0, 10, 10}), 1);
  EXPECT_FLOAT_EQ(intersection_over_union({0, 0, 10, 10}, {5, 0, 10, 10}), 50.0F / 150);
  EXPECT_FLOAT_EQ(intersection_over_union({0, 0, 10, 10}, {10, 0, 10, 10}), 0);
  EXPECT_FLOAT_EQ(intersection_over_union({0, 0, 0, 0}, {0, 0, 0, 0}), 0);
}

TEST(BlendOverlapping, WeighsByConfidenceAndKeepsTheBestOne) {
  base::Face sure{{0, 0, 10, 10}, 0.9F, base::Landmarks{{2, 3}, {8, 3}, {5, 5}, {5, 8}}};
  base::Face unsure{{4, 0, 10, 10}, 0.3F, base::Landmarks{{6, 3}, {12, 3}, {9, 5}, {9, 8}}};
  const base::Face other{{100, 100, 20, 20}, 0.6F, std::nullopt};
  const auto faces = blend_overlapping({unsure, other, sure}, 0.3F);
  ASSERT_EQ(faces.size(), 2U);
  EXPECT_FLOAT_EQ(faces[0].confidence, 0.9F);
  EXPECT_FLOAT_EQ(faces[0].box.x, 1);  // (0 * 0.9 + 4 * 0.3) / 1.2
  EXPECT_FLOAT_EQ(faces[0].box.width, 10);
  EXPECT_FLOAT_EQ(faces[0].landmarks->right_eye.x, 3);
  EXPECT_FLOAT_EQ(faces[0].landmarks->mouth.y, 8);
  EXPECT_EQ(faces[1].box, other.box);
  EXPECT_FALSE(faces[1].landmarks);
  EXPECT_EQ(blend_overlapping({sure, unsure}, 0.5F).size(), 2U);
  EXPECT_TRUE(blend_overlapping({}, 0.3F).empty());
}

TEST(SuppressOverlapping, TheSurerStays) {
  const auto face = [](float x, float y, float side, float confidence) {
    return base::Face{{x, y, side, side}, confidence, std::nullopt};
  };
  const auto kept = suppress_overlapping(
      {face(0, 0, 100, 0.6F), face(5, 5, 100, 0.9F), face(200, 0, 40, 0.8F),
       face(190, -10, 90, 0.5F), face(300, 0, 50, 0.7F)},
      0.35F, 0.6F);
  ASSERT_EQ(kept.size(), 3U);
  EXPECT_EQ(kept[0].confidence, 0.9F);
  EXPECT_EQ(kept[1].confidence, 0.8F);
  EXPECT_EQ(kept[2].confidence, 0.7F);
  EXPECT_TRUE(suppress_overlapping({}, 0.35F, 0.6F).empty());
}

}  // namespace
}  // namespace mien::faces
