#include "face_presence.hpp"

#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"

#include "portrait.hpp"
#include "support/shipped_models.hpp"

namespace mien {
namespace {

ModelCard mesh_card() { return load_model_card(testing::kShippedModels / "face-mesh"); }

/// The demo's portrait, whose face is known.
class FacePresenceTest : public ::testing::Test {
 protected:
  const cv::Mat portrait_ = testing::portrait();
  const Face face_{
      {170, 68, 108, 108}, 0.9F, Landmarks{{204, 108}, {244, 106}, {226, 130}, {226, 148}}};
  FacePresence presence_{mesh_card()};
};

TEST_F(FacePresenceTest, AFaceIsThere) {
  ASSERT_FALSE(portrait_.empty());
  EXPECT_GT(presence_.of(portrait_, face_), 0.9F);
}

TEST_F(FacePresenceTest, ASmallOneToo) {
  cv::Mat small;
  cv::resize(portrait_, small, {}, 0.3, 0.3, cv::INTER_AREA);
  Face face = face_;
  face.box = {51, 20.4F, 32.4F, 32.4F};
  face.landmarks.reset();
  EXPECT_GT(presence_.of(small, face), 0.5F);
}

TEST_F(FacePresenceTest, ATurnedOneIsSetUprightByItsEyes) {
  const cv::Mat turn = cv::getRotationMatrix2D({224, 122}, 60, 1);
  cv::Mat turned;
  cv::warpAffine(portrait_, turned, turn, portrait_.size());
  Face face = face_;
  for (auto* point : {&face.landmarks->right_eye, &face.landmarks->left_eye,
                      &face.landmarks->nose, &face.landmarks->mouth}) {
    const cv::Matx23d m(turn);
    *point = {static_cast<float>(m(0, 0) * point->x + m(0, 1) * point->y + m(0, 2)),
              static_cast<float>(m(1, 0) * point->x + m(1, 1) * point->y + m(1, 2))};
  }
  EXPECT_GT(presence_.of(turned, face), 0.9F);
  face.landmarks.reset();
  EXPECT_LT(presence_.of(turned, face), 0.9F);
}

TEST_F(FacePresenceTest, NothingElseIsAFace) {
  cv::Mat noise(300, 300, CV_8UC3);
  cv::RNG(3).fill(noise, cv::RNG::UNIFORM, 0, 256);
  const cv::Mat flat(300, 300, CV_8UC3, cv::Scalar::all(128));
  const Face anywhere{{100, 100, 100, 100}, 0.6F, std::nullopt};
  EXPECT_LT(presence_.of(noise, anywhere), 0.02F);
  EXPECT_LT(presence_.of(flat, anywhere), 0.02F);
  // The neck ring of the suit.
  EXPECT_LT(presence_.of(portrait_, {{180, 190, 90, 90}, 0.6F, std::nullopt}), 0.02F);
}

TEST_F(FacePresenceTest, BoxesThatAreNone) {
  const float nan = std::nanf("");
  EXPECT_EQ(presence_.of(portrait_, {{nan, nan, nan, nan}, 0.6F, std::nullopt}), 0);
  EXPECT_EQ(presence_.of(portrait_, {{5000, 5000, 10, 10}, 0.6F, std::nullopt}), 0);
  EXPECT_EQ(presence_.of(portrait_, {{10, 10, 0, 0}, 0.6F, std::nullopt}), 0);
}

TEST(FacePresence, AnotherCardIsRefused) {
  ModelCard card = mesh_card();
  card.input.layout = ModelCard::Layout::nchw;
  EXPECT_THROW(FacePresence{card}, Error);
  card = mesh_card();
  card.task = ModelCard::Task::face;
  EXPECT_THROW(FacePresence{card}, Error);
}

}  // namespace
}  // namespace mien
