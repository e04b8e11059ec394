#include "mien/synthesis/skin_photos.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/synthesis/movements.hpp"
#include "mien/synthesis/rendered_face.hpp"

namespace mien::synthesis {
namespace {

using ::testing::HasSubstr;

class SkinPhotosTest : public ::testing::Test {
 protected:
  ~SkinPhotosTest() override { std::filesystem::remove_all(package_); }

  std::filesystem::path file_of(const std::string& kind) const {
    return package_ / "public/data/skins" / kind / "textures" / (kind + "_diffuse.png");
  }
  /// A skin that is dark at its left, with fine stripes all over.
  void add(const std::string& kind) const {
    cv::Mat picture(256, 256, CV_8UC3);
    for (int y = 0; y < 256; ++y) {
      for (int x = 0; x < 256; ++x) {
        const int value = 60 + x / 2 + (x % 4 < 2 ? 25 : -25);
        picture.at<cv::Vec3b>(y, x) = cv::Vec3b::all(static_cast<uchar>(value));
      }
    }
    std::filesystem::create_directories(file_of(kind).parent_path());
    cv::imwrite(file_of(kind).string(), picture);
  }
  std::string refusal() const {
    try {
      read_skin_photos(package_);
      return {};
    } catch (const base::Error& error) {
      return error.what();
    }
  }

  std::filesystem::path package_ =
      std::filesystem::temp_directory_path() / ("mien-skins-" + std::to_string(::getpid()));
};

TEST_F(SkinPhotosTest, WhatIsNotThereOrDamagedIsASentence) {
  EXPECT_THAT(refusal(), HasSubstr("There are no skins"));
  std::filesystem::create_directories(package_ / "public/data/skins");
  EXPECT_THAT(refusal(), HasSubstr("There are no skins"));
  add("old_asian_female");
  EXPECT_EQ(refusal(), "");
  std::ofstream(file_of("old_asian_female"), std::ios::trunc) << "no picture";
  EXPECT_THAT(refusal(), HasSubstr("cannot be read"));
}

TEST_F(SkinPhotosTest, ThePhotographsOwnLightIsDividedOut) {
  add("young_african_male");
  const auto skins = read_skin_photos(package_);
  ASSERT_EQ(skins.size(), 1U);
  EXPECT_EQ(skins[0].group, 0U);
  EXPECT_EQ(skins[0].sex, 1.F);
  const int side = skins[0].detail.cols;
  const auto mean = [&](int left) {
    return cv::mean(skins[0].detail(cv::Rect(left, side / 4, side / 8, side / 2)))[1];
  };
  EXPECT_NEAR(mean(side / 4), mean(side * 5 / 8), 0.03) << "the left is not darker any more";
  cv::Scalar middle, deviation;
  cv::meanStdDev(skins[0].detail, middle, deviation);
  EXPECT_GT(deviation[1], 0.05) << "the stripes are still there";
}

TEST_F(SkinPhotosTest, EverybodyHasTheOneThatFits) {
  for (const char* kind :
       {"young_asian_female", "old_caucasian_male", "young_caucasian_male"}) {
    add(kind);
  }
  const auto skins = read_skin_photos(package_);
  FaceLook look;
  look.group = {0, 0, 1};
  look.sex = 1;
  look.age = 80;
  EXPECT_EQ(fitting_skin(skins, look)->name, "old_caucasian_male_diffuse");
  look.group = {0, 1, 0};
  look.sex = 0;
  look.age = 20;
  EXPECT_EQ(fitting_skin(skins, look)->name, "young_asian_female_diffuse");
  EXPECT_EQ(fitting_skin({}, look), nullptr);
}

TEST_F(SkinPhotosTest, APhotographicSkinIsSeenAndNamed) {
  add("young_caucasian_male");
  const auto head = std::filesystem::path(MIEN_SOURCE_DIR) / "assets/head/head.bin";
  const FaceRenderer painted(read_head(head));
  const FaceRenderer photographed(read_head(head), read_skin_photos(package_));
  RenderParameters parameters;
  parameters.expression.weights.assign(movements().size(), 0.F);
  parameters.size = 64;
  const auto before = painted.render(parameters), after = photographed.render(parameters);
  EXPECT_EQ(before.skin, "");
  EXPECT_EQ(after.skin, "young_caucasian_male_diffuse");
  EXPECT_GT(cv::norm(before.picture, after.picture, cv::NORM_INF), 5);
  EXPECT_EQ(cv::norm(after.picture, photographed.render(parameters).picture, cv::NORM_INF), 0);
}

}  // namespace
}  // namespace mien::synthesis
