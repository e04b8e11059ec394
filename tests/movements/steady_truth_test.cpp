#include "mien/movements/steady_truth.hpp"

#include <gtest/gtest.h>

namespace mien::movements {
namespace {

TEST(SteadyTruthTest, NothingHoldsBeforeItWasTrueForAWhile) {
  SteadyTruth truth(0.4, 0.7F, 0.3F);
  EXPECT_FALSE(truth.holds());
  EXPECT_FALSE(truth.update(true, 0.1));
  EXPECT_TRUE(truth.update(true, 1));
}

TEST(SteadyTruthTest, BetweenTheSharesWhatWasGoesOn) {
  SteadyTruth truth(0.4, 0.7F, 0.3F);
  truth.begin(true);
  EXPECT_TRUE(truth.holds()) << "at once";
  EXPECT_TRUE(truth.update(false, 0.2));
  EXPECT_NEAR(truth.share(), 0.607, 0.001) << "exp(-0.2 / 0.4)";
  EXPECT_TRUE(truth.update(false, 0.2)) << "0.37";
  EXPECT_FALSE(truth.update(false, 0.2)) << "0.22";
  EXPECT_FALSE(truth.update(true, 0.3)) << "0.63";
  EXPECT_TRUE(truth.update(true, 0.2));
}

TEST(SteadyTruthTest, NoTimeChangesNothing) {
  SteadyTruth truth(0.4, 0.7F, 0.3F);
  truth.begin(true);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(truth.update(false, 0));
}

}  // namespace
}  // namespace mien::movements
