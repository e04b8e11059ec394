#include "mien/overlay/annotated_picture.hpp"

#include <gmock/gmock.h>
#include <opencv2/imgproc.hpp>

#include "support/session_fixture.hpp"

namespace mien::overlay {
namespace {

/// A frame of one colour.
base::AnalyzedFrame plain(cv::Size size, std::vector<base::FaceReading> readings = {}) {
  return testing::analysed(cv::Mat(size, CV_8UC3, cv::Scalar(10, 200, 90)),
                           std::chrono::seconds(0), std::move(readings));
}

TEST(AnnotatedPicture, APictureOfTheSizeIsAsItWas) {
  AnnotatedPicture picture({});
  const auto frame = plain({64, 48});
  EXPECT_EQ(cv::norm(picture.paint(frame, {64, 48}, {}, {}), frame.frame->image), 0);
}

TEST(AnnotatedPicture, AnotherSizeIsFittedWithBars) {
  AnnotatedPicture picture({});
  picture.paint(plain({64, 48}), {64, 48}, {}, {});
  const cv::Mat& wide = picture.paint(plain({48, 48}), {64, 48}, {}, {});
  ASSERT_EQ(wide.size(), cv::Size(64, 48));
  EXPECT_EQ(wide.at<cv::Vec3b>(24, 7), cv::Vec3b(0, 0, 0)) << "no rest of the picture before";
  EXPECT_EQ(wide.at<cv::Vec3b>(24, 8), cv::Vec3b(10, 200, 90));
  EXPECT_EQ(wide.at<cv::Vec3b>(24, 55), cv::Vec3b(10, 200, 90));
  EXPECT_EQ(wide.at<cv::Vec3b>(24, 56), cv::Vec3b(0, 0, 0));
}

TEST(AnnotatedPicture, HidesWhatIsToBeHiddenWhereItLiesInTheCanvas) {
  auto frame = plain({100, 100});
  cv::Mat noise(100, 100, CV_8UC3);
  cv::randu(noise, 0, 255);
  auto own = std::make_shared<base::Frame>(*frame.frame);
  own->image = noise;
  frame.frame = std::move(own);
  AnnotatedPicture picture({});
  // Twice as large, 100 pixels of bars on either side.
  const cv::Mat open = picture.paint(frame, {400, 200}, {}, {}).clone();
  const cv::Mat hidden = picture.paint(frame, {400, 200}, {{20, 30, 40, 40}}, {}).clone();
  cv::Mat difference;
  cv::absdiff(open, hidden, difference);
  cv::cvtColor(difference, difference, cv::COLOR_BGR2GRAY);
  EXPECT_EQ(cv::boundingRect(difference), cv::Rect(140, 60, 80, 80));
  const cv::Mat block = hidden({140, 60, 20, 20});
  EXPECT_EQ(cv::norm(block, cv::Mat(block.size(), CV_8UC3, block.at<cv::Vec3b>(0, 0))), 0)
      << "four blocks across";
}

TEST(AnnotatedPicture, PaintsBoxesAndNames) {
  AnnotatedPicture picture({.bars = false});
  const auto frame =
      plain({320, 240}, {testing::reading(1, {100, 100, 60, 60}, {0.1F, 0.8F, 0.1F})});
  const cv::Mat unnamed = picture.paint(frame, {320, 240}, {}, {}).clone();
  EXPECT_GT(cv::norm(unnamed, frame.frame->image), 0);
  EXPECT_EQ(cv::norm(unnamed, picture.paint(frame, {320, 240}, {}, {{1, ""}})), 0);
  EXPECT_GT(cv::norm(unnamed, picture.paint(frame, {320, 240}, {}, {{1, "Ada"}})), 0);
}

}  // namespace
}  // namespace mien::overlay
