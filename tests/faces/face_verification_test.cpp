#include "second_look.hpp"

#include <cmath>
#include <filesystem>
#include <limits>

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/base/model_library.hpp"

#include "portrait.hpp"
#include "support/shipped_models.hpp"

namespace mien {
namespace {

class SecondLookTest : public ::testing::Test {
 protected:
  BlazeFace network_{
      ModelLibrary({testing::kShippedModels}).find("blazeface", ModelCard::Task::face)};
  SecondLook look_{network_};
  cv::Mat picture_ = testing::portrait();
  const cv::Point2f face_{225, 122};  // of the portrait
};

TEST_F(SecondLookTest, ARoughBoxBecomesTheFace) {
  for (const float off : {-12.0F, 0.0F, 12.0F}) {
    const Face rough{{face_.x - 50 + off, face_.y - 50 - off, 100, 100}, 0.4F, std::nullopt};
    const auto face = look_.at(picture_, rough, 0.5F);
    ASSERT_TRUE(face);
    EXPECT_LT(testing::distance(testing::middle(face->box), face_), 10);
    EXPECT_NEAR(face->box.width, 95, 20);
    ASSERT_TRUE(face->landmarks);
    EXPECT_LT(testing::distance(face->landmarks->right_eye, {204, 102}), 6);
    EXPECT_LT(testing::distance(face->landmarks->left_eye, {248, 105}), 6);
  }
}

// Many times larger than the crop: averaged down, not sampled.
TEST_F(SecondLookTest, TheFaceMayBeTurnedAndLarge) {
  cv::Mat turned;
  cv::warpAffine(picture_, turned, cv::getRotationMatrix2D(face_, 40, 1), picture_.size());
  cv::resize(turned, turned, {}, 4, 4);
  const cv::Point2f across(std::cos(0.7F), -std::sin(0.7F));
  const Landmarks marks{face_ * 4 - across * 80, face_ * 4 + across * 80, face_ * 4, face_ * 4};
  const auto face =
      look_.at(turned, {{face_.x * 4 - 200, face_.y * 4 - 200, 400, 400}, 0.4F, marks}, 0.5F);
  ASSERT_TRUE(face);
  EXPECT_LT(testing::distance(testing::middle(face->box), face_ * 4), 50);
  const auto eyes = face->landmarks->left_eye - face->landmarks->right_eye;
  EXPECT_NEAR(std::atan2(eyes.y, eyes.x) * 180 / CV_PI, -36, 8);
}

TEST_F(SecondLookTest, WhatIsNoFaceIsNone) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const cv::Rect2f& box :
       {cv::Rect2f(20, 380, 90, 90), cv::Rect2f(350, 20, 90, 90),
        cv::Rect2f(-500, -500, 90, 90), cv::Rect2f(10, 10, 0, 0), cv::Rect2f(nan, 10, 50, 50),
        cv::Rect2f(0, 0, 1e9F, 1e9F), cv::Rect2f(5, 5, 0.001F, 0.001F)}) {
    EXPECT_FALSE(look_.at(picture_, {box, 0.9F, std::nullopt}, 0.5F)) << box;
  }
}

// A box over two heads is neither of them.
TEST_F(SecondLookTest, ANeighbourIsNotTheOneLookedFor) {
  const Face beside{{face_.x + 10, face_.y - 50, 100, 100}, 0.9F, std::nullopt};
  const auto face = look_.at(picture_, beside, 0.5F);
  EXPECT_FALSE(face);
}

TEST(OneForEachHead, TheSurerStays) {
  const auto face = [](float x, float y, float side, float confidence) {
    return Face{{x, y, side, side}, confidence, std::nullopt};
  };
  const auto kept =
      one_for_each_head({face(0, 0, 100, 0.6F), face(5, 5, 100, 0.9F), face(200, 0, 40, 0.8F),
                         face(190, -10, 90, 0.5F), face(300, 0, 50, 0.7F)});
  ASSERT_EQ(kept.size(), 3U);
  EXPECT_EQ(kept[0].confidence, 0.9F);
  EXPECT_EQ(kept[1].confidence, 0.8F);
  EXPECT_EQ(kept[2].confidence, 0.7F);
  EXPECT_TRUE(one_for_each_head({}).empty());
}

}  // namespace
}  // namespace mien
