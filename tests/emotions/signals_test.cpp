#include "mien/emotions/signals.hpp"

#include <gtest/gtest.h>

namespace mien::emotions {
namespace {

using std::chrono::milliseconds;

const std::vector<std::string> kFourLabels = {"neutral", "happiness", "surprise", "sadness"};

TEST(Valence, HappinessMinusTheStrongestNegative) {
  const std::vector<std::string> labels = {"neutral", "happiness", "sadness", "anger",
                                           "surprise"};
  EXPECT_FLOAT_EQ(valence({0, 1, 0, 0, 0}, labels), 1);
  EXPECT_FLOAT_EQ(valence({0, 0.3F, 0.2F, 0.4F, 0.1F}, labels), -0.1F);
  EXPECT_FLOAT_EQ(valence({0.5F, 0, 0, 0, 0.5F}, labels), 0);
  EXPECT_FLOAT_EQ(valence({0.5F, 0.5F}, {"smile", "contempt"}), -0.5F);
  EXPECT_FLOAT_EQ(valence({}, labels), 0);
}

TEST(Blend, NamesTheSecondWhenItIsWorthIt) {
  EXPECT_EQ(blend({0.05F, 0.62F, 0.3F, 0.03F}, kFourLabels), "happy 62, surprised 30");
  EXPECT_EQ(blend({0.9F, 0.05F, 0.03F, 0.02F}, kFourLabels), "neutral 90");
  EXPECT_EQ(blend({0.25F, 0.25F, 0.25F, 0.25F}, kFourLabels), "neutral 25, happy 25");
  EXPECT_EQ(blend({}, kFourLabels), "");
  EXPECT_EQ(blend({1}, {"wink"}), "wink 100");
}

/// Analysed frames by script: which label each person shows; -1 for *not sure*.
class SignalsTest : public ::testing::Test {
 protected:
  void show(int ms, const std::vector<std::pair<int, int>>& people) {
    auto frame = std::make_shared<base::Frame>();
    frame->time = milliseconds(ms);
    base::AnalyzedFrame analysis;
    analysis.frame = frame;
    analysis.labels = labels_;
    analysis.source = source_;
    for (const auto& [person, label] : people) {
      base::FaceReading reading;
      reading.person = person;
      reading.verdict = {std::max(label, 0), 0.8F,
                         label < 0 ? base::Doubt::low_probability : base::Doubt::none};
      analysis.readings.push_back(reading);
    }
    signals_.update(analysis);
  }

  std::shared_ptr<const std::vector<std::string>> labels_ =
      std::make_shared<const std::vector<std::string>>(kFourLabels);
  std::uint64_t source_ = 0;
  Signals signals_;
};

TEST_F(SignalsTest, TimeGoesToTheLabelThatStood) {
  show(0, {{1, 0}});
  show(100, {{1, 1}, {2, 3}});
  show(400, {{1, 1}, {2, 3}});
  show(500, {{1, -1}, {2, 3}});
  show(700, {{1, 0}});
  show(800, {{1, 0}});
  const auto one = signals_.of(1);
  ASSERT_TRUE(one);
  EXPECT_NEAR(one->seconds, 0.8, 1e-9);
  EXPECT_NEAR(one->label_seconds[0], 0.2, 1e-9);
  EXPECT_NEAR(one->label_seconds[1], 0.4, 1e-9);
  EXPECT_NEAR(one->not_sure_seconds, 0.2, 1e-9);
  EXPECT_NEAR(one->share(1), 0.5, 1e-9);
  EXPECT_EQ(one->share(17), 0);
  const auto two = signals_.of(2);
  EXPECT_NEAR(two->seconds, 0.4, 1e-9);
  EXPECT_NEAR(two->share(3), 1, 1e-9);
  EXPECT_EQ(two->first_seen, milliseconds(100));
  EXPECT_EQ(two->last_seen, milliseconds(500));
  EXPECT_FALSE(signals_.of(3));
}

TEST_F(SignalsTest, CountsTransitionsBetweenLabels) {
  int t = 0;
  for (const int label : {0, 0, 1, -1, 1, -1, 0, 3, 3}) show(t += 100, {{1, label}});
  EXPECT_EQ(signals_.of(1)->transitions, 3);  // 0-1, 1-0 over a doubt, 0-3
}

TEST_F(SignalsTest, TimeWhenNobodyLookedDoesNotCount) {
  show(0, {{1, 1}});
  show(500, {{1, 1}});
  show(60000, {{1, 1}});
  show(60100, {{1, 1}});
  show(100, {{1, 1}});  // the clock jumped back
  show(200, {{1, 1}});
  EXPECT_NEAR(signals_.of(1)->seconds, 0.7, 1e-9);
  source_ = 1;  // another clock, by chance near the old one
  show(300, {{1, 1}});
  EXPECT_NEAR(signals_.of(1)->seconds, 0.7, 1e-9);
}

TEST_F(SignalsTest, AnotherModelStartsAnew) {
  show(0, {{1, 1}});
  show(500, {{1, 1}});
  labels_ = std::make_shared<const std::vector<std::string>>(kFourLabels);  // the same words
  show(600, {{1, 1}});
  EXPECT_NEAR(signals_.of(1)->seconds, 0.6, 1e-9);
  labels_ = std::make_shared<const std::vector<std::string>>(2, "x");
  show(700, {{1, 1}});
  EXPECT_EQ(signals_.of(1)->seconds, 0);
  EXPECT_EQ(signals_.of(1)->label_seconds.size(), 2U);
}

TEST_F(SignalsTest, KeepsThePeopleSeenLast) {
  for (int i = 0; i < 18000; ++i) {  // ten minutes, someone new every second, one who stays
    show(33 * i, {{1, 0}, {2 + i / 30, 1}});
    ASSERT_LE(signals_.people().size(), Signals::kMaxPeople);
  }
  EXPECT_EQ(signals_.people().size(), Signals::kMaxPeople);
  EXPECT_NEAR(signals_.of(1)->seconds, 0.033 * 17999, 1e-3);
  EXPECT_FALSE(signals_.of(2));
  EXPECT_TRUE(signals_.of(601));
  signals_.forget(601);
  EXPECT_FALSE(signals_.of(601));
}

}  // namespace
}  // namespace mien::emotions
