#include "mien/analysis/evaluation.hpp"

#include <gtest/gtest.h>

#include "mien/base/error.hpp"

namespace mien::analysis {
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

TEST(Evaluation, TellsWhatIsSaidFromWhatIsNot) {
  Evaluation evaluation({"a", "b"});
  const auto answer = [&](std::size_t truth, float first, bool said) {
    evaluation.add(truth, std::vector{first, 1 - first}, said);
  };
  answer(0, 0.9F, true);
  answer(0, 0.8F, true);
  answer(1, 0.7F, true);    // wrong
  answer(0, 0.95F, false);  // right, but the picture was bad
  answer(1, 0.55F, false);  // wrong
  EXPECT_DOUBLE_EQ(evaluation.accuracy(), 3.0 / 5);
  EXPECT_DOUBLE_EQ(evaluation.said().coverage, 3.0 / 5);
  EXPECT_DOUBLE_EQ(evaluation.said().accuracy, 2.0 / 3);
  const auto curve = evaluation.coverage_curve(10);
  ASSERT_EQ(curve.size(), 10U);
  EXPECT_DOUBLE_EQ(curve[0].threshold, 0);
  EXPECT_DOUBLE_EQ(curve[0].coverage, 1);
  EXPECT_DOUBLE_EQ(curve[0].accuracy, evaluation.accuracy());
  EXPECT_DOUBLE_EQ(curve[6].threshold, 0.6);
  EXPECT_DOUBLE_EQ(curve[6].coverage, 4.0 / 5);
  EXPECT_DOUBLE_EQ(curve[6].accuracy, 3.0 / 4);
  EXPECT_DOUBLE_EQ(curve[8].coverage, 3.0 / 5);  // 0.8 itself counts
  EXPECT_DOUBLE_EQ(curve[8].accuracy, 1);
  for (std::size_t i = 1; i < curve.size(); ++i) {
    EXPECT_LE(curve[i].coverage, curve[i - 1].coverage);
  }
}

TEST(Evaluation, OfNothingIsZero) {
  const Evaluation nothing({"a", "b"});
  EXPECT_EQ(nothing.accuracy(), 0);
  EXPECT_EQ(nothing.balanced_accuracy(), 0);
  EXPECT_EQ(nothing.calibration_error(), 0);
  EXPECT_EQ(nothing.said().coverage, 0);
  EXPECT_EQ(nothing.said().accuracy, 0);
  EXPECT_EQ(nothing.coverage_curve().front().coverage, 0);
}

TEST(Evaluation, RefusesAnswersThatDoNotFit) {
  Evaluation evaluation({"a", "b"});
  EXPECT_THROW(add(evaluation, 2, {0.5F, 0.5F}), base::Error);
  EXPECT_THROW(add(evaluation, 0, {1.0F}), base::Error);
}

}  // namespace
}  // namespace mien::analysis
