#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "mien/base/error.hpp"

#include "detectors.hpp"

namespace mien::faces {
namespace {

cv::Mat output(int cells, int numbers, float value = 0) {
  const int sizes[] = {1, cells, numbers};
  return {3, sizes, CV_32F, cv::Scalar(value)};
}

// The twelve outputs for an input of 64x32: grids of 8x4, 4x2 and 2x1 cells.
std::vector<cv::Mat> quiet_outputs() {
  std::vector<cv::Mat> outputs;
  for (const int cells : {32, 8, 2}) {
    for (const int numbers : {1, 1, 4, 10}) outputs.push_back(output(cells, numbers));
  }
  return outputs;
}

TEST(Yunet2023, ReadsBoxAndPointsOfACell) {
  auto outputs = quiet_outputs();
  // Stride 16, the cell in the second row and third column.
  const int cell = 4 + 2;
  outputs[4].ptr<float>()[cell] = 0.9F;
  outputs[5].ptr<float>()[cell] = 0.4F;
  float* const box = outputs[6].ptr<float>() + static_cast<std::ptrdiff_t>(cell) * 4;
  box[0] = 0.25F;
  box[1] = -0.5F;
  box[2] = std::log(2.0F);
  box[3] = std::log(3.0F);
  float* const points = outputs[7].ptr<float>() + static_cast<std::ptrdiff_t>(cell) * 10;
  for (int i = 0; i < 10; ++i) points[i] = 0.1F * static_cast<float>(i);
  // In any order.
  std::shuffle(outputs.begin(), outputs.end(), std::mt19937(7));

  const auto faces = decode_yunet_2023(outputs, {64, 32}, 0.5F);
  ASSERT_EQ(faces.size(), 1U);
  const base::Face& face = faces.front();
  EXPECT_NEAR(face.confidence, 0.6F, 1e-5);
  EXPECT_NEAR(face.box.width, 32, 1e-3);
  EXPECT_NEAR(face.box.height, 48, 1e-3);
  EXPECT_NEAR(face.box.x + face.box.width / 2, 2.25F * 16, 1e-3);
  EXPECT_NEAR(face.box.y + face.box.height / 2, 0.5F * 16, 1e-3);
  ASSERT_TRUE(face.landmarks);
  EXPECT_NEAR(face.landmarks->right_eye.x, 2.0F * 16, 1e-3);
  EXPECT_NEAR(face.landmarks->right_eye.y, 1.1F * 16, 1e-3);
  EXPECT_NEAR(face.landmarks->left_eye.x, 2.2F * 16, 1e-3);
  EXPECT_NEAR(face.landmarks->nose.y, 1.5F * 16, 1e-3);
  EXPECT_NEAR(face.landmarks->mouth.x, (2.6F + 2.8F) / 2 * 16, 1e-3);
  EXPECT_TRUE(decode_yunet_2023(outputs, {64, 32}, 0.7F).empty());
}

TEST(Yunet2023, OtherOutputsAreAnError) {
  auto outputs = quiet_outputs();
  EXPECT_TRUE(decode_yunet_2023(outputs, {64, 32}, 0.5F).empty());
  EXPECT_THROW(decode_yunet_2023(outputs, {64, 64}, 0.5F), base::Error);
  outputs.pop_back();
  EXPECT_THROW(decode_yunet_2023(outputs, {64, 32}, 0.5F), base::Error);
  EXPECT_THROW(decode_yunet_2023({}, {64, 32}, 0.5F), base::Error);
}

TEST(Yunet2023, NumbersOutOfRangeStayBounded) {
  auto outputs = quiet_outputs();
  outputs[0].ptr<float>()[0] = 50;
  outputs[1].ptr<float>()[0] = std::numeric_limits<float>::infinity();
  outputs[2].ptr<float>()[2] = 1e30F;
  const auto faces = decode_yunet_2023(outputs, {64, 32}, 0.5F);
  ASSERT_EQ(faces.size(), 1U);
  EXPECT_EQ(faces.front().confidence, 1);
  EXPECT_TRUE(std::isfinite(faces.front().box.width));
}

}  // namespace
}  // namespace mien::faces
