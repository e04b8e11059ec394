#include <chrono>
#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/faces/face_detector.hpp"

#include "detectors.hpp"
#include "portrait.hpp"
#include "support/shipped_models.hpp"

namespace mien::faces {
namespace {

TEST(Tiles, CoverEveryPixelAndShareWhatWasAsked) {
  for (const cv::Size picture : {cv::Size(1600, 1200), cv::Size(640, 480), cv::Size(50, 1600),
                                 cv::Size(7, 3), cv::Size(1, 1)}) {
    const int longer = std::max(picture.width, picture.height);
    const int side = std::max(2, longer * 2 / 5);
    const int shared = std::min(side - 1, longer / 10);
    const auto tiles = cover_with_tiles(picture, side, shared);
    cv::Mat covered = cv::Mat::zeros(picture, CV_8U);
    for (const auto& tile : tiles) {
      ASSERT_EQ(tile & cv::Rect({0, 0}, picture), tile);
      EXPECT_LE(tile.width, side);
      EXPECT_LE(tile.height, side);
      covered(tile).setTo(255);
    }
    EXPECT_EQ(cv::countNonZero(covered), picture.area()) << picture;
    for (std::size_t i = 1; i < tiles.size(); ++i) {
      if (tiles[i].y == tiles[i - 1].y) {
        EXPECT_GE(tiles[i - 1].br().x - tiles[i].x, shared) << picture;
      }
    }
  }
}

TEST(Tiles, NothingIsCoveredByNothing) { EXPECT_TRUE(cover_with_tiles({}, 10, 2).empty()); }

using namespace std::chrono_literals;

// The face's width is 0.19 of the portrait's.
constexpr double kFaceOfPortrait = 95.0 / 512;

/// Heads whose faces are `face` of the longer side of a gray picture, in rows.
cv::Mat group(cv::Size size, double face, int count) {
  const cv::Mat head = portrait()(cv::Rect(100, 0, 260, 300));
  const double scale = face * std::max(size.width, size.height) / (kFaceOfPortrait * 512);
  cv::Mat small;
  cv::resize(head, small, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  cv::Mat picture(size, CV_8UC3, cv::Scalar(120, 130, 125));
  const int across = size.width / (small.cols + 4);
  for (int i = 0; i < count; ++i) {
    const cv::Rect place(i % across * (small.cols + 4), i / across * (small.rows + 4),
                         small.cols, small.rows);
    if ((place & cv::Rect({0, 0}, size)) == place) small.copyTo(picture(place));
  }
  return picture;
}

class AutoDetectorTest : public ::testing::Test {
 protected:
  std::unique_ptr<FaceDetector> detector_ =
      make_detector("auto", models::ModelLibrary({testing::kShippedModels}));
};

TEST_F(AutoDetectorTest, FindsFacesOfEverySize) {
  for (const double face : {0.04, 0.06, 0.14, 0.25}) {
    const auto faces = detector_->detect(group({1280, 1280}, face, 1));
    ASSERT_EQ(faces.size(), 1U) << face;
    EXPECT_NEAR(faces[0].box.width, face * 1280, 0.25 * face * 1280) << face;
    EXPECT_TRUE(faces[0].landmarks);
  }
}

TEST_F(AutoDetectorTest, FindsEveryoneOfAGroupOnce) {
  EXPECT_EQ(detector_->detect(group({1280, 960}, 0.06, 12)).size(), 12U);
}

TEST_F(AutoDetectorTest, BoxesAreInThePixelsOfALargePicture) {
  const auto faces = detector_->detect(group({6000, 4000}, 0.05, 1));
  ASSERT_EQ(faces.size(), 1U);
  EXPECT_NEAR(faces[0].box.width, 300, 60);
}

// But not those of a film's later frames.
TEST_F(AutoDetectorTest, LandmarksOfPicturesAreTheMeshs) {
  const cv::Mat picture = portrait();
  const auto still = detector_->detect(picture);
  ASSERT_EQ(still.size(), 1U);
  const auto first = detector_->detect_next(picture, {0s, {}, false});
  const auto between = detector_->detect_next(picture, {40ms, first, false});
  const auto thorough = detector_->detect_next(picture, {2s, between, false});
  for (const auto* faces : {&first, &between, &thorough}) ASSERT_EQ(faces->size(), 1U);
  EXPECT_EQ(first[0].landmarks->mouth, still[0].landmarks->mouth);
  EXPECT_NE(between[0].landmarks->mouth, still[0].landmarks->mouth);
  EXPECT_NE(thorough[0].landmarks->mouth, still[0].landmarks->mouth);
  EXPECT_LT(distance(between[0].landmarks->mouth, still[0].landmarks->mouth), 6);
  detector_->forget_stream();
  const auto next = detector_->detect_next(picture, {3s, {}, false});
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next[0].landmarks->mouth, still[0].landmarks->mouth) << "a picture by itself";
}

TEST_F(AutoDetectorTest, AStreamFindsTheSmallWithinItsFirstSeconds) {
  const cv::Mat picture = group({1280, 720}, 0.06, 3);
  const cv::Mat empty(picture.size(), CV_8UC3, cv::Scalar(120, 130, 125));
  for (const bool live : {false, true}) {
    detector_->forget_stream();
    std::vector<base::Face> faces;
    for (auto time = 0ms; time < 1000ms; time += 66ms) {
      faces = detector_->detect_next(empty, {time, faces, live});
      ASSERT_TRUE(faces.empty());
    }
    for (auto time = 1000ms; time < 3000ms; time += 66ms) {
      faces = detector_->detect_next(picture, {time, faces, live});
    }
    EXPECT_EQ(faces.size(), 3U) << live;
    // Whoever leaves is gone at once.
    EXPECT_TRUE(detector_->detect_next(empty, {3033ms, faces, live}).empty()) << live;
  }
}

TEST_F(AutoDetectorTest, TheSameStreamGivesTheSameFaces) {
  const cv::Mat picture = group({640, 480}, 0.1, 4);
  std::vector<std::vector<cv::Rect2f>> runs(2);
  for (auto& run : runs) {
    detector_->forget_stream();
    std::vector<base::Face> faces;
    for (auto time = 0ms; time < 400ms; time += 40ms) {
      faces = detector_->detect_next(picture, {time, faces, false});
      for (const auto& face : faces) run.push_back(face.box);
    }
  }
  EXPECT_EQ(runs[0], runs[1]);
  EXPECT_GE(runs[0].size(), 40U);
}

TEST_F(AutoDetectorTest, ExpectedFacesThatAreNonsenseDoNoHarm) {
  const cv::Mat picture = group({640, 480}, 0.2, 1);
  const float nan = std::nanf("");
  std::vector<base::Face> expected(20, base::Face{{nan, nan, nan, nan}, nan, std::nullopt});
  expected.push_back({{-1e9F, 5, 1e9F, 1e9F}, 0.5F, std::nullopt});
  detector_->detect_next(picture, {0ms, {}, false});
  for (int i = 1; i < 6; ++i) {
    EXPECT_NO_THROW(detector_->detect_next(picture, {33ms * i, expected, false}));
  }
}

}  // namespace

}  // namespace mien::faces
