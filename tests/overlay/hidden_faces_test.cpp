#include "mien/overlay/hidden_faces.hpp"

#include <gmock/gmock.h>
#include <opencv2/imgproc.hpp>

#include "support/session_fixture.hpp"

namespace mien::overlay {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

base::AnalyzedFrame at(std::chrono::milliseconds time,
                       std::vector<base::FaceReading> readings = {}, std::uint64_t source = 0) {
  auto frame = testing::analysed(cv::Mat(8, 8, CV_8UC3), time, std::move(readings));
  frame.source = source;
  return frame;
}

base::FaceReading person(int number, cv::Rect2f box) {
  return testing::reading(number, box, {1, 0, 0});
}

TEST(HiddenFaces, AFaceIsHiddenWithAMarginAround) {
  HiddenFaces faces;
  const auto frame = at(0ms, {person(1, {100, 200, 40, 80}), person(2, {0, 0, 4, 4})});
  faces.add(frame);
  EXPECT_THAT(faces.in(frame),
              ElementsAre(cv::Rect2f(90, 180, 60, 120), cv::Rect2f(-1, -1, 6, 6)));
}

TEST(HiddenFaces, SomebodyWhoIsMissedStaysHiddenForASecond) {
  HiddenFaces faces;
  faces.add(at(0ms, {person(1, {100, 100, 40, 40})}));
  faces.add(at(40ms, {person(1, {108, 100, 40, 40})}));
  for (auto time = 80ms; time <= 1200ms; time += 40ms) {
    const auto frame = at(time);
    faces.add(frame);
    if (time <= 1040ms) {
      EXPECT_THAT(faces.in(frame), ElementsAre(cv::Rect2f(98, 90, 60, 60))) << time.count();
    } else {
      EXPECT_THAT(faces.in(frame), IsEmpty()) << time.count();
    }
  }
}

TEST(HiddenFaces, SomebodyWhoIsFoundLateWasThereBefore) {
  HiddenFaces faces;
  const auto early = at(0ms);
  const auto late = at(200ms);
  const auto found = at(500ms, {person(1, {100, 100, 40, 40})});
  for (const auto* frame : {&early, &late, &found}) faces.add(*frame);
  EXPECT_THAT(faces.in(early), IsEmpty());
  EXPECT_THAT(faces.in(late), ElementsAre(cv::Rect2f(90, 90, 60, 60)));
}

TEST(HiddenFaces, BetweenTwoPlacesTheWholeWayIsHidden) {
  HiddenFaces faces;
  const auto missed = at(100ms);
  faces.add(at(0ms, {person(1, {100, 100, 40, 40})}));
  faces.add(missed);
  faces.add(at(200ms, {person(1, {180, 100, 40, 40})}));
  EXPECT_THAT(faces.in(missed), ElementsAre(cv::Rect2f(70, 90, 180, 60)));
}

TEST(HiddenFaces, AnotherSourceHidesNothing) {
  HiddenFaces faces;
  faces.add(at(0ms, {person(1, {100, 100, 40, 40})}));
  EXPECT_THAT(faces.in(at(40ms, {}, 1)), IsEmpty());
}

/// How many different blocks are seen along the middle row.
int steps(const cv::Mat& row) {
  int count = 1;
  for (int x = 1; x < row.cols; ++x) {
    if (row.at<cv::Vec3b>(0, x) != row.at<cv::Vec3b>(0, x - 1)) ++count;
  }
  return count;
}

TEST(Pixelate, LeavesFourBlocksAcrossAndTheRestAlone) {
  cv::Mat image(240, 320, CV_8UC3);
  cv::randu(image, 0, 256);
  const cv::Mat before = image.clone();
  const cv::Rect box(101, 60, 80, 120);
  pixelate(image, box);
  EXPECT_LE(steps(image(box).row(60)), 4);
  EXPECT_LE(steps(image(box).col(40).t()), 6);
  cv::Mat outside = image != before;
  outside(box).setTo(0);
  EXPECT_EQ(cv::countNonZero(outside.reshape(1)), 0);
}

TEST(Pixelate, AFaceThatIsCutOffHasBlocksOfTheSameSize) {
  cv::Mat image(240, 320, CV_8UC3);
  cv::randu(image, 0, 256);
  pixelate(image, {280, 200, 80, 80});
  EXPECT_LE(steps(image(cv::Rect(280, 210, 40, 1))), 2);
  const cv::Mat before = image.clone();
  pixelate(image, {400, 400, 20, 20});
  pixelate(image, {-50, -50, 20, 20});
  EXPECT_EQ(cv::norm(image, before), 0);
}

}  // namespace
}  // namespace mien::overlay
