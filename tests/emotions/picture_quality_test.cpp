#include "mien/emotions/picture_quality.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/emotions/certainty.hpp"

namespace mien::emotions {
namespace {

/// The portrait's face, as the default detector sees it, spoilt in one way at a time.
class PictureQualityTest : public ::testing::Test {
 protected:
  const cv::Mat portrait_ = cv::imread(MIEN_SOURCE_DIR "/assets/demo/astronaut.png");
  const base::Face face_{{170, 68, 108, 108},
                         0.9F,
                         base::Landmarks{{204, 108}, {244, 106}, {226, 130}, {226, 148}}};

  static base::Doubt doubt(const cv::Mat& picture, const base::Face& face) {
    return judge({0.05F, 0.95F}, measure_quality(picture, face)).doubt;
  }
};

TEST_F(PictureQualityTest, ThePortraitIsGood) {
  ASSERT_FALSE(portrait_.empty());
  const auto quality = measure_quality(portrait_, face_);
  EXPECT_EQ(quality.side, 108);
  EXPECT_EQ(quality.visible, 1);
  EXPECT_LT(quality.turn, 0.2F);
  EXPECT_EQ(judge({0.05F, 0.95F}, quality).doubt, base::Doubt::none);
}

TEST_F(PictureQualityTest, Blurred) {
  cv::Mat blurred;
  cv::GaussianBlur(portrait_, blurred, {}, 5);
  EXPECT_EQ(doubt(blurred, face_), base::Doubt::blurred);
  cv::GaussianBlur(portrait_, blurred, {}, 1);  // a camera's own softness
  EXPECT_EQ(doubt(blurred, face_), base::Doubt::none);
  const auto streak = cv::Mat(cv::Mat::ones(1, 25, CV_32F) / 25);  // moved while exposed
  cv::filter2D(portrait_, blurred, -1, streak);
  EXPECT_LT(measure_quality(blurred, face_).sharpness,
            measure_quality(portrait_, face_).sharpness / 2);
}

TEST_F(PictureQualityTest, TooDarkAndTooBright) {
  EXPECT_EQ(doubt(portrait_ * 0.12, face_), base::Doubt::too_dark);
  EXPECT_EQ(doubt(portrait_ * 0.5, face_), base::Doubt::none);
  EXPECT_EQ(doubt(portrait_ * 4, face_), base::Doubt::too_bright);
  EXPECT_EQ(doubt(portrait_ * 1.2, face_), base::Doubt::none);
}

TEST_F(PictureQualityTest, DimLightIsNotBlur) {
  const auto bright = measure_quality(portrait_, face_);
  const auto dim = measure_quality(portrait_ * 0.4, face_);
  EXPECT_NEAR(dim.sharpness / bright.sharpness, 1, 0.15);
}

TEST_F(PictureQualityTest, TooSmall) {
  cv::Mat small;
  cv::resize(portrait_, small, {}, 0.15, 0.15, cv::INTER_AREA);
  base::Face face{{25.5F, 10.2F, 16.2F, 16.2F}, 0.9F, std::nullopt};
  EXPECT_EQ(doubt(small, face), base::Doubt::too_small);
}

TEST_F(PictureQualityTest, CutOffByEachEdge) {
  const auto part = [&](const cv::Rect& view) {
    base::Face face = face_;
    face.box -= cv::Point2f(view.tl());
    face.landmarks.reset();
    return doubt(portrait_(view), face);
  };
  EXPECT_EQ(part({0, 0, 512, 512}), base::Doubt::none);
  EXPECT_EQ(part({200, 0, 300, 300}), base::Doubt::cut_off);
  EXPECT_EQ(part({0, 100, 300, 300}), base::Doubt::cut_off);
  EXPECT_EQ(part({0, 0, 250, 300}), base::Doubt::cut_off);
  EXPECT_EQ(part({0, 0, 300, 140}), base::Doubt::cut_off);
  EXPECT_EQ(part({175, 0, 300, 300}), base::Doubt::none);     // a little is nothing
  EXPECT_EQ(part({300, 0, 200, 200}), base::Doubt::cut_off);  // all of it
}

TEST_F(PictureQualityTest, TurnedAwayFromTheLandmarks) {
  const auto with_nose_at = [&](float x, float y) {
    base::Face face = face_;
    face.landmarks->nose = {x, y};
    return face;
  };
  EXPECT_EQ(doubt(portrait_, with_nose_at(262, 130)), base::Doubt::turned_away);
  EXPECT_EQ(doubt(portrait_, with_nose_at(186, 130)), base::Doubt::turned_away);
  // Three quarters.
  EXPECT_EQ(doubt(portrait_, with_nose_at(240, 130)), base::Doubt::none);
  EXPECT_EQ(doubt(portrait_, with_nose_at(208, 130)), base::Doubt::none);
  // A tilted head is not turned: only what lies along the eyes counts.
  base::Face tilted = face_;
  tilted.landmarks = base::Landmarks{{200, 100}, {230, 130}, {202, 128}, {195, 140}};
  EXPECT_LT(measure_quality(portrait_, tilted).turn, 0.1F);
  // Profile: the eyes fall together.
  tilted.landmarks = base::Landmarks{{200, 100}, {200, 100}, {180, 120}, {190, 140}};
  EXPECT_EQ(doubt(portrait_, tilted), base::Doubt::turned_away);
  // A detector without landmarks cannot tell.
  tilted.landmarks.reset();
  EXPECT_EQ(doubt(portrait_, tilted), base::Doubt::none);
}

TEST_F(PictureQualityTest, TakesAnyBox) {
  const cv::Mat flat(50, 50, CV_8UC3, cv::Scalar::all(128));
  EXPECT_EQ(doubt(flat, {{5, 5, 40, 40}, 1, std::nullopt}), base::Doubt::blurred);
  EXPECT_EQ(doubt(flat, {{5, 5, 0, 0}, 1, std::nullopt}), base::Doubt::cut_off);
  EXPECT_EQ(doubt(flat, {{-900, -900, 40, 40}, 1, std::nullopt}), base::Doubt::cut_off);
  EXPECT_EQ(doubt(flat, {{-1e6F, -1e6F, 2e6F, 2e6F}, 1, std::nullopt}), base::Doubt::cut_off);
}

}  // namespace
}  // namespace mien::emotions
