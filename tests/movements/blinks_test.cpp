#include "mien/movements/blinks.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "mien/synthesis/rng.hpp"

namespace mien::movements {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

EyeOpenings both(float opening) { return {opening, opening}; }

/// Somebody's eyes, a frame after the other.
class Eyes {
 public:
  Eyes(float open, nanoseconds step, double noise = 0)
      : open_(open), step_(step), noise_(noise) {}

  /// So open, as a share, for so long.
  base::EyeActivity hold(double share, nanoseconds duration) {
    for (const auto end = time_ + duration; time_ < end; time_ += step_) {
      const double shake = 1 + noise_ * rng_.normal();
      const auto opening = static_cast<float>(open_ * share * shake);
      last_ = counter_.update(1, EyeOpenings{opening, opening * 0.9F}, time_);
      ended_ += last_.blinked ? 1 : 0;
    }
    return last_;
  }
  base::EyeActivity unseen(nanoseconds duration) {
    for (const auto end = time_ + duration; time_ < end; time_ += step_) {
      last_ = counter_.update(1, std::nullopt, time_);
    }
    return last_;
  }
  void lose_frames(nanoseconds duration) { time_ += duration; }
  void set_clock(nanoseconds time) { time_ = time; }
  int ended() const { return ended_; }  ///< blinks that a frame announced

