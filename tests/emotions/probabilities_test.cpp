#include "probabilities.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "mien/base/error.hpp"

namespace mien::emotions {
namespace {

using Activation = models::ModelCard::Activation;

models::ModelCard::Output how(Activation activation, float temperature = 1,
                              std::vector<float> offset = {}) {
  models::ModelCard::Output output;
  output.activation = activation;
  output.temperature = temperature;
  output.logit_offset = std::move(offset);
  return output;
}

void expect_near(const std::vector<float>& got, const std::vector<float>& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], 1e-5) << i;
  EXPECT_NEAR(std::accumulate(got.begin(), got.end(), 0.0), 1, 1e-5);
}

TEST(Probabilities, SoftmaxOfLogits) {
  const float third = std::log(3.0F);
  expect_near(to_probabilities({0, third}, how(Activation::logits)), {0.25F, 0.75F});
  expect_near(to_probabilities({1000, 1000 + third}, how(Activation::logits)), {0.25F, 0.75F});
  expect_near(to_probabilities({-1e30F, 0}, how(Activation::logits)), {0, 1});
}

TEST(Probabilities, TemperatureAndOffset) {
  const float third = std::log(3.0F);
  expect_near(to_probabilities({0, 2 * third}, how(Activation::logits, 2)), {0.25F, 0.75F});
  // The offset is added before the temperature divides.
  expect_near(to_probabilities({0, 0}, how(Activation::logits, 2, {0, 2 * third})),
              {0.25F, 0.75F});
  expect_near(to_probabilities({third, 0}, how(Activation::logits, 1, {-third, 0})),
              {0.5F, 0.5F});
}

TEST(Probabilities, GivenOnesAreMadeToSumToOne) {
  expect_near(to_probabilities({0.2F, 0.8F}, how(Activation::softmax)), {0.2F, 0.8F});
  expect_near(to_probabilities({0.2F, 0.2F}, how(Activation::probabilities)), {0.5F, 0.5F});
  expect_near(to_probabilities({-0.1F, 0.4F}, how(Activation::probabilities)), {0, 1});
  // As logits: the square root of each, made to sum to 1.
  expect_near(to_probabilities({0.1F, 0.9F}, how(Activation::softmax, 2)), {0.25F, 0.75F});
  expect_near(to_probabilities({0, 1}, how(Activation::softmax, 1, {0, 1})), {0, 1});
}

TEST(Probabilities, WhatIsNoNumberIsAnError) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinite = std::numeric_limits<float>::infinity();
  for (const auto activation :
       {Activation::logits, Activation::softmax, Activation::probabilities}) {
    EXPECT_THROW(to_probabilities({nan, 1}, how(activation)), base::Error);
    EXPECT_THROW(to_probabilities({infinite, 1}, how(activation)), base::Error);
    EXPECT_THROW(to_probabilities({}, how(activation)), base::Error);
  }
  EXPECT_THROW(to_probabilities({0, 0}, how(Activation::softmax)), base::Error);
  EXPECT_THROW(to_probabilities({-1, -2}, how(Activation::probabilities)), base::Error);
}

}  // namespace
}  // namespace mien::emotions
