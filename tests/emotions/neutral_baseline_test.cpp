#include "mien/emotions/neutral_baseline.hpp"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/emotions/certainty.hpp"

namespace mien::emotions {
namespace {

using namespace std::chrono_literals;
using Numbers = std::vector<float>;

const std::vector<std::string> kLabels = {"neutral", "happiness", "surprise", "sadness",
                                          "anger",   "disgust",   "fear",     "contempt"};
constexpr int kNeutral = 0;
constexpr int kHappiness = 1;
constexpr int kSadness = 3;

// Recorded: what an early model said of a face that ten people called neutral, in
// eight pictures of it that differ a little in place and light ...
const std::vector<Numbers> kResting = {
    {0.2777F, 0.0001F, 0.0005F, 0.6841F, 0.0027F, 0.0038F, 0.0034F, 0.0279F},
    {0.3971F, 0.0003F, 0.0008F, 0.5501F, 0.0034F, 0.0041F, 0.0039F, 0.0403F},
    {0.3345F, 0.0003F, 0.0010F, 0.6190F, 0.0022F, 0.0042F, 0.0049F, 0.0338F},
    {0.3546F, 0.0002F, 0.0007F, 0.5986F, 0.0032F, 0.0041F, 0.0039F, 0.0347F},
    {0.3455F, 0.0005F, 0.0010F, 0.5949F, 0.0040F, 0.0064F, 0.0051F, 0.0426F},
    {0.3585F, 0.0004F, 0.0005F, 0.5904F, 0.0030F, 0.0043F, 0.0031F, 0.0398F},
    {0.3650F, 0.0005F, 0.0008F, 0.5807F, 0.0033F, 0.0048F, 0.0047F, 0.0402F},
    {0.2705F, 0.0001F, 0.0005F, 0.6906F, 0.0028F, 0.0038F, 0.0034F, 0.0282F}};
// ... of smiles, from broad to slight, and of faces that are sad to most people.
const std::vector<Numbers> kSmiles = {
    {0.0696F, 0.9200F, 0.0001F, 0.0002F, 0, 0.0001F, 0, 0.0100F},
    {0.1415F, 0.8451F, 0.0001F, 0.0078F, 0.0001F, 0.0002F, 0, 0.0052F},
    {0.1659F, 0.6608F, 0.0005F, 0.0465F, 0.0004F, 0.0031F, 0.0056F, 0.1173F}};
const std::vector<Numbers> kSad = {
    {0.0196F, 0, 0.0143F, 0.9407F, 0.0004F, 0.0006F, 0.0239F, 0.0006F},
    {0.0107F, 0.0005F, 0.0249F, 0.8583F, 0.0476F, 0.0121F, 0.0445F, 0.0015F}};

class NeutralBaselinesTest : public ::testing::Test {
 protected:
  NeutralBaselinesTest() { baselines_.use_model("starter", kLabels); }

  Numbers read(const Numbers& raw, bool usable = true) {
    time_ += 33ms;
    return baselines_.update(1, raw, time_, usable);
  }
  void rest(std::chrono::nanoseconds length) {
    const auto end = time_ + length;
    for (std::size_t i = 0; time_ < end; ++i) read(kResting[i % kResting.size()]);
  }

