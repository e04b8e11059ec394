#include <algorithm>
#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "mien/base/error.hpp"

#include "forest.hpp"
#include "forest_samples.hpp"

namespace mien::emotions {
namespace {

TEST(Samples, KeepWhatTheyAreGiven) {
  Samples samples;
  samples.add(std::vector<float>{1, 2, 3}, 0);
  samples.add(std::vector<float>{4, 5, 6}, 2);
  EXPECT_EQ(samples.count(), 2);
  EXPECT_THAT(samples.features(1), ::testing::ElementsAre(4, 5, 6));
  EXPECT_EQ(samples.rows().at<float>(1, 2), 6);
  EXPECT_THAT(samples.labels(), ::testing::ElementsAre(0, 2));
  EXPECT_THROW(samples.add(std::vector<float>{1, 2}, 0), base::Error);
  EXPECT_THROW(samples.add(std::vector<float>{}, 0), base::Error);
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
  EXPECT_THROW(hold_out(labels, 0.2, 1), base::Error) << "label 1 has one";
  for (const double share : {0.0, 1.0, -1.0, 2.0, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THROW(hold_out(std::vector<int>{0, 0}, share, 1), base::Error) << share;
  }
}

std::size_t best(const std::vector<float>& votes) {
  return static_cast<std::size_t>(std::max_element(votes.begin(), votes.end()) - votes.begin());
}

TEST(GrowForest, LearnsWhatCanBeLearned) {
  const Samples lesson = cloud(3, 40, 6);
  const auto forest = grow_forest(lesson, all_of(lesson), 3, {.trees = 30, .seed = 1});
  ASSERT_TRUE(forest);
  EXPECT_EQ(forest->trees().size(), 30U);
  const Samples test = cloud(3, 40, 6, 2);
  int right = 0;
  for (int i = 0; i < test.count(); ++i) {
    const auto votes = forest_votes(*forest, test.features(i));
    EXPECT_NEAR(votes[0] + votes[1] + votes[2], 1, 1e-5);
    right +=
        best(votes) == static_cast<std::size_t>(test.labels()[static_cast<std::size_t>(i)]);
  }
  EXPECT_GE(right, 115) << "of 120";
}

TEST(GrowForest, IsTheSameWhateverTheNumberOfThreads) {
  const Samples lesson = cloud(3, 30, 5);
  const auto grown = [&](std::uint64_t seed, int threads) {
    return write_forest(*grow_forest(lesson, all_of(lesson), 3,
                                     {.trees = 9, .seed = seed, .threads = threads}));
  };
  EXPECT_EQ(grown(5, 1), grown(5, 3));
  EXPECT_NE(grown(5, 1), grown(6, 1));
}

TEST(GrowForest, LearnsFromTheChosenOnly) {
  Samples both = cloud(2, 30, 4);
  const auto chosen = all_of(both);
  for (int i = 0; i < 200; ++i) {  // lies
    both.add(std::vector<float>{static_cast<float>(i % 2) * 2, 0.5F, 0.5F, 0.5F}, 1 - i % 2);
  }
  const auto forest = grow_forest(both, chosen, 2, {.trees = 20});
  EXPECT_EQ(best(forest_votes(*forest, std::vector<float>{0.5F, 0.5F, 0.5F, 0.5F})), 0U);
  EXPECT_EQ(best(forest_votes(*forest, std::vector<float>{2.5F, 0.5F, 0.5F, 0.5F})), 1U);
}

TEST(GrowForest, TellsItsProgressAndEndsWhenAsked) {
  const Samples lesson = cloud(2, 20, 3);
  int last = -1;
  const auto forest =
      grow_forest(lesson, all_of(lesson), 2, {.trees = 12}, [&](int done, int all) {
        EXPECT_GE(done, last);
        EXPECT_EQ(all, 12);
        last = done;
        return true;
      });
  EXPECT_TRUE(forest);
  EXPECT_FALSE(
      grow_forest(lesson, all_of(lesson), 2, {.trees = 2000}, [](int, int) { return false; }));
}

/// Lets this process map so many bytes more than it has.
void limit_address_space(std::size_t more) {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const rlim_t limit = pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) + more;
  const rlimit both{limit, limit};
  if (pages == 0 || ::setrlimit(RLIMIT_AS, &both) != 0) std::abort();
}

// cv::ml sets memory aside for the deepest tree there may be, whatever comes of it.
TEST(GrowForestDeathTest, IsContentWithHalfAGigabyte) {
  const Samples lesson = cloud(2, 20, 3);
  EXPECT_EXIT(
      {
        limit_address_space(512U << 20);
        const auto forest = grow_forest(lesson, all_of(lesson), 2, {.trees = 3, .threads = 1});
        std::_Exit(forest != nullptr ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(GrowForest, RefusesWhatCannotGrow) {
  const Samples lesson = cloud(2, 10, 3);
  EXPECT_THROW(grow_forest(lesson, all_of(lesson), 2, {.trees = 0}), base::Error);
  EXPECT_THROW(grow_forest(lesson, all_of(lesson), 2, {.trees = 10001}), base::Error);
  EXPECT_THROW(grow_forest(lesson, all_of(lesson), 3, {.trees = 1}), base::Error)
      << "no third label";
  EXPECT_THROW(grow_forest(lesson, {}, 2, {.trees = 1}), base::Error);
}

}  // namespace

}  // namespace mien::emotions
