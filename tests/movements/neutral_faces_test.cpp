#include "mien/movements/neutral_faces.hpp"

#include <gtest/gtest.h>

namespace mien::movements {
namespace {

using namespace std::chrono_literals;
using Points = std::vector<cv::Point3f>;

Points flat_face(float x) { return Points(4, {x, 2, 3}); }

TEST(NeutralFacesTest, TwoSecondsMakeAMeanFace) {
  NeutralFaces faces;
  EXPECT_FALSE(faces.update(1, flat_face(1), 0s)) << "nobody asked";
  faces.begin(1);
  bool done = false;
  for (int i = 0; i <= 70 && !done; ++i) {
    EXPECT_EQ(faces.get(1), nullptr);
    done = faces.update(1, flat_face(i % 2 == 0 ? 4.0F : 6.0F), 1s + i * 33ms);
  }
  ASSERT_TRUE(done);
  ASSERT_NE(faces.get(1), nullptr);
  EXPECT_NEAR(faces.get(1)->at(2).x, 5, 0.05);
  faces.clear(1);
  EXPECT_EQ(faces.get(1), nullptr);
}

TEST(NeutralFacesTest, TheOldOneIsUsedUntilTheNewOneIsThere) {
  NeutralFaces faces;
  faces.begin(1);
  int i = 0;
  while (!faces.update(1, flat_face(1), i * 33ms)) ASSERT_LT(++i, 100);
  faces.begin(1);
  ++i;
  faces.update(1, flat_face(9), i * 33ms);
  EXPECT_EQ(faces.get(1)->at(0).x, 1);
  EXPECT_EQ(faces.number(1), 1U);
  while (!faces.update(1, flat_face(9), i * 33ms)) ASSERT_LT(++i, 200);
  EXPECT_EQ(faces.number(1), 2U) << "another one is another zero";
}

TEST(NeutralFacesTest, GapsDoNotCountAndItIsGivenUpInTheEnd) {
  NeutralFaces faces;
  faces.begin(1);
  for (int i = 0; i < 7; ++i) EXPECT_FALSE(faces.update(1, flat_face(1), i * 2s)) << i;
  faces.update(1, flat_face(1), 16s);
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(faces.update(1, flat_face(1), 17s + i * 33ms)) << "nobody asks any more";
  }
  EXPECT_EQ(faces.get(1), nullptr);
}

TEST(NeutralFacesTest, PeopleAreForgottenAfterAMinute) {
  NeutralFaces faces;
  faces.begin(1);
  faces.begin(2);
  faces.forget_absent(5s);
  EXPECT_EQ(faces.remembered(), 2u);
  faces.update(2, flat_face(1), 50s);
  faces.forget_absent(66s);
  EXPECT_EQ(faces.remembered(), 1u);
  faces.reset();
  EXPECT_EQ(faces.remembered(), 0u);
}

}  // namespace
}  // namespace mien::movements