  NeutralBaselines baselines_;
  std::chrono::nanoseconds time_{0};
};

TEST_F(NeutralBaselinesTest, ARestingFaceCalledSadReadsNeutralAndASmileStillAsOne) {
  for (const auto& raw : kResting) {
    EXPECT_EQ(read(raw), raw);
    EXPECT_EQ(judge(raw).label, kSadness);
  }
  EXPECT_EQ(baselines_.state(1), base::Calibration::none);
  baselines_.begin(1);
  EXPECT_EQ(baselines_.state(1), base::Calibration::collecting);
  EXPECT_EQ(baselines_.progress(1), 0);
  rest(1s);
  EXPECT_NEAR(baselines_.progress(1), 0.5F, 0.05F);
  rest(900ms);
  EXPECT_EQ(baselines_.state(1), base::Calibration::collecting);
  EXPECT_NEAR(baselines_.progress(1), 0.95F, 0.05F);
  rest(300ms);
  ASSERT_EQ(baselines_.state(1), base::Calibration::set);
  EXPECT_EQ(baselines_.progress(1), 0);
  EXPECT_EQ(baselines_.number(1), 1U);

  for (const auto& raw : kResting) {
    const auto corrected = read(raw);
    EXPECT_NEAR(std::accumulate(corrected.begin(), corrected.end(), 0.0), 1, 1e-5);
    EXPECT_EQ(judge(corrected).label, kNeutral);
    EXPECT_TRUE(judge(corrected).sure());
  }
  for (const auto& raw : kSmiles) {
    const auto corrected = read(raw);
    EXPECT_EQ(judge(corrected).label, kHappiness);
    EXPECT_GE(corrected[kHappiness], raw[kHappiness]);
  }
  for (const auto& raw : kSad) EXPECT_EQ(judge(read(raw)).label, kSadness);

  baselines_.set(1, *baselines_.get(1));
  EXPECT_EQ(baselines_.number(1), 2U) << "a kept one that is used";
  baselines_.clear(1);
  EXPECT_EQ(baselines_.number(1), 0U);
  EXPECT_EQ(baselines_.state(1), base::Calibration::none);
  EXPECT_EQ(read(kResting[0]), kResting[0]);
}

TEST_F(NeutralBaselinesTest, OffsetsAreAsDocumented) {
  const NeutralBaseline baseline{
      "starter", {"sadness", "neutral", "anger", "happiness"}, {0.3F, 0.6F, 0.06F, 0.04F}};
  const auto offsets = baseline_offsets(baseline);
  EXPECT_NEAR(offsets[0], -std::log(0.3 / 0.6 / 0.15), 1e-5);
  EXPECT_EQ(offsets[1], 0);
  EXPECT_EQ(offsets[2], 0);  // below 0.15 of neutral: left alone
  EXPECT_EQ(offsets[3], 0);
  // Whoever smiles while it is taken can smile on: the cap.
  const auto capped = baseline_offsets({"starter", {"neutral", "happiness"}, {0.001F, 0.999F}});
  EXPECT_FLOAT_EQ(capped[1], -2.5F);
  EXPECT_EQ(judge(offset_probabilities({0.001F, 0.999F}, capped)).label, 1);
  EXPECT_EQ(offset_probabilities({0.5F, 0.5F}, {}), (Numbers{0.5F, 0.5F}));
  EXPECT_EQ(baseline_offsets({"odd", {"smile", "frown"}, {0.5F, 0.5F}}), (Numbers{0, 0}));
}

TEST_F(NeutralBaselinesTest, LearnsFromGoodPicturesOnlyAndGivesUp) {
  baselines_.begin(1);
  const auto start = time_;
  while (time_ < start + 10s) read(kSmiles[0], false);
  EXPECT_EQ(baselines_.progress(1), 0) << "nothing usable yet";
  EXPECT_EQ(baselines_.state(1), base::Calibration::collecting);
  rest(2500ms);
  ASSERT_EQ(baselines_.state(1), base::Calibration::set);
  // The blurred smiles before left no trace.
  EXPECT_LT(baselines_.get(1)->resting[kHappiness], 0.01F);

  baselines_.begin(1);
  const auto again = time_;
  while (time_ < again + 16s) read(kSmiles[0], false);
  EXPECT_EQ(baselines_.state(1), base::Calibration::set);  // the older one stays
  baselines_.begin(2);
  EXPECT_EQ(baselines_.state(2), base::Calibration::collecting);
  EXPECT_EQ(baselines_.state(3), base::Calibration::none);
}

TEST_F(NeutralBaselinesTest, IsKeptAsJsonAndUsedAgain) {
  baselines_.begin(1);
  rest(2500ms);
  const nlohmann::json kept = baselines_.get(1).value();
  NeutralBaselines later;
  later.use_model("starter", kLabels);
  later.set(7, kept.get<NeutralBaseline>());
  EXPECT_EQ(later.state(7), base::Calibration::set);
  const auto here = read(kResting[2]);
  const auto there = later.update(7, kResting[2], 0ns, true);
  for (std::size_t i = 0; i < here.size(); ++i) EXPECT_NEAR(here[i], there[i], 1e-5);
  EXPECT_FALSE(later.get(1));
}

TEST_F(NeutralBaselinesTest, RefusesWhatDoesNotFit) {
  baselines_.begin(1);
  rest(2500ms);
  NeutralBaseline baseline = baselines_.get(1).value();
  const auto with = [&](auto change) {
    NeutralBaseline other = baseline;
    change(other);
    return other;
  };
  EXPECT_THROW(baselines_.set(2, with([](auto& b) { b.model_id = "other"; })), base::Error);
  EXPECT_THROW(baselines_.set(2, with([](auto& b) { b.labels.pop_back(); })), base::Error);
  EXPECT_THROW(baselines_.set(2, with([](auto& b) { b.resting.pop_back(); })), base::Error);
  EXPECT_THROW(baselines_.set(2, with([](auto& b) { b.resting[0] = -1; })), base::Error);
  EXPECT_THROW(baselines_.set(2, with([](auto& b) { b.resting[0] = NAN; })), base::Error);
  EXPECT_EQ(baselines_.state(2), base::Calibration::none);
  EXPECT_NO_THROW(baselines_.set(2, baseline));

  baselines_.use_model("starter", kLabels);  // the same
  EXPECT_EQ(baselines_.state(1), base::Calibration::set);
  baselines_.use_model("other", {"smile", "frown"});
  EXPECT_EQ(baselines_.state(1), base::Calibration::none);
  EXPECT_THROW(baselines_.begin(1), base::Error);  // no neutral among them
}

TEST_F(NeutralBaselinesTest, ForgetsWhoIsLongGone) {
  baselines_.begin(1);
  rest(2500ms);
  baselines_.begin(2);  // never seen
  baselines_.forget_absent(time_ + 50s);
  EXPECT_EQ(baselines_.remembered(), 2U);
  baselines_.forget_absent(time_ + 61s);
  EXPECT_EQ(baselines_.remembered(), 1U);
  baselines_.forget_absent(time_ + 111s);
  EXPECT_EQ(baselines_.remembered(), 0U);
}

TEST_F(NeutralBaselinesTest, AClockSetBackStartsTheTakingAnew) {
  time_ = 100s;
  baselines_.begin(1);
  rest(1500ms);
  time_ = 0ns;
  rest(1500ms);
  EXPECT_EQ(baselines_.state(1), base::Calibration::collecting);
  rest(700ms);
  EXPECT_EQ(baselines_.state(1), base::Calibration::set);
}

}  // namespace
}  // namespace mien::emotions
