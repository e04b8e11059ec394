#include "preprocess.hpp"

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"

namespace mien::emotions {
namespace {

models::ModelCard card(models::ModelCard::Channels channels, models::ModelCard::Layout layout,
                       int width, int height) {
  models::ModelCard card;
  card.input = {"input", width, height, channels, layout};
  const std::size_t count = channels == models::ModelCard::Channels::gray ? 1 : 3;
  card.image_mean.assign(count, 0);
  card.image_std.assign(count, 1);
  return card;
}

// Two pixels: blue 10, green 20, red 30 and blue 40, green 50, red 60.
cv::Mat two_pixels() {
  cv::Mat face(1, 2, CV_8UC3);
  face.at<cv::Vec3b>(0, 0) = {10, 20, 30};
  face.at<cv::Vec3b>(0, 1) = {40, 50, 60};
  return face;
}

std::vector<float> numbers(const cv::Mat& blob) {
  return {blob.ptr<float>(), blob.ptr<float>() + blob.total()};
}

std::vector<int> shape(const cv::Mat& blob) { return {blob.size.p, blob.size.p + blob.dims}; }

using Channels = models::ModelCard::Channels;
using Layout = models::ModelCard::Layout;
using Numbers = std::vector<float>;
using Shape = std::vector<int>;

TEST(Preprocess, OrdersChannelsAndLayouts) {
  Preprocessor bgr_planes(card(Channels::bgr, Layout::nchw, 2, 1));
  EXPECT_EQ(shape(bgr_planes(two_pixels())), (Shape{1, 3, 1, 2}));
  EXPECT_EQ(numbers(bgr_planes(two_pixels())), (Numbers{10, 40, 20, 50, 30, 60}));
  Preprocessor rgb_planes(card(Channels::rgb, Layout::nchw, 2, 1));
  EXPECT_EQ(numbers(rgb_planes(two_pixels())), (Numbers{30, 60, 20, 50, 10, 40}));
  Preprocessor rgb_pixels(card(Channels::rgb, Layout::nhwc, 2, 1));
  EXPECT_EQ(shape(rgb_pixels(two_pixels())), (Shape{1, 1, 2, 3}));
  EXPECT_EQ(numbers(rgb_pixels(two_pixels())), (Numbers{30, 20, 10, 60, 50, 40}));
  Preprocessor bgr_pixels(card(Channels::bgr, Layout::nhwc, 2, 1));
  EXPECT_EQ(numbers(bgr_pixels(two_pixels())), (Numbers{10, 20, 30, 40, 50, 60}));
}

TEST(Preprocess, GrayIsWeighedAsEyesDo) {
  // 0.299 * 30 + 0.587 * 20 + 0.114 * 10 = 21.85, rounded to 22; the second 52 by the same sum.
  Preprocessor planes(card(Channels::gray, Layout::nchw, 2, 1));
  EXPECT_EQ(shape(planes(two_pixels())), (Shape{1, 1, 1, 2}));
  EXPECT_EQ(numbers(planes(two_pixels())), (Numbers{22, 52}));
  Preprocessor pixels(card(Channels::gray, Layout::nhwc, 2, 1));
  EXPECT_EQ(shape(pixels(two_pixels())), (Shape{1, 1, 2, 1}));
  EXPECT_EQ(numbers(pixels(two_pixels())), (Numbers{22, 52}));
}

TEST(Preprocess, RescalesThenTakesMeanAndDeviationOfItsOwnChannel) {
  models::ModelCard with = card(Channels::rgb, Layout::nchw, 2, 1);
  with.rescale_factor = 0.5F;
  with.image_mean = {1, 2, 3};  // red, green, blue
  with.image_std = {2, 4, 8};
  const auto values = numbers(Preprocessor(with)(two_pixels()));
  const Numbers expected = {(15 - 1) / 2.0F, (30 - 1) / 2.0F, (10 - 2) / 4.0F,
                            (25 - 2) / 4.0F, (5 - 3) / 8.0F,  (20 - 3) / 8.0F};
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_FLOAT_EQ(values[i], expected[i]) << i;
}

TEST(Preprocess, StarterRule) {
  models::ModelCard starter = card(Channels::gray, Layout::nchw, 1, 1);
  starter.rescale_factor = 1.0F / 255;
  starter.image_mean = {0.5F};
  starter.image_std = {0.25F};
  Preprocessor prepare(starter);
  EXPECT_FLOAT_EQ(prepare(cv::Mat(1, 1, CV_8UC3, cv::Scalar::all(0))).ptr<float>()[0], -2);
  EXPECT_FLOAT_EQ(prepare(cv::Mat(1, 1, CV_8UC3, cv::Scalar::all(255))).ptr<float>()[0], 2);
}

TEST(Preprocess, ShrinksByAveragingAndGrowsSmoothly) {
  cv::Mat four(2, 2, CV_8UC3, cv::Scalar::all(0));
  four.at<cv::Vec3b>(0, 0) = {200, 200, 200};
  four.at<cv::Vec3b>(1, 1) = {100, 100, 100};
  Preprocessor one(card(Channels::gray, Layout::nchw, 1, 1));
  EXPECT_EQ(numbers(one(four)), Numbers{75});
  Preprocessor wide(card(Channels::gray, Layout::nchw, 4, 1));
  cv::Mat two(1, 2, CV_8UC3, cv::Scalar::all(0));
  two.at<cv::Vec3b>(0, 1) = {100, 100, 100};
  EXPECT_EQ(numbers(wide(two)), (Numbers{0, 25, 75, 100}));
}

TEST(Preprocess, DoesNotTouchTheFaceOrRememberTheLastOne) {
  Preprocessor prepare(card(Channels::bgr, Layout::nchw, 2, 1));
  const cv::Mat face = two_pixels();
  const cv::Mat same_size = face.clone();
  prepare(face);
  prepare(cv::Mat(5, 5, CV_8UC3, cv::Scalar::all(9)));
  EXPECT_EQ(cv::norm(face, same_size, cv::NORM_INF), 0);
  EXPECT_EQ(numbers(prepare(face)), (Numbers{10, 40, 20, 50, 30, 60}));
}

TEST(Preprocess, BadFacesAreErrors) {
  Preprocessor prepare(card(Channels::gray, Layout::nchw, 4, 4));
  EXPECT_THROW(prepare({}), base::Error);
  EXPECT_THROW(prepare(cv::Mat(4, 4, CV_8U)), base::Error);
  EXPECT_THROW(prepare(cv::Mat(4, 4, CV_32FC3)), base::Error);
}

}  // namespace
}  // namespace mien::emotions
