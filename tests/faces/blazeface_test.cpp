#include "blazeface.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace mien::faces {
namespace {

TEST(Letterbox, CentresTheLargestPictureThatFits) {
  const Letterbox wide = letterbox({640, 480}, 128);  // 128x96, 16 black rows above and below
  EXPECT_FLOAT_EQ(wide.scale, 0.2F);
  EXPECT_NEAR(wide.offset.x, 0, 1e-4);  // not 0 where products are fused with sums
  EXPECT_FLOAT_EQ(wide.offset.y, 16);
  const Letterbox tall = letterbox({32, 64}, 128);
  EXPECT_FLOAT_EQ(tall.scale, 2);
  EXPECT_FLOAT_EQ(tall.offset.x, 32);
  EXPECT_NEAR(tall.offset.y, 0, 1e-4);
}

struct Outputs {
  explicit Outputs(const AnchorGrid& grid)
      : scores(static_cast<std::size_t>(grid.count()), -20),
        boxes(scores.size() * kBlazeFaceValues, 0) {}
  void set(int anchor, float score, std::initializer_list<float> values) {
    scores[static_cast<std::size_t>(anchor)] = score;
    std::copy(values.begin(), values.end(), boxes.begin() + anchor * kBlazeFaceValues);
  }
  std::vector<float> scores;
  std::vector<float> boxes;
};

TEST(DecodeBlazeFace, AddsTheAnchorAndUndoesTheLetterbox) {
  const AnchorGrid grid{16, 2};  // cells of 8 pixels
  Outputs out(grid);
  // The second anchor of column 3, row 5: its middle is (3.5 * 8, 5.5 * 8) = (28, 44).
  out.set((5 * 16 + 3) * 2 + 1, 0, {2, -4, 20, 10, -5, -3, 5, -3, 0, 1, 0, 4, -9, 0, 9, 0});
  std::vector<base::Face> faces;
  decode_blazeface(grid, 128, out.scores.data(), out.boxes.data(), 0.5F, {0.2F, {0, 16}},
                   faces);
  ASSERT_EQ(faces.size(), 1U);
  // Centre (30, 40), size 20x10 of the input; (30, 24) / 0.2 = (150, 120) and 100x50 of the
  // picture.
  EXPECT_FLOAT_EQ(faces[0].confidence, 0.5F);
  EXPECT_FLOAT_EQ(faces[0].box.x, 100);
  EXPECT_FLOAT_EQ(faces[0].box.y, 95);
  EXPECT_FLOAT_EQ(faces[0].box.width, 100);
  EXPECT_FLOAT_EQ(faces[0].box.height, 50);
  ASSERT_TRUE(faces[0].landmarks);
  EXPECT_FLOAT_EQ(faces[0].landmarks->right_eye.x, 115);  // (28 - 5) / 0.2
  EXPECT_FLOAT_EQ(faces[0].landmarks->right_eye.y, 125);  // (44 - 3 - 16) / 0.2
  EXPECT_FLOAT_EQ(faces[0].landmarks->left_eye.x, 165);
  EXPECT_FLOAT_EQ(faces[0].landmarks->nose.y, 145);
  EXPECT_FLOAT_EQ(faces[0].landmarks->mouth.y, 160);
}

TEST(DecodeBlazeFace, ThresholdAndBadNumbers) {
  const AnchorGrid grid{8, 6};
  Outputs out(grid);
  const float logit = std::log(0.7F / 0.3F);
  out.set(0, logit + 0.01F, {0, 0, 10, 10});
  out.set(7, logit - 0.01F, {0, 0, 10, 10});
  out.set(14, 5, {std::numeric_limits<float>::quiet_NaN(), 0, 10, 10});
  out.set(21, 5, {0, 0, std::numeric_limits<float>::infinity(), 10});
  out.set(28, 5, {0, 0, -10, 10});
  out.set(35, std::numeric_limits<float>::quiet_NaN(), {0, 0, 10, 10});
  out.set(42, 1000, {0, 0, 10, 10});
  std::vector<base::Face> faces;
  decode_blazeface(grid, 128, out.scores.data(), out.boxes.data(), 0.7F, {}, faces);
  ASSERT_EQ(faces.size(), 2U);
  EXPECT_NEAR(faces[0].confidence, 0.7F, 0.01F);
  EXPECT_FLOAT_EQ(faces[1].confidence, 1);
}

}  // namespace
}  // namespace mien::faces
