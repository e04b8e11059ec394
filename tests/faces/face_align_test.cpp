#include "mien/faces/face_align.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"

namespace mien::faces {
namespace {

using Align = models::ModelCard::Align;

// Every pixel tells where it was.
cv::Mat coordinates(int width, int height) {
  cv::Mat picture(height, width, CV_8UC3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      picture.at<cv::Vec3b>(y, x) = cv::Vec3b(static_cast<uchar>(x), static_cast<uchar>(y), 7);
    }
  }
  return picture;
}

base::Face face_at(cv::Rect2f box) { return {box, 1, std::nullopt}; }

double difference(const cv::Mat& a, const cv::Mat& b) { return cv::norm(a, b, cv::NORM_INF); }

TEST(AlignFace, IdentityCopiesThePixels) {
  const cv::Mat picture = coordinates(100, 80);
  const cv::Mat crop = align_face(picture, face_at({20, 10, 48, 48}), {0, Align::none}, 48);
  ASSERT_EQ(crop.size(), cv::Size(48, 48));
  EXPECT_EQ(difference(crop, picture(cv::Rect(20, 10, 48, 48))), 0);
}

TEST(AlignFace, MarginWidensAndTheSidesMeanCounts) {
  const cv::Mat picture = coordinates(100, 80);
  // 30x50 has a mean side of 40, with 0.1 on each side 48, about (50, 40).
  const cv::Mat crop = align_face(picture, face_at({35, 15, 30, 50}), {0.1F, Align::none}, 48);
  EXPECT_LE(difference(crop, picture(cv::Rect(26, 16, 48, 48))), 1);
}

TEST(AlignFace, EdgeIsRepeatedOutside) {
  const cv::Mat picture = coordinates(100, 80);
  const cv::Mat crop = align_face(picture, face_at({-10, -20, 40, 40}), {0, Align::none}, 40);
  EXPECT_EQ(crop.at<cv::Vec3b>(0, 0), cv::Vec3b(0, 0, 7));
  EXPECT_EQ(crop.at<cv::Vec3b>(20, 5), cv::Vec3b(0, 0, 7));
  EXPECT_EQ(crop.at<cv::Vec3b>(39, 39), cv::Vec3b(29, 19, 7));
  // All of it outside: the nearest corner everywhere.
  const cv::Mat away = align_face(picture, face_at({500, 500, 40, 40}), {0, Align::none}, 8);
  EXPECT_EQ(difference(away, cv::Mat(8, 8, CV_8UC3, cv::Scalar(99, 79, 7))), 0);
}

TEST(AlignFace, ShrinksByAveraging) {
  // A checkerboard of single pixels averages to its mean; picking pixels would keep 0 or 255.
  cv::Mat picture(400, 400, CV_8UC3);
  for (int y = 0; y < 400; ++y) {
    for (int x = 0; x < 400; ++x) {
      picture.at<cv::Vec3b>(y, x) = cv::Vec3b::all((x + y) % 2 == 0 ? 0 : 255);
    }
  }
  const cv::Mat crop = align_face(picture, face_at({40, 40, 320, 320}), {0, Align::none}, 32);
  EXPECT_LE(difference(crop, cv::Mat(32, 32, CV_8UC3, cv::Scalar::all(127.5))), 3);
}

TEST(AlignFace, ShrinkingKeepsThePlace) {
  const cv::Mat picture = coordinates(200, 200);
  // 160 pixels onto 40: pixel i covers 4 of the picture, whose mean is 20 + 4 i + 1.5.
  const cv::Mat crop = align_face(picture, face_at({20, 20, 160, 160}), {0, Align::none}, 40);
  EXPECT_NEAR(crop.at<cv::Vec3b>(20, 10)[0], 61.5, 1);
  EXPECT_NEAR(crop.at<cv::Vec3b>(20, 10)[1], 101.5, 1);
}

// A face with a white forehead above the eyes and a red chin, turned by `degrees` (clockwise).
struct Turned {
  explicit Turned(double degrees) : picture(200, 200, CV_8UC3, cv::Scalar::all(60)) {
    cv::Mat upright = picture.clone();
    cv::rectangle(upright, cv::Rect(70, 60, 60, 20), cv::Scalar::all(255), cv::FILLED);
    cv::rectangle(upright, cv::Rect(70, 120, 60, 20), cv::Scalar(0, 0, 255), cv::FILLED);
    const cv::Mat turn = cv::getRotationMatrix2D({99.5F, 99.5F}, -degrees, 1);
    cv::warpAffine(upright, picture, turn, picture.size(), cv::INTER_LINEAR,
                   cv::BORDER_REPLICATE);
    const auto place = [&](double x, double y) {
      const double a = degrees * CV_PI / 180;
      return cv::Point2f(static_cast<float>(100 + std::cos(a) * x - std::sin(a) * y),
                         static_cast<float>(100 + std::sin(a) * x + std::cos(a) * y));
    };
    face = {{60, 60, 80, 80},
            1,
            base::Landmarks{place(-15, -12), place(15, -12), place(0, 0), place(0, 15)}};
  }
  cv::Mat picture;
  base::Face face;
};

void expect_upright(const cv::Mat& crop, const std::string& what) {
  EXPECT_GT(crop.at<cv::Vec3b>(8, 40)[0], 230) << what;  // forehead, white
  EXPECT_LT(crop.at<cv::Vec3b>(72, 40)[0], 30) << what;  // chin, red
  EXPECT_GT(crop.at<cv::Vec3b>(72, 40)[2], 230) << what;
  // Level: the forehead's edge is at the same height on both sides.
  EXPECT_NEAR(crop.at<cv::Vec3b>(17, 20)[0], crop.at<cv::Vec3b>(17, 60)[0], 40) << what;
  EXPECT_GT(crop.at<cv::Vec3b>(17, 20)[0], 200) << what;
  EXPECT_LT(crop.at<cv::Vec3b>(23, 20)[0], 90) << what;
  EXPECT_LT(crop.at<cv::Vec3b>(23, 60)[0], 90) << what;
}

TEST(AlignFace, LevelsTheEyes) {
  for (const double degrees : {0.0, 30.0, -30.0, 75.0, -90.0, 180.0}) {
    const Turned turned(degrees);
    expect_upright(align_face(turned.picture, turned.face, {0, Align::eyes}, 80),
                   std::to_string(degrees));
  }
}

TEST(AlignFace, ExchangedEyesDoNotTurnItUpsideDown) {
  for (const double degrees : {0.0, 20.0, -40.0}) {
    Turned turned(degrees);
    std::swap(turned.face.landmarks->left_eye, turned.face.landmarks->right_eye);
    expect_upright(align_face(turned.picture, turned.face, {0, Align::eyes}, 80),
                   std::to_string(degrees));
  }
}

TEST(AlignFace, WithoutAskingOrLandmarksNothingTurns) {
  const Turned turned(40);
  base::Face bare = turned.face;
  bare.landmarks.reset();
  const cv::Mat plain = align_face(turned.picture, turned.face, {0, Align::none}, 80);
  EXPECT_EQ(difference(plain, turned.picture(cv::Rect(60, 60, 80, 80))), 0);
  EXPECT_EQ(difference(plain, align_face(turned.picture, bare, {0, Align::eyes}, 80)), 0);
  // Eyes in one place have no direction.
  base::Face closed = turned.face;
  closed.landmarks->left_eye = closed.landmarks->right_eye;
  EXPECT_EQ(difference(plain, align_face(turned.picture, closed, {0, Align::eyes}, 80)), 0);
}

// Points where ArcFace's pictures have them come to lie there again, however the face is turned
// and sized; the box does not count.
TEST(AlignFace, ArcfacePutsThePointsWhereItsPicturesHaveThem) {
  const cv::Point2f wanted[] = {
      {38.2946F, 51.6963F}, {73.5318F, 51.5014F}, {56.0252F, 71.7366F}, {56.1396F, 92.2848F}};
  for (const float degrees : {0.0F, 25.0F, -110.0F}) {
    for (const float scale : {1.0F, 2.5F}) {
      cv::Mat picture(400, 400, CV_8UC3, cv::Scalar::all(0));
      const float turn = degrees * static_cast<float>(CV_PI) / 180;
      const auto place = [&](cv::Point2f point) {
        point = (point - cv::Point2f(56, 56)) * scale;
        return cv::Point2f(200 + point.x * std::cos(turn) - point.y * std::sin(turn),
                           190 + point.x * std::sin(turn) + point.y * std::cos(turn));
      };
      for (const auto& point : wanted) {
        cv::circle(picture, place(point), cvRound(3 * scale), cv::Scalar::all(255), cv::FILLED);
      }
      base::Face face = face_at({3, 3, 20, 20});
      face.landmarks = base::Landmarks{place(wanted[0]), place(wanted[1]), place(wanted[2]),
                                       place(wanted[3])};
      const cv::Mat crop = align_face(picture, face, {0, Align::arcface}, 112);
      for (const auto& point : wanted) {
        EXPECT_GT(crop.at<cv::Vec3b>(cvRound(point.y), cvRound(point.x))[0], 200)
            << degrees << " " << scale;
      }
      EXPECT_LT(crop.at<cv::Vec3b>(51, 56)[0], 50);
      // A margin shows more around, about the same middle.
      const cv::Mat wide = align_face(picture, face, {0.5F, Align::arcface}, 112);
      EXPECT_GT(wide.at<cv::Vec3b>(64, 56)[0], 200) << "the nose";
    }
  }
}

TEST(AlignFace, ArcfaceWithoutPointsIsTheBox) {
  const cv::Mat picture = coordinates(100, 80);
  const base::Face face = face_at({20, 10, 48, 48});
  EXPECT_EQ(difference(align_face(picture, face, {0, Align::arcface}, 48),
                       align_face(picture, face, {0, Align::none}, 48)),
            0);
  base::Face one_place = face;
  one_place.landmarks = base::Landmarks{{9, 9}, {9, 9}, {9, 9}, {9, 9}};
  EXPECT_EQ(difference(align_face(picture, one_place, {0, Align::arcface}, 48),
                       align_face(picture, face, {0, Align::none}, 48)),
            0);
}

// Eyes and mouth come to lie where FER2013's pictures have them, however the face is turned and
// sized; the box does not count.
TEST(AlignFace, Fer2013PutsEyesAndMouthWhereItsPicturesHaveThem) {
  const cv::Point2f wanted[] = {{32.5F, 38.7F}, {67.5F, 38.7F}, {50, 76.5F}};
  for (const float degrees : {0.0F, 25.0F, -110.0F}) {
    for (const float scale : {0.6F, 2.5F}) {
      cv::Mat picture(500, 500, CV_8UC3, cv::Scalar::all(0));
      const float turn = degrees * static_cast<float>(CV_PI) / 180;
      const auto place = [&](cv::Point2f point) {
        point = (point - cv::Point2f(50, 50)) * scale;
        return cv::Point2f(250 + point.x * std::cos(turn) - point.y * std::sin(turn),
                           240 + point.x * std::sin(turn) + point.y * std::cos(turn));
      };
      for (const auto& point : wanted) {
        cv::circle(picture, place(point), cvRound(4 * scale), cv::Scalar::all(255), cv::FILLED);
      }
      base::Face face = face_at({3, 3, 20, 20});
      face.landmarks = base::Landmarks{place(wanted[0]), place(wanted[1]), place({50, 55}),
                                       place(wanted[2])};
      const cv::Mat crop = align_face(picture, face, {0, Align::fer2013}, 100);
      for (const auto& point : wanted) {
        EXPECT_GT(crop.at<cv::Vec3b>(cvRound(point.y), cvRound(point.x))[0], 200)
            << degrees << " " << scale;
      }
      EXPECT_LT(crop.at<cv::Vec3b>(38, 50)[0], 50) << "between the eyes";
      // Turned to the side, the eyes are nearer to each other: the mouth's height sizes it.
      face.landmarks->right_eye = place({42, 38.7F});
      face.landmarks->left_eye = place({58, 38.7F});
      const cv::Mat side = align_face(picture, face, {0, Align::fer2013}, 100);
      EXPECT_GT(side.at<cv::Vec3b>(76, 50)[0], 200) << "the mouth";
    }
  }
}

// Haar's box shows less of a head than FER2013's pictures do.
TEST(AlignFace, Fer2013WithoutPointsIsALargerBox) {
  const cv::Mat picture = coordinates(100, 80);
  const base::Face face = face_at({20, 10, 48, 48});
  base::Face one_place = face;
  one_place.landmarks = base::Landmarks{{9, 9}, {9, 9}, {9, 9}, {9, 9}};
  for (const auto& other : {face, one_place}) {
    // 1.2 times a side of 48 pixels with a tenth on either side: 1.44 of it.
    EXPECT_EQ(difference(align_face(picture, other, {0.1F, Align::fer2013}, 48),
                         align_face(picture, face, {0.22F, Align::none}, 48)),
              0);
  }
}

TEST(AlignFace, AViewIsASquareOfAnotherSizeInAMirror) {
  const cv::Mat picture = coordinates(100, 80);
  const cv::Mat view = align_face(picture, face_at({30, 20, 40, 40}), {0, Align::none}, 48,
                                  {.side = 1.2F, .mirrored = true});
  cv::Mat expected;
  cv::flip(picture(cv::Rect(26, 16, 48, 48)), expected, 1);
  EXPECT_LE(difference(view, expected), 1);
}

TEST(AlignFace, AViewMovesTheSquareAsTheFaceLies) {
  const cv::Mat picture = coordinates(100, 80);
  cv::Mat expected;
  // A quarter of 40 pixels to the right, a tenth up, and only then the mirror.
  cv::flip(picture(cv::Rect(40, 16, 40, 40)), expected, 1);
  EXPECT_LE(difference(align_face(picture, face_at({30, 20, 40, 40}), {0, Align::none}, 40,
                                  {.right = 0.25F, .down = -0.1F, .mirrored = true}),
                       expected),
            1);
  // Of a face that lies on its side, with its chin to the left, the right is below.
  base::Face lying = face_at({30, 20, 40, 40});
  lying.landmarks = base::Landmarks{{52, 32}, {52, 48}, {48, 40}, {40, 40}};
  const cv::Mat moved = align_face(picture, lying, {0, Align::eyes}, 40, {.right = 0.25F});
  const cv::Mat plain = align_face(picture, face_at({30, 30, 40, 40}), {0, Align::none}, 40);
  cv::Mat turned;
  cv::rotate(plain, turned, cv::ROTATE_90_COUNTERCLOCKWISE);
  EXPECT_LE(difference(moved, turned), 1);
}

TEST(ViewOf, ACropShowsLessOrRepeatsItsEdge) {
  const cv::Mat crop = coordinates(60, 40);
  EXPECT_EQ(difference(view_of(crop, {}), crop), 0);
  const cv::Mat near = view_of(crop, {.side = 0.5F});
  ASSERT_EQ(near.size(), crop.size());
  // The middle stays where it is; the corners are those of the middle half.
  EXPECT_LE(difference(near(cv::Rect(29, 19, 2, 2)), cv::Mat(crop(cv::Rect(29, 19, 2, 2)))), 1);
  EXPECT_NEAR(near.at<cv::Vec3b>(0, 0)[0], 15, 1);
  EXPECT_NEAR(near.at<cv::Vec3b>(39, 59)[1], 30, 1);
  const cv::Mat far = view_of(crop, {.side = 1.5F, .mirrored = true});
  EXPECT_EQ(far.at<cv::Vec3b>(0, 0), cv::Vec3b(59, 0, 7));
  EXPECT_EQ(far.at<cv::Vec3b>(39, 59), cv::Vec3b(0, 39, 7));
  EXPECT_EQ(crop.at<cv::Vec3b>(0, 0), cv::Vec3b(0, 0, 7)) << "the crop itself stays";
  const cv::Mat moved = view_of(crop, {.right = 0.1F, .down = -0.25F});
  EXPECT_EQ(moved.at<cv::Vec3b>(39, 0), cv::Vec3b(6, 29, 7));
  EXPECT_EQ(moved.at<cv::Vec3b>(0, 59), cv::Vec3b(59, 0, 7));
}

TEST(AlignFace, BadInputIsAnError) {
  const cv::Mat picture = coordinates(20, 20);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(align_face({}, face_at({0, 0, 9, 9}), {}, 8), base::Error);
  EXPECT_THROW(align_face(cv::Mat(9, 9, CV_8U), face_at({0, 0, 9, 9}), {}, 8), base::Error);
  EXPECT_THROW(align_face(picture, face_at({0, 0, 0, 0}), {}, 8), base::Error);
  EXPECT_THROW(align_face(picture, face_at({nan, 0, 9, 9}), {}, 8), base::Error);
  EXPECT_THROW(align_face(picture, face_at({0, 0, 1e9F, 1e9F}), {}, 8), base::Error);
  EXPECT_THROW(align_face(picture, face_at({0, 0, 9, 9}), {}, 0), base::Error);
  EXPECT_EQ(align_face(picture(cv::Rect(0, 0, 1, 1)), face_at({0, 0, 9, 9}), {}, 8).size(),
            cv::Size(8, 8));
}

}  // namespace
}  // namespace mien::faces
