#include "mien/emotions/smoothing.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace mien::emotions {
namespace {

using std::chrono::milliseconds;

using Numbers = std::vector<float>;

TEST(Smoother, FollowsAStepByItsTimeConstant) {
  Smoother smoother(milliseconds(100));
  EXPECT_EQ(smoother.update(1, {1, 0}, milliseconds(0)), (Numbers{1, 0}));
  const auto after = smoother.update(1, {0, 1}, milliseconds(100));
  EXPECT_NEAR(after[0], std::exp(-1.0), 1e-5);
  EXPECT_NEAR(after[1], 1 - std::exp(-1.0), 1e-5);
}

TEST(Smoother, TimeCountsAndNotFrames) {
  Smoother often(milliseconds(100));
  Smoother seldom(milliseconds(100));
  often.update(1, {1, 0}, milliseconds(0));
  seldom.update(1, {1, 0}, milliseconds(0));
  Numbers last;
  for (int t = 10; t <= 200; t += 10) last = often.update(1, {0, 1}, milliseconds(t));
  EXPECT_NEAR(last[0], seldom.update(1, {0, 1}, milliseconds(200))[0], 1e-5);
}

TEST(Smoother, SumStaysOneAndPeopleAreApart) {
  Smoother smoother;
  smoother.update(1, {0.7F, 0.2F, 0.1F}, milliseconds(0));
  smoother.update(2, {0, 0, 1}, milliseconds(0));
  const auto first = smoother.update(1, {0.1F, 0.1F, 0.8F}, milliseconds(33));
  EXPECT_NEAR(first[0] + first[1] + first[2], 1, 1e-6);
  EXPECT_EQ(smoother.update(2, {0, 0, 1}, milliseconds(33)), (Numbers{0, 0, 1}));
}

TEST(Smoother, StartsAnewWhenItMust) {
  Smoother smoother(milliseconds(100));
  smoother.update(1, {1, 0}, milliseconds(1000));
  EXPECT_EQ(smoother.update(1, {0, 1}, milliseconds(500)), (Numbers{0, 1}));  // clock set back
  EXPECT_EQ(smoother.update(1, {0, 0, 1}, milliseconds(600)),
            (Numbers{0, 0, 1}));  // other model
  smoother.reset();
  EXPECT_EQ(smoother.update(1, {1, 0, 0}, milliseconds(610)), (Numbers{1, 0, 0}));
  Smoother slow(std::chrono::seconds(10));
  slow.update(1, {1, 0}, milliseconds(0));
  slow.forget_absent(milliseconds(5000));
  EXPECT_GT(slow.update(1, {0, 1}, milliseconds(5000))[0], 0.5F);  // remembered for 5 s
  slow.forget_absent(milliseconds(10100));
  EXPECT_EQ(slow.update(1, {0, 1}, milliseconds(10100)), (Numbers{0, 1}));
  Smoother without(milliseconds(0));
  without.update(1, {1, 0}, milliseconds(0));
  EXPECT_EQ(without.update(1, {0, 1}, milliseconds(1)), (Numbers{0, 1}));
}

}  // namespace
}  // namespace mien::emotions
