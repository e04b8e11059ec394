#include "mien/emotions/certainty.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <random>

#include <gtest/gtest.h>

#include "mien/emotions/smoothing.hpp"

namespace mien::emotions {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using Numbers = std::vector<float>;

const Numbers kClear = {0.1F, 0.8F, 0.1F};

TEST(Judge, LikeliestLabelOrNotSure) {
  const base::Verdict sure = judge({0.1F, 0.6F, 0.3F});
  EXPECT_EQ(sure.label, 1);
  EXPECT_FLOAT_EQ(sure.certainty, 0.6F);
  EXPECT_TRUE(sure.sure());
  const base::Verdict unlikely = judge({0.2F, 0.45F, 0.2F, 0.15F});
  EXPECT_EQ(unlikely.label, 1);
  EXPECT_EQ(unlikely.doubt, base::Doubt::low_probability);
  EXPECT_FALSE(unlikely.sure());
  const base::Verdict close = judge({0.05F, 0.45F, 0.5F});
  EXPECT_EQ(close.label, 2);
  EXPECT_EQ(close.doubt, base::Doubt::close_labels);
  const CertaintyRules rules;
  EXPECT_TRUE(
      judge({rules.least_probability, 1 - rules.least_probability - 0.1F, 0.1F}).sure());
  EXPECT_FALSE(judge({}).sure());
  EXPECT_EQ(judge({}).label, -1);
}

TEST(Judge, EveryFaultOfThePictureIsAReason) {
  const CertaintyRules rules;
  const auto doubt = [](const PictureQuality& quality) { return judge(kClear, quality).doubt; };
  EXPECT_EQ(doubt({}), base::Doubt::none);
  EXPECT_EQ(doubt({.side = rules.least_side - 1}), base::Doubt::too_small);
  EXPECT_EQ(doubt({.side = rules.least_side}), base::Doubt::none);
  EXPECT_EQ(doubt({.visible = rules.least_visible - 0.01F}), base::Doubt::cut_off);
  EXPECT_EQ(doubt({.visible = rules.least_visible}), base::Doubt::none);
  EXPECT_EQ(doubt({.turn = rules.most_turn + 0.01F}), base::Doubt::turned_away);
  EXPECT_EQ(doubt({.turn = rules.most_turn}), base::Doubt::none);
  EXPECT_EQ(doubt({.sharpness = rules.least_sharpness / 2}), base::Doubt::blurred);
  EXPECT_EQ(doubt({.sharpness = rules.least_sharpness}), base::Doubt::none);
  EXPECT_EQ(doubt({.highlights = rules.least_highlights - 1}), base::Doubt::too_dark);
  EXPECT_EQ(doubt({.highlights = rules.least_highlights}), base::Doubt::none);
  EXPECT_EQ(doubt({.washed_out = rules.most_washed_out + 0.01F}), base::Doubt::too_bright);
  EXPECT_EQ(doubt({.washed_out = rules.most_washed_out}), base::Doubt::none);
  // A face that was measured is judged by its pose, not by the detector's points.
  EXPECT_EQ(doubt({.turn = 2, .shape = FaceShape{}}), base::Doubt::none);
  EXPECT_EQ(doubt({.shape = FaceShape{.yaw = rules.most_yaw}}), base::Doubt::none);
  EXPECT_EQ(doubt({.shape = FaceShape{.yaw = rules.most_yaw + 1}}), base::Doubt::turned_away);
  EXPECT_EQ(doubt({.shape = FaceShape{.chin_down = rules.most_chin_down}}), base::Doubt::none);
  EXPECT_EQ(doubt({.shape = FaceShape{.chin_down = rules.most_chin_down + 1}}),
            base::Doubt::turned_away);
  EXPECT_EQ(doubt({.shape = FaceShape{.chin_down = -40}}), base::Doubt::none);
  const auto eyes = [](float closed_for, float shut) {
    return PictureQuality{.shape = FaceShape{.closed_for = closed_for, .eyes_shut = shut}};
  };
  EXPECT_EQ(doubt(eyes(rules.longest_closed + 0.01F, 1)), base::Doubt::eyes_closed);
  EXPECT_EQ(doubt(eyes(rules.longest_closed, 1)), base::Doubt::none) << "a blink";
  EXPECT_EQ(doubt(eyes(60, rules.most_shut)), base::Doubt::none) << "a laugh";
  const PictureQuality masked{.sharpness = rules.least_sharpness,
                              .shape = FaceShape{.mouth_covered = true}};
  EXPECT_EQ(doubt(masked), base::Doubt::mouth_covered);
  EXPECT_EQ(doubt({.sharpness = 0, .shape = masked.shape}), base::Doubt::blurred);
  // Without a model that tells, nothing is covered and nothing strange.
  EXPECT_EQ(doubt({.covered = 1, .distance = 1e9F}), base::Doubt::none);
  // The likeliest label is told all the same, and the picture's fault before the model's.
  const base::Verdict both = judge({0.5F, 0.5F}, {.sharpness = 0});
  EXPECT_EQ(both.doubt, base::Doubt::blurred);
  EXPECT_EQ(both.label, 0);
}

TEST(Judge, AModelsOwnLimitsAreInItsCard) {
  models::ModelCard card;
  EXPECT_EQ(rules_for(card).most_covered, CertaintyRules().most_covered);
  card.output.covered = {"covered", 0.7F};
  card.output.unlike = {"distance", 20};
  const CertaintyRules rules = rules_for(card);
  const auto doubt = [&](const PictureQuality& quality) {
    return judge(kClear, quality, rules).doubt;
  };
  EXPECT_EQ(doubt({.covered = 0.7F, .distance = 20}), base::Doubt::none);
  EXPECT_EQ(doubt({.covered = 0.71F}), base::Doubt::covered);
  EXPECT_EQ(doubt({.distance = 20.1F}), base::Doubt::unlike);
  EXPECT_EQ(doubt({.covered = 0.9F, .distance = 30}), base::Doubt::covered)
      << "says what to do";
  EXPECT_EQ(doubt({.sharpness = 0, .covered = 0.9F}), base::Doubt::blurred) << "was measured";
  EXPECT_EQ(doubt({.covered = 0.9F, .shape = FaceShape{.mouth_covered = true}}),
            base::Doubt::mouth_covered)
      << "says what is covered";
  EXPECT_EQ(judge({0.5F, 0.5F}, {.covered = 0.9F}, rules).doubt, base::Doubt::covered);
}

TEST(Judge, EveryReasonHasItsOwnWords) {
  std::vector<std::string> words;
  for (const base::Doubt doubt :
       {base::Doubt::low_probability, base::Doubt::close_labels, base::Doubt::too_small,
        base::Doubt::turned_away, base::Doubt::eyes_closed, base::Doubt::blurred,
        base::Doubt::too_dark, base::Doubt::too_bright, base::Doubt::cut_off,
        base::Doubt::mouth_covered, base::Doubt::covered, base::Doubt::unlike}) {
    words.emplace_back(base::describe(doubt));
    EXPECT_FALSE(words.back().empty());
    EXPECT_EQ(base::doubt_from_text(words.back()), doubt);
  }
  std::sort(words.begin(), words.end());
  EXPECT_EQ(std::unique(words.begin(), words.end()), words.end());
  EXPECT_STREQ(base::describe(base::Doubt::none), "");
  EXPECT_EQ(base::doubt_from_text(""), base::Doubt::none);
  EXPECT_EQ(base::doubt_from_text("of a later version"), std::nullopt);
}

TEST(SteadyVerdicts, ALabelGivesWayOnlyToAClearLead) {
  SteadyVerdicts verdicts;
  EXPECT_EQ(verdicts.update(1, {0.6F, 0.4F}, {}, milliseconds(0)).label, 0);
  EXPECT_EQ(verdicts.update(1, {0.48F, 0.52F}, {}, milliseconds(33)).label, 0);
  EXPECT_FLOAT_EQ(verdicts.update(1, {0.48F, 0.52F}, {}, milliseconds(66)).certainty, 0.48F);
  EXPECT_EQ(verdicts.update(1, {0.44F, 0.56F}, {}, milliseconds(99)).label, 1);
  EXPECT_EQ(verdicts.update(1, {0.52F, 0.48F}, {}, milliseconds(132)).label, 1);
  // People are apart, and after a pause everyone is judged as they are.
  EXPECT_EQ(verdicts.update(2, {0.52F, 0.48F}, {}, milliseconds(132)).label, 0);
  EXPECT_EQ(verdicts.update(1, {0.52F, 0.48F}, {}, milliseconds(900)).label, 0);
  EXPECT_EQ(verdicts.remembered(), 2U);
  verdicts.forget_absent(milliseconds(5500));
  EXPECT_EQ(verdicts.remembered(), 1U);
}

TEST(SteadyVerdicts, ANewLabelDoesNotInheritTheOldOnesCertainty) {
  SteadyVerdicts verdicts;
  EXPECT_TRUE(verdicts.update(1, {0.9F, 0.05F, 0.05F}, {}, milliseconds(0)).sure());
  const base::Verdict another = verdicts.update(1, {0.3F, 0.45F, 0.25F}, {}, milliseconds(33));
  EXPECT_EQ(another.label, 1);
  EXPECT_EQ(another.doubt, base::Doubt::low_probability);
  const base::Verdict likelier = verdicts.update(1, {0.2F, 0.55F, 0.25F}, {}, milliseconds(66));
  EXPECT_FALSE(likelier.sure()) << "not by the limits for who is read with certainty already";
  EXPECT_TRUE(verdicts.update(1, {0.2F, 0.6F, 0.2F}, {}, milliseconds(99)).sure());
  EXPECT_TRUE(verdicts.update(1, {0.2F, 0.55F, 0.25F}, {}, milliseconds(132)).sure()) << "now";
  // A fault of the picture is the new label's from its first moment, too.
  const base::Verdict blurred =
      verdicts.update(1, {0.9F, 0.05F, 0.05F}, {.sharpness = 0}, milliseconds(165));
  EXPECT_EQ(blurred.label, 0);
  EXPECT_EQ(blurred.doubt, base::Doubt::blurred);
}

TEST(SteadyVerdicts, WhatIsSaidIsNeverUnlikely) {
  // A walk through every mixture of three labels, quick and slow.
  std::mt19937 random(3);
  std::uniform_real_distribution<float> step(-1, 1);
  for (const float pace : {0.05F, 0.3F, 2.0F}) {
    SteadyVerdicts verdicts;
    float logits[3] = {2, 0, 0};
    int said = 0;
    for (int i = 0; i < 3000; ++i) {
      Numbers shares;
      float sum = 0;
      for (float& logit : logits) {
        logit = std::clamp(logit + pace * step(random), -2.0F, 2.0F);
        sum += std::exp(logit);
      }
      for (const float logit : logits) shares.push_back(std::exp(logit) / sum);
      const auto verdict = verdicts.update(1, shares, {}, milliseconds(33 * i));
      if (!verdict.sure()) continue;
      ++said;
      ASSERT_GE(verdict.certainty, 0.45F) << i << " at pace " << pace;
    }
    EXPECT_GT(said, 300);
  }
}

TEST(SteadyVerdicts, AHeadAtTheLimitDoesNotFlicker) {
  const CertaintyRules rules;
  const auto held = [&](float yaw) { return PictureQuality{.shape = FaceShape{.yaw = yaw}}; };
  SteadyVerdicts verdicts(rules);
  int t = 0;
  for (; t < 2000; t += 33) {
    const float yaw = rules.most_yaw + (t / 33 % 2 == 0 ? -2.0F : 2.0F);
    EXPECT_TRUE(verdicts.update(1, kClear, held(yaw), milliseconds(t)).sure()) << t;
  }
  base::Verdict verdict;
  for (; t < 2400; t += 33) {
    verdict = verdicts.update(1, kClear, held(rules.most_yaw + 8), milliseconds(t));
  }
  EXPECT_EQ(verdict.doubt, base::Doubt::turned_away);
}

TEST(SteadyVerdicts, EyesThatAreShutAtTheLimitDoNotFlicker) {
  const CertaintyRules rules;
  const auto eyes = [](float closed_for, float shut) {
    return PictureQuality{.shape = FaceShape{.closed_for = closed_for, .eyes_shut = shut}};
  };
  for (const auto& [high, low] :
       {std::pair{eyes(60, rules.most_shut + 0.05F), eyes(60, rules.most_shut - 0.05F)},
        {eyes(rules.longest_closed + 0.05F, 1), eyes(0.1F, 1)}}) {
    SteadyVerdicts verdicts(rules);
    int t = 0;
    EXPECT_TRUE(verdicts.update(1, kClear, low, milliseconds(t)).sure());
    for (; t < 2000; t += 33) {
      // Ten frames beyond the limit, one below: longer than the hold time.
      const auto& now = t / 33 % 11 == 0 ? low : high;
      EXPECT_TRUE(verdicts.update(1, kClear, now, milliseconds(t)).sure()) << t;
    }
    base::Verdict verdict;
    for (; t < 2400; t += 33) {
      verdict = verdicts.update(1, kClear, eyes(60, 0.6F), milliseconds(t));
    }
    EXPECT_EQ(verdict.doubt, base::Doubt::eyes_closed);
  }
}

TEST(SteadyVerdicts, ACoveredFaceIsDoubtedByTheModelsLimits) {
  CertaintyRules rules;
  rules.most_covered = 0.9F;
  SteadyVerdicts verdicts(rules);
  EXPECT_TRUE(verdicts.update(1, kClear, {}, milliseconds(0)).sure());
  for (int t = 33; t < 500; t += 33) {
    EXPECT_TRUE(verdicts.update(1, kClear, {.covered = 0.91F}, milliseconds(t)).sure());
  }
  base::Verdict verdict;
  for (int t = 500; t < 800; t += 33) {
    verdict = verdicts.update(1, kClear, {.covered = 1}, milliseconds(t));
  }
  EXPECT_EQ(verdict.doubt, base::Doubt::covered);
}

TEST(SteadyVerdicts, DoubtIsDelayedAndCertaintyIsNot) {
  SteadyVerdicts verdicts;
  const PictureQuality blurred{.sharpness = 0};
  EXPECT_TRUE(verdicts.update(1, kClear, {}, milliseconds(0)).sure());
  EXPECT_TRUE(verdicts.update(1, kClear, blurred, milliseconds(50)).sure());
  EXPECT_TRUE(verdicts.update(1, kClear, {}, milliseconds(100)).sure());
  int t = 150;
  for (; t < 350; t += 50) {
    EXPECT_TRUE(verdicts.update(1, kClear, blurred, milliseconds(t)).sure()) << t;
  }
  EXPECT_EQ(verdicts.update(1, kClear, blurred, milliseconds(t)).doubt, base::Doubt::blurred);
  EXPECT_TRUE(verdicts.update(1, kClear, {}, milliseconds(t + 50)).sure());
  // Who is new and blurred is blurred at once.
  EXPECT_EQ(verdicts.update(2, kClear, blurred, milliseconds(t)).doubt, base::Doubt::blurred);
}

TEST(SteadyVerdicts, TakesAnotherModelAndAClockSetBack) {
  SteadyVerdicts verdicts;
  verdicts.update(1, kClear, {}, milliseconds(1000));
  EXPECT_EQ(verdicts.update(1, {0.2F, 0.2F, 0.2F, 0.4F}, {}, milliseconds(1033)).label, 3);
  EXPECT_EQ(verdicts.update(1, {0.9F, 0, 0, 0.1F}, {}, milliseconds(10)).label, 0);
}

// A face by a model that trembles: logits with normal noise of their own in every frame.
class NoisyFace {
 public:
  explicit NoisyFace(unsigned seed, float noise = 0.8F) : random_(seed), normal_(0, noise) {}

