#include "mien/movements/steady_opinions.hpp"

#include <gtest/gtest.h>

namespace mien::movements {
namespace {

const Opinion kSmile{.name = "mouth smiles, eyes do not", .r = 1, .g = 2, .b = 3};
const Opinion kWink{.name = "one eye is shut", .r = 4, .g = 5, .b = 6};
using Opinions = std::vector<Opinion>;

TEST(SteadyOpinionsTest, WhatIsSeenFirstHoldsAtOnce) {
  SteadyOpinions steady;
  EXPECT_EQ(steady.update(1, {kSmile}, 5), Opinions{kSmile}) << "a still picture has one frame";
  EXPECT_EQ(steady.update(2, {}, 5), Opinions{});
}

TEST(SteadyOpinionsTest, AFlickerChangesNothing) {
  SteadyOpinions steady;
  steady.update(1, {kSmile}, 0);
  for (int i = 1; i < 60; ++i) {
    // Every fourth frame says the other thing.
    const bool odd = i % 4 == 0;
    EXPECT_EQ(steady.update(1, odd ? Opinions{kWink} : Opinions{kSmile}, i / 15.0),
              Opinions{kSmile})
        << i;
  }
}

TEST(SteadyOpinionsTest, BeginsAndEndsWithWhatLasts) {
  SteadyOpinions steady;
  steady.update(1, {}, 0);
  double begun = 0;
  double ended = 0;
  for (int i = 1; i <= 30; ++i) {
    if (!steady.update(1, {kSmile}, i / 15.0).empty() && begun == 0) begun = i / 15.0;
  }
  for (int i = 31; i <= 60; ++i) {
    if (steady.update(1, {}, i / 15.0).empty() && ended == 0) ended = i / 15.0;
  }
  EXPECT_GT(begun, 0.2);
  EXPECT_LT(begun, 0.8);
  EXPECT_GT(ended, 2.2);
  EXPECT_LT(ended, 2.8);
}

TEST(SteadyOpinionsTest, AGapAJumpBackAndForgettingBeginAnew) {
  SteadyOpinions steady;
  steady.update(1, {kSmile}, 10);
  EXPECT_EQ(steady.update(1, {}, 12), Opinions{});
  EXPECT_EQ(steady.update(1, {kWink}, 3), Opinions{kWink});
  steady.forget(1);
  EXPECT_EQ(steady.update(1, {kSmile}, 3.05), Opinions{kSmile});
  EXPECT_EQ(steady.update(2, {}, 3.05), Opinions{}) << "people do not mix";
}

TEST(SteadyOpinionsTest, ARuleThatIsGoneFades) {
  SteadyOpinions steady;
  steady.update(1, {kSmile, kWink}, 0);
  for (int i = 1; i < 30; ++i) steady.update(1, {kWink}, i / 15.0);
  EXPECT_EQ(steady.update(1, {kWink}, 2.1), Opinions{kWink});
}

}  // namespace
}  // namespace mien::movements
