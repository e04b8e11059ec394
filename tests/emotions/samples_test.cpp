#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"

#include "forest_samples.hpp"

namespace mien {
namespace {

TEST(Samples, KeepWhatTheyAreGiven) {
  Samples samples;
  samples.add(std::vector<float>{1, 2, 3}, 0);
  samples.add(std::vector<float>{4, 5, 6}, 2);
  EXPECT_EQ(samples.count(), 2);
  EXPECT_THAT(samples.features(1), ::testing::ElementsAre(4, 5, 6));
  EXPECT_EQ(samples.rows().at<float>(1, 2), 6);
  EXPECT_THAT(samples.labels(), ::testing::ElementsAre(0, 2));
  EXPECT_THROW(samples.add(std::vector<float>{1, 2}, 0), Error);
  EXPECT_THROW(samples.add(std::vector<float>{}, 0), Error);
}

TEST(HoldOut, TakesTheShareOfEveryLabel) {
  std::vector<int> labels(50, 0);
  labels.resize(60, 1);  // ten of those
  labels.resize(62, 2);  // two
  const auto out = hold_out(labels, 0.2, 1);
  const auto count = [&](int label) {
    int held = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) held += labels[i] == label && out[i];
    return held;
  };
  EXPECT_EQ(count(0), 10);
  EXPECT_EQ(count(1), 2);
  EXPECT_EQ(count(2), 1) << "one at least";
  const auto most = hold_out(labels, 0.99, 1);
  EXPECT_FALSE(most[60] && most[61]) << "never all";
}

TEST(HoldOut, IsMadeByTheSeed) {
  const std::vector<int> labels(100, 0);
  EXPECT_EQ(hold_out(labels, 0.3, 7), hold_out(labels, 0.3, 7));
  EXPECT_NE(hold_out(labels, 0.3, 7), hold_out(labels, 0.3, 8));
}

TEST(HoldOut, RefusesWhatCannotBeSplit) {
  const std::vector<int> labels = {0, 0, 1};
  EXPECT_THROW(hold_out(labels, 0.2, 1), Error) << "label 1 has one";
  for (const double share : {0.0, 1.0, -1.0, 2.0, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THROW(hold_out(std::vector<int>{0, 0}, share, 1), Error) << share;
  }
}

}  // namespace
}  // namespace mien