 private:
  BlinkCounter counter_;
  float open_;
  nanoseconds step_;
  double noise_;
  nanoseconds time_{5s};
  base::EyeActivity last_;
  int ended_ = 0;
  synthesis::Rng rng_{7};
};

TEST(Blinks, EachIsCountedOnceWithItsDuration) {
  for (const auto step :
       {nanoseconds(16'666'667), nanoseconds(33'333'333), nanoseconds(66'666'667)}) {
    Eyes eyes(0.3F, step);
    eyes.hold(1, 2s);
    for (int i = 0; i < 12; ++i) {
      eyes.hold(0.6, 200ms);
      eyes.hold(1, 2800ms);
    }
    const auto activity = eyes.hold(1, 100ms);
    EXPECT_EQ(activity.blinks, 12);
    EXPECT_EQ(eyes.ended(), 12);
    ASSERT_TRUE(activity.blinks_per_minute());
    EXPECT_NEAR(*activity.blinks_per_minute(), 12 * 60 / 37.6, 1);
    EXPECT_NEAR(activity.closed_seconds / activity.observed_seconds, 12 * 0.2 / 37.6, 0.02);
    EXPECT_NEAR(activity.opening, 1, 0.01);
  }
}

TEST(Blinks, NarrowEyesAreJudgedByThemselves) {
  for (const float open : {0.12F, 0.2F, 0.4F}) {
    Eyes eyes(open, 33ms);
    EXPECT_FALSE(eyes.hold(1, 2s).closed);
    EXPECT_TRUE(eyes.hold(0.7, 200ms).closed);
    EXPECT_EQ(eyes.hold(1, 1s).blinks, 1);
  }
}

TEST(Blinks, TremblingIsNone) {
  Eyes eyes(0.28F, 33ms, 0.025);
  const auto activity = eyes.hold(1, 10min);
  EXPECT_LE(activity.blinks, 1);
  EXPECT_LT(activity.closed_seconds, 0.002 * activity.observed_seconds);
}

TEST(Blinks, LongClosuresAreNoBlinksButTimeClosed) {
  Eyes eyes(0.3F, 33ms);
  eyes.hold(1, 4s);
  EXPECT_EQ(eyes.hold(1, 33ms).closed_for, 0);
  const auto closed = eyes.hold(0.6, 3s);
  EXPECT_TRUE(closed.closed);
  EXPECT_NEAR(closed.closed_for, 3, 0.1);
  const auto activity = eyes.hold(1, 3s);
  EXPECT_EQ(activity.closed_for, 0);
  EXPECT_EQ(activity.blinks, 0);
  EXPECT_NEAR(activity.closed_seconds, 3, 0.1);
  EXPECT_FALSE(eyes.hold(1, 10ms).closed);
}

TEST(Blinks, FramesThatComeSeldomSayWhatTheyShow) {
  for (const auto step : {300ms, 500ms, 2000ms}) {
    Eyes eyes(0.3F, step);
    const auto frame = [&](double share) { return eyes.hold(share, step); };
    for (int i = 0; i < 12; ++i) EXPECT_FALSE(frame(1).closed) << i;
    EXPECT_TRUE(frame(0.6).closed);
    EXPECT_TRUE(frame(0.6).closed);
    EXPECT_FALSE(frame(1).closed);
    EXPECT_EQ(frame(1).blinks, 0);
  }
  Eyes eyes(0.3F, 33ms);
  eyes.hold(1, 4s);
  eyes.lose_frames(1s);
  EXPECT_FALSE(eyes.hold(0.6, 33ms).closed) << "one gap makes no frame sure";
}

TEST(Blinks, ASingleFrameNeitherClosesEyesNorOpensThem) {
  for (const int rate : {12, 15, 24, 25, 30, 60}) {
    const nanoseconds step = nanoseconds(1s) / rate;
    const auto frame = [&](Eyes& eyes, double share) { return eyes.hold(share, step); };
    Eyes eyes(0.3F, step);
    eyes.hold(1, 2s);
    const auto outlier = frame(eyes, 0.7);
    EXPECT_TRUE(outlier.lids_down) << rate;
    EXPECT_FALSE(outlier.closed) << rate << " frames a second";
    EXPECT_EQ(outlier.closed_for, 0) << rate;
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(frame(eyes, 1).closed) << rate;

    EXPECT_TRUE(eyes.hold(0.7, 1s).closed) << rate;
    const auto wrong = frame(eyes, 1);
    EXPECT_FALSE(wrong.lids_down) << rate;
    EXPECT_TRUE(wrong.closed) << rate;
    const auto again = frame(eyes, 0.7);
    EXPECT_TRUE(again.closed) << rate;
    EXPECT_NEAR(again.closed_for, 1.05, 0.2) << rate << ", since they closed";
    EXPECT_FALSE(eyes.hold(1, 200ms).closed) << rate;
  }
}

TEST(Blinks, AFrameBehindALostOneIsASingleOne) {
  for (const auto lost : {33ms, 66ms, 99ms}) {
    Eyes eyes(0.3F, 33ms);
    eyes.hold(1, 2s);
    eyes.lose_frames(lost);
    EXPECT_FALSE(eyes.hold(0.7, 33ms).closed);
    EXPECT_FALSE(eyes.hold(1, 33ms).closed);
  }
}

TEST(Blinks, AtFewFramesASecondOneIsAllOfABlink) {
  for (const int rate : {5, 8, 10}) {
    const nanoseconds step = nanoseconds(1s) / rate;
    Eyes eyes(0.3F, step);
    eyes.hold(1, 4s);
    EXPECT_TRUE(eyes.hold(0.7, step).closed) << rate;
    const auto opened = eyes.hold(1, step);
    EXPECT_FALSE(opened.closed) << rate;
    EXPECT_EQ(opened.blinks, 1) << rate;
  }
}

TEST(Blinks, AreCountedInTheFrameInWhichTheLidsAreUp) {
  Eyes eyes(0.3F, 33ms);
  eyes.hold(1, 2s);
  EXPECT_TRUE(eyes.hold(0.6, 99ms).closed);
  const auto up = eyes.hold(1, 33ms);
  EXPECT_TRUE(up.blinked);
  EXPECT_EQ(up.blinks, 1);
  EXPECT_TRUE(up.closed) << "for one frame more";
  EXPECT_FALSE(eyes.hold(1, 33ms).closed);
}

TEST(Blinks, WhatIsHeldForLongBecomesUsual) {
  Eyes eyes(0.3F, 33ms);
  eyes.hold(1, 20s);
  EXPECT_TRUE(eyes.hold(0.8, 5s).closed);
  EXPECT_FALSE(eyes.hold(0.8, 60s).closed) << "looking down at a keyboard";
  eyes.hold(0.8 * 0.7, 200ms);
  EXPECT_EQ(eyes.hold(0.8, 1s).blinks, 1) << "blinks are seen there, too";
}

TEST(Blinks, WhoBeginsWithClosedEyesIsUnderstoodSoon) {
  Eyes eyes(0.3F, 33ms);
  eyes.hold(0.6, 1s);
  eyes.hold(1, 3s);
  EXPECT_TRUE(eyes.hold(0.6, 200ms).closed);
  EXPECT_EQ(eyes.hold(1, 1s).blinks, 1);
}

TEST(Blinks, MissingFramesMakeNone) {
  Eyes eyes(0.3F, 33ms);
  eyes.hold(1, 2s);
  eyes.hold(0.6, 100ms);
  eyes.lose_frames(1s);  // opened and closed in between, who knows
  EXPECT_EQ(eyes.hold(1, 1s).blinks, 0);
  eyes.lose_frames(1s);
  eyes.hold(0.6, 100ms);  // closed already when they are seen again
  EXPECT_EQ(eyes.hold(1, 1s).blinks, 0);
  eyes.hold(0.6, 150ms);
  const auto activity = eyes.hold(1, 1s);
  EXPECT_EQ(activity.blinks, 1);
  EXPECT_LT(activity.observed_seconds, 5.5) << "lost time is not observed";
}

TEST(Blinks, AFaceThatTurnsAwayHasNeitherEyesNorBlinks) {
  Eyes eyes(0.3F, 33ms);
  eyes.hold(1, 2s);
  eyes.hold(0.6, 100ms);
  const auto away = eyes.unseen(5s);
  EXPECT_EQ(away.opening, 0);
  const auto back = eyes.hold(1, 1s);
  EXPECT_EQ(back.blinks, 0);
  EXPECT_LT(back.observed_seconds, 4);
  EXPECT_FALSE(back.blinks_per_minute()) << "too short for a rate";
}

TEST(Blinks, UnseenEyesAreNeitherOpenNorClosed) {
  Eyes eyes(0.3F, 33ms);
  eyes.hold(1, 2s);
  const auto before = eyes.hold(0.6, 330ms);
  EXPECT_TRUE(before.closed);
  const auto away = eyes.unseen(165ms);
  EXPECT_FALSE(away.closed);
  EXPECT_EQ(away.closed_for, 0);
  const auto back = eyes.hold(0.6, 330ms);
  EXPECT_TRUE(back.closed);
  EXPECT_NEAR(back.closed_for, 0.3, 0.04) << "since they are seen again";
  EXPECT_NEAR(back.observed_seconds - before.observed_seconds, 0.3, 0.04);
  EXPECT_NEAR(back.closed_seconds - before.closed_seconds, 0.3, 0.04);
  EXPECT_EQ(eyes.hold(1, 1s).blinks, 0) << "its beginning was not seen";
}

TEST(Blinks, ABlinkInWhichTheEyesAreUnseenIsNone) {
  Eyes eyes(0.3F, 33ms);
  eyes.hold(1, 2s);
  eyes.hold(0.6, 66ms);
  eyes.unseen(33ms);
  eyes.hold(0.6, 66ms);
  EXPECT_EQ(eyes.hold(1, 1s).blinks, 0);
}

TEST(Blinks, AClockThatStartsAnewAndNumbersThatAreNone) {
  Eyes eyes(0.3F, 33ms);
  eyes.hold(1, 2s);
  eyes.set_clock(0s);
  eyes.hold(1, 2s);
  eyes.hold(0.6, 150ms);
  EXPECT_EQ(eyes.hold(1, 1s).blinks, 1);
  BlinkCounter counter;
  EXPECT_EQ(counter.update(1, both(std::nanf("")), 1s).opening, 0);
  EXPECT_EQ(counter.update(1, both(0.0F), 2s).blinks, 0);
}

TEST(Blinks, AWinkIsNone) {
  BlinkCounter counter;
  for (int i = 0; i < 60; ++i) counter.update(1, both(0.3F), i * 33ms);
  for (int i = 60; i < 66; ++i) {
    EXPECT_FALSE(counter.update(1, EyeOpenings{0.15F, 0.3F}, i * 33ms).closed);
  }
  EXPECT_EQ(counter.update(1, both(0.3F), 66 * 33ms).blinks, 0);
}

TEST(Blinks, TheSameFrameAgainChangesNothing) {
  BlinkCounter counter;
  for (int i = 0; i < 60; ++i) counter.update(1, both(0.3F), i * 33ms);
  counter.update(1, both(0.2F), 60 * 33ms);
  for (int i = 0; i < 3; ++i) {
    const auto down = counter.update(1, both(0.2F), 60 * 33ms);
    EXPECT_TRUE(down.lids_down);
    EXPECT_FALSE(down.closed) << "it is still one frame";
  }
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(counter.update(1, both(0.2F), 61 * 33ms).closed);
  EXPECT_FALSE(counter.update(1, std::nullopt, 62 * 33ms).closed) << "looked for in vain first";
  for (int i = 0; i < 2; ++i) {
    const auto opened = counter.update(1, both(0.3F), 62 * 33ms);
    EXPECT_EQ(opened.blinks, 1);
    EXPECT_TRUE(opened.blinked);
  }
}

TEST(Blinks, PeopleAreForgottenAfterAMinute) {
  BlinkCounter counter;
  counter.update(1, both(0.3F), 1s);
  counter.update(2, both(0.3F), 50s);
  counter.forget_absent(62s);
  EXPECT_EQ(counter.remembered(), 1u);
  counter.forget_absent(1s);  // a clock that went back forgets nobody
  EXPECT_EQ(counter.remembered(), 1u);
  counter.reset();
  EXPECT_EQ(counter.remembered(), 0u);
}

}  // namespace
}  // namespace mien::movements
