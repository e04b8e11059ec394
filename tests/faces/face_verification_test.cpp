#include "face_verification.hpp"

#include <cmath>
#include <filesystem>
#include <limits>

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/models/model_library.hpp"

#include "portrait.hpp"
#include "support/shipped_models.hpp"

namespace mien::faces {
namespace {

class SecondLookTest : public ::testing::Test {
 protected:
  BlazeFace network_{models::ModelLibrary({testing::kShippedModels})
                         .find("blazeface", models::ModelCard::Task::face)};
  SecondLook look_{network_};
  cv::Mat picture_ = portrait();
  const cv::Point2f face_{225, 122};  // of the portrait
};

TEST_F(SecondLookTest, ARoughBoxBecomesTheFace) {
  for (const float off : {-12.0F, 0.0F, 12.0F}) {
    const base::Face rough{
        {face_.x - 50 + off, face_.y - 50 - off, 100, 100}, 0.4F, std::nullopt};
    const auto face = look_.at(picture_, rough, 0.5F);
    ASSERT_TRUE(face);
    EXPECT_LT(distance(middle(face->box), face_), 10);
    EXPECT_NEAR(face->box.width, 95, 20);
    ASSERT_TRUE(face->landmarks);
    EXPECT_LT(distance(face->landmarks->right_eye, {204, 102}), 6);
    EXPECT_LT(distance(face->landmarks->left_eye, {248, 105}), 6);
  }
}

// Many times larger than the crop: averaged down, not sampled.
TEST_F(SecondLookTest, TheFaceMayBeTurnedAndLarge) {
  cv::Mat turned;
  cv::warpAffine(picture_, turned, cv::getRotationMatrix2D(face_, 40, 1), picture_.size());
  cv::resize(turned, turned, {}, 4, 4);
  const cv::Point2f across(std::cos(0.7F), -std::sin(0.7F));
  const base::Landmarks marks{face_ * 4 - across * 80, face_ * 4 + across * 80, face_ * 4,
                              face_ * 4};
  const auto face =
      look_.at(turned, {{face_.x * 4 - 200, face_.y * 4 - 200, 400, 400}, 0.4F, marks}, 0.5F);
  ASSERT_TRUE(face);
  EXPECT_LT(distance(middle(face->box), face_ * 4), 50);
  const auto eyes = face->landmarks->left_eye - face->landmarks->right_eye;
  EXPECT_NEAR(std::atan2(eyes.y, eyes.x) * 180 / CV_PI, -36, 8);
}

TEST_F(SecondLookTest, RejectsNonFaces) {
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
  const base::Face beside{{face_.x + 10, face_.y - 50, 100, 100}, 0.9F, std::nullopt};
  const auto face = look_.at(picture_, beside, 0.5F);
  EXPECT_FALSE(face);
}

models::ModelCard mesh_card() {
  return models::load_model_card(testing::kShippedModels / "face-mesh");
}

/// The demo's portrait, whose face is known.
class MeshLookTest : public ::testing::Test {
 protected:
  const cv::Mat portrait_ = portrait();
  const base::Face face_{{170, 68, 108, 108},
                         0.9F,
                         base::Landmarks{{204, 108}, {244, 106}, {226, 130}, {226, 148}}};
  MeshLook mesh_{mesh_card()};
};

TEST_F(MeshLookTest, AFaceIsThere) {
  ASSERT_FALSE(portrait_.empty());
  EXPECT_GT(mesh_.presence(portrait_, face_), 0.9F);
}

TEST_F(MeshLookTest, ASmallOneToo) {
  cv::Mat small;
  cv::resize(portrait_, small, {}, 0.3, 0.3, cv::INTER_AREA);
  base::Face face = face_;
  face.box = {51, 20.4F, 32.4F, 32.4F};
  face.landmarks.reset();
  EXPECT_GT(mesh_.presence(small, face), 0.5F);
}

TEST_F(MeshLookTest, ATurnedOneIsSetUprightByItsEyes) {
  const cv::Mat turn = cv::getRotationMatrix2D({224, 122}, 60, 1);
  cv::Mat turned;
  cv::warpAffine(portrait_, turned, turn, portrait_.size());
  base::Face face = face_;
  for (auto* point : {&face.landmarks->right_eye, &face.landmarks->left_eye,
                      &face.landmarks->nose, &face.landmarks->mouth}) {
    const cv::Matx23d m(turn);
    *point = {static_cast<float>(m(0, 0) * point->x + m(0, 1) * point->y + m(0, 2)),
              static_cast<float>(m(1, 0) * point->x + m(1, 1) * point->y + m(1, 2))};
  }
  EXPECT_GT(mesh_.presence(turned, face), 0.9F);
  face.landmarks.reset();
  EXPECT_LT(mesh_.presence(turned, face), 0.9F);
}

TEST_F(MeshLookTest, NothingElseIsAFace) {
  cv::Mat noise(300, 300, CV_8UC3);
  cv::RNG(3).fill(noise, cv::RNG::UNIFORM, 0, 256);
  const cv::Mat flat(300, 300, CV_8UC3, cv::Scalar::all(128));
  const base::Face anywhere{{100, 100, 100, 100}, 0.6F, std::nullopt};
  EXPECT_LT(mesh_.presence(noise, anywhere), 0.02F);
  EXPECT_LT(mesh_.presence(flat, anywhere), 0.02F);
  // The neck ring of the suit.
  EXPECT_LT(mesh_.presence(portrait_, {{180, 190, 90, 90}, 0.6F, std::nullopt}), 0.02F);
}

TEST_F(MeshLookTest, EyesAndMouthAreMoreExactThanGiven) {
  const auto exact = mesh_.landmarks(portrait_, face_);
  ASSERT_TRUE(exact);
  base::Face off = face_;
  for (auto* point :
       {&off.landmarks->right_eye, &off.landmarks->left_eye, &off.landmarks->mouth}) {
    *point += cv::Point2f(8, 5);
  }
  const auto again = mesh_.landmarks(portrait_, off);
  ASSERT_TRUE(again);
  EXPECT_LT(distance(again->right_eye, exact->right_eye), 3);
  EXPECT_LT(distance(again->left_eye, exact->left_eye), 3);
  EXPECT_LT(distance(again->mouth, exact->mouth), 3);
}

TEST_F(MeshLookTest, NoLandmarksWhereTheyCannotBeTrusted) {
  base::Face face = face_;
  face.landmarks.reset();
  EXPECT_FALSE(mesh_.landmarks(portrait_, face)) << "nothing that they could be compared with";
  // Eyes that are given the wrong way round turn the crop by 180 degrees, and the network lays
  // an upright mesh over the face there.
  face = face_;
  std::swap(face.landmarks->right_eye, face.landmarks->left_eye);
  EXPECT_FALSE(mesh_.landmarks(portrait_, face));
  face = face_;
  face.box += cv::Point2f(0, 200);
  for (auto* point : {&face.landmarks->right_eye, &face.landmarks->left_eye,
                      &face.landmarks->nose, &face.landmarks->mouth}) {
    point->y += 200;
  }
  EXPECT_FALSE(mesh_.landmarks(portrait_, face)) << "no face is there";
}

TEST_F(MeshLookTest, BoxesThatAreNone) {
  const float nan = std::nanf("");
  EXPECT_EQ(mesh_.presence(portrait_, {{nan, nan, nan, nan}, 0.6F, std::nullopt}), 0);
  EXPECT_EQ(mesh_.presence(portrait_, {{5000, 5000, 10, 10}, 0.6F, std::nullopt}), 0);
  EXPECT_EQ(mesh_.presence(portrait_, {{10, 10, 0, 0}, 0.6F, std::nullopt}), 0);
}

TEST(MeshLook, AnotherCardIsRefused) {
  models::ModelCard card = mesh_card();
  card.input.layout = models::ModelCard::Layout::nchw;
  EXPECT_THROW(MeshLook{card}, base::Error);
  card = mesh_card();
  card.task = models::ModelCard::Task::face;
  EXPECT_THROW(MeshLook{card}, base::Error);
}

}  // namespace

}  // namespace mien::faces
