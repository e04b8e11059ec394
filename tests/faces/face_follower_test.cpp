#include "mien/faces/face_follower.hpp"

#include <cmath>

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "mien/faces/overlap.hpp"

#include "portrait.hpp"

namespace mien::faces {
namespace {

/// The portrait's face, and the portrait seen by a camera that moves and zooms over it.
class FaceFollowerTest : public ::testing::Test {
 protected:
  const cv::Mat portrait_ = portrait();
  const base::Face face_{{170, 68, 108, 108},
                         0.9F,
                         base::Landmarks{{204, 108}, {244, 106}, {226, 130}, {226, 148}}};

  static cv::Matx23f camera(float zoom, float x, float y) { return {zoom, 0, x, 0, zoom, y}; }
  cv::Mat see(const cv::Matx23f& by) const {
    cv::Mat picture;
    cv::warpAffine(portrait_, picture, by, {640, 480}, cv::INTER_LINEAR,
                   cv::BORDER_REFLECT_101);
    return picture;
  }
  static cv::Point2f place(const cv::Matx23f& by, const cv::Point2f& p) {
    return {by(0, 0) * p.x + by(0, 2), by(1, 1) * p.y + by(1, 2)};
  }
  base::Face seen(const cv::Matx23f& by) const {
    const auto corner = place(by, face_.box.tl());
    const auto other = place(by, face_.box.br());
    const auto& marks = *face_.landmarks;
    return {{corner, other},
            face_.confidence,
            base::Landmarks{place(by, marks.right_eye), place(by, marks.left_eye),
                            place(by, marks.nose), place(by, marks.mouth)}};
  }
};

TEST_F(FaceFollowerTest, BoxAndLandmarksStayOnAFaceThatMovesAndGrows) {
  ASSERT_FALSE(portrait_.empty());
  FaceFollower follower;
  auto by = camera(1, 0, 0);
  follower.start(see(by), {seen(by)});
  for (int i = 1; i <= 30; ++i) {
    const auto t = static_cast<float>(i);
    by = camera(1 + 0.01F * t, 3 * t, 40 * std::sin(t / 5));
    const auto faces = follower.follow(see(by));
    ASSERT_TRUE(faces) << i;
    ASSERT_EQ(faces->size(), 1U);
    const base::Face truth = seen(by);
    EXPECT_GT(intersection_over_union(faces->front().box, truth.box), 0.9) << i;
    const auto off = faces->front().landmarks->nose - truth.landmarks->nose;
    EXPECT_LT(std::hypot(off.x, off.y), 0.04 * truth.box.width) << i;
    EXPECT_EQ(faces->front().confidence, face_.confidence);
  }
}

TEST_F(FaceFollowerTest, SaysWhenAFaceIsLost) {
  const auto by = camera(1, 0, 0);
  FaceFollower follower;
  EXPECT_FALSE(follower.follow(see(by)));  // not started
  follower.start(see(by), {seen(by)});
  EXPECT_TRUE(follower.follow(see(by)));
  cv::Mat noise(480, 640, CV_8UC3);
  cv::theRNG().state = 5;
  cv::randu(noise, 0, 256);
  EXPECT_FALSE(follower.follow(noise));
  follower.start(see(by), {seen(by)});
  EXPECT_FALSE(follower.follow(see(camera(1, 200, 90))));  // a cut: too far for a move
  follower.start(see(by), {seen(by)});
  EXPECT_FALSE(follower.follow(see(by).colRange(0, 320)));  // another size
  follower.start(see(by), {seen(by)});
  follower.reset();
  EXPECT_FALSE(follower.follow(see(by)));
}

TEST_F(FaceFollowerTest, LosesAFaceThatLeavesThePicture) {
  FaceFollower follower;
  auto by = camera(1, 0, 0);
  follower.start(see(by), {seen(by)});
  bool lost = false;
  for (int i = 1; i <= 40 && !lost; ++i) {
    by = camera(1, -8.0F * static_cast<float>(i), 0);
    const auto faces = follower.follow(see(by));
    lost = !faces;
    if (lost) break;
    EXPECT_GT(faces->front().box.br().x, 0) << i;
  }
  EXPECT_TRUE(lost);
}

TEST_F(FaceFollowerTest, NobodyIsFollowedForFree) {
  FaceFollower follower;
  follower.start(see(camera(1, 0, 0)), {});
  const auto faces = follower.follow(see(camera(1, 5, 0)));
  ASSERT_TRUE(faces);
  EXPECT_TRUE(faces->empty());
}

}  // namespace
}  // namespace mien::faces