  /// `lead`: of label `shown` over a second one, in logits; six others are far behind.
  Numbers read(std::size_t shown, std::size_t second, float lead) {
    Numbers result(8, -2.5F);
    result[second] = 0;
    result[shown] = lead;
    float sum = 0;
    for (float& value : result) sum += value = std::exp(value + normal_(random_));
    for (float& value : result) value /= sum;
    return result;
  }

 private:
  std::mt19937 random_;
  std::normal_distribution<float> normal_;
};

/// What is shown of a face: a label, or -1 for *not sure*.
int shown(const base::Verdict& verdict) { return verdict.sure() ? verdict.label : -1; }

struct Flips {
  double before = 0;  ///< a minute, each frame judged by itself
  double after = 0;   ///< with smoothing and steady verdicts
};

Flips flips_of_a_steady_face(float lead, int fps) {
  constexpr int kMinutes = 10;
  NoisyFace face(11);
  Smoother smoother;
  SteadyVerdicts verdicts;
  Flips flips;
  int single = 0;
  int steady = 0;
  for (int i = 0; i < kMinutes * 60 * fps; ++i) {
    const auto time = nanoseconds{std::chrono::seconds{1}} * i / fps;
    const auto raw = face.read(3, 0, lead);
    const int now_single = shown(judge(raw));
    const int now_steady = shown(verdicts.update(1, smoother.update(1, raw, time), {}, time));
    if (i > 0 && now_single != single) ++flips.before;
    if (i > 0 && now_steady != steady) ++flips.after;
    single = now_single;
    steady = now_steady;
  }
  return {flips.before / kMinutes, flips.after / kMinutes};
}

TEST(SteadyVerdicts, ASteadyFaceDoesNotFlicker) {
  for (const int fps : {30, 15}) {
    for (const float lead : {2.5F, 2.0F, 1.5F, 1.0F}) {
      const Flips flips = flips_of_a_steady_face(lead, fps);
      std::cout << "steady face, " << fps << " fps, lead " << lead << ": " << flips.before
                << " flips a minute each frame by itself, " << flips.after << " steadied\n";
      EXPECT_GT(flips.before, 30);
      EXPECT_LT(flips.after, flips.before / 8);
      if (lead >= 1.9F) {
        EXPECT_LT(flips.after, 1);
      }
    }
  }
}

/// From the first frame that shows another expression to the first that says so; the mean and
/// the longest of many steps, in ms.
std::pair<double, double> delay_after_a_step(float lead, int fps) {
  double sum = 0;
  double longest = 0;
  constexpr int kSteps = 200;
  for (unsigned step = 0; step < kSteps; ++step) {
    NoisyFace face(step);
    Smoother smoother;
    SteadyVerdicts verdicts;
    const auto at = [&](int i) { return nanoseconds{std::chrono::seconds{1}} * i / fps; };
    const auto say = [&](int i, std::size_t label, std::size_t other) {
      const auto smoothed = smoother.update(1, face.read(label, other, lead), at(i));
      return shown(verdicts.update(1, smoothed, {}, at(i)));
    };
    int i = 0;
    for (; i < 2 * fps; ++i) say(i, 0, 3);
    const auto start = at(i);
    while (say(i, 3, 0) != 3) ++i;
    const double delay = std::chrono::duration<double, std::milli>(at(i) - start).count();
    sum += delay;
    longest = std::max(longest, delay);
  }
  return {sum / kSteps, longest};
}

TEST(SteadyVerdicts, AChangeShowsSoon) {
  for (const int fps : {30, 15}) {
    for (const float lead : {4.0F, 3.0F, 2.5F}) {
      const auto [mean, longest] = delay_after_a_step(lead, fps);
      std::cout << "step, " << fps << " fps, lead " << lead << ": shown after " << mean
                << " ms on average, " << longest << " ms at most\n";
      EXPECT_LE(mean, 200);
      // Five frames, of which one may tremble the wrong way.
      EXPECT_LE(longest, fps == 30 ? 250 : 340);
    }
  }
}

}  // namespace
}  // namespace mien::emotions
