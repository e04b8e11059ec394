#include "mien/analysis/evaluation.hpp"

#include <gtest/gtest.h>

#include "mien/base/error.hpp"

namespace mien {
namespace {

void add(Evaluation& evaluation, std::size_t truth, std::vector<float> probabilities) {
  evaluation.add(truth, probabilities);
}

TEST(Evaluation, ScoresAsCountedByHand) {
  Evaluation evaluation({"a", "b", "c"});
  add(evaluation, 0, {0.8F, 0.1F, 0.1F});
  add(evaluation, 0, {0.7F, 0.2F, 0.1F});
  add(evaluation, 0, {0.1F, 0.6F, 0.3F});
  add(evaluation, 1, {0.2F, 0.7F, 0.1F});
  EXPECT_EQ(evaluation.count(), 4U);
  EXPECT_DOUBLE_EQ(evaluation.accuracy(), 0.75);
  // Class c never occurs, so it does not count.
  EXPECT_DOUBLE_EQ(evaluation.balanced_accuracy(), (2.0 / 3 + 1) / 2);
  const auto classes = evaluation.classes();
  EXPECT_EQ(classes[0].support, 3U);
  EXPECT_DOUBLE_EQ(classes[0].precision, 1);
  EXPECT_DOUBLE_EQ(classes[0].recall, 2.0 / 3);
  EXPECT_DOUBLE_EQ(classes[0].f1, 0.8);
  EXPECT_DOUBLE_EQ(classes[1].precision, 0.5);
  EXPECT_DOUBLE_EQ(classes[1].recall, 1);
  EXPECT_EQ(classes[2].support, 0U);
  EXPECT_EQ(classes[2].f1, 0);
  EXPECT_EQ(evaluation.confusion(),
            (std::vector<std::vector<std::uint64_t>>{{2, 1, 0}, {0, 1, 0}, {0, 0, 0}}));
}

TEST(Evaluation, MeasuresHowHonestThePercentagesAre) {
  Evaluation honest({"a", "b"});
  for (int i = 0; i < 10; ++i) add(honest, i < 7 ? 0U : 1U, {0.7F, 0.3F});
  EXPECT_NEAR(honest.calibration_error(), 0, 1e-6);

  Evaluation boastful({"a", "b"});
  for (int i = 0; i < 10; ++i) add(boastful, i < 5 ? 0U : 1U, {0.95F, 0.05F});
  EXPECT_NEAR(boastful.calibration_error(), 0.45, 1e-6);

  Evaluation both({"a", "b"});
  for (int i = 0; i < 10; ++i) add(both, i < 7 ? 0U : 1U, {0.7F, 0.3F});
  for (int i = 0; i < 10; ++i) add(both, i < 5 ? 0U : 1U, {0.95F, 0.05F});
  EXPECT_NEAR(both.calibration_error(), 0.225, 1e-6);
}

TEST(Evaluation, OfNothingIsZero) {
  const Evaluation nothing({"a", "b"});
  EXPECT_EQ(nothing.accuracy(), 0);
  EXPECT_EQ(nothing.balanced_accuracy(), 0);
  EXPECT_EQ(nothing.calibration_error(), 0);
}

TEST(Evaluation, RefusesAnswersThatDoNotFit) {
  Evaluation evaluation({"a", "b"});
  EXPECT_THROW(add(evaluation, 2, {0.5F, 0.5F}), Error);
  EXPECT_THROW(add(evaluation, 0, {1.0F}), Error);
}

}  // namespace
}  // namespace mien
