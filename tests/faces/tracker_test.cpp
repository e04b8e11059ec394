#include "mien/faces/tracker.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

namespace mien::faces {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;

base::Face at(float x, float y, float side = 50) {
  return {{x, y, side, side}, 0.9F, std::nullopt};
}

TEST(Tracker, NumbersInOrderOfAppearanceAndKeepsThem) {
  Tracker tracker;
  EXPECT_THAT(tracker.update({}, milliseconds(0)), ElementsAre());
  EXPECT_THAT(tracker.update({at(0, 0), at(200, 0)}, milliseconds(0)), ElementsAre(1, 2));
  // In another order, a little further.
  EXPECT_THAT(tracker.update({at(205, 3), at(6, 2)}, milliseconds(33)), ElementsAre(2, 1));
  EXPECT_THAT(tracker.update({at(400, 0), at(210, 3), at(9, 2)}, milliseconds(66)),
              ElementsAre(3, 2, 1));
}

TEST(Tracker, FollowsOneWhoGrowsAndMovesFast) {
  Tracker tracker;
  for (int i = 0; i < 60; ++i) {
    const float side = 40 + 2.0F * static_cast<float>(i);
    EXPECT_THAT(
        tracker.update({at(12.0F * static_cast<float>(i), 10, side)}, milliseconds(33 * i)),
        ElementsAre(1));
  }
}

TEST(Tracker, WaitsTwoSecondsAndNeverGivesANumberTwice) {
  Tracker tracker;
  EXPECT_THAT(tracker.update({at(100, 100)}, milliseconds(0)), ElementsAre(1));
  for (int t = 100; t <= 1900; t += 100) tracker.update({}, milliseconds(t));
  EXPECT_THAT(tracker.update({at(110, 100)}, milliseconds(1950)), ElementsAre(1));
  for (int t = 2000; t <= 4500; t += 100) tracker.update({}, milliseconds(t));
  EXPECT_THAT(tracker.update({at(110, 100)}, milliseconds(4600)), ElementsAre(2));
}

TEST(Tracker, SomeoneFarAwayOrOfAnotherSizeIsNew) {
  Tracker tracker;
  tracker.update({at(0, 0)}, milliseconds(0));
  EXPECT_THAT(tracker.update({at(120, 0)}, milliseconds(33)), ElementsAre(2));
  EXPECT_THAT(tracker.update({at(100, 0, 150)}, milliseconds(66)), ElementsAre(3));
}

TEST(Tracker, TheNearestOfTwoGetsTheNumber) {
  Tracker tracker;
  tracker.update({at(100, 100)}, milliseconds(0));
  EXPECT_THAT(tracker.update({at(125, 100), at(102, 100)}, milliseconds(33)),
              ElementsAre(2, 1));
}

TEST(Tracker, ClockThatJumpsBackStartsAnewWithFreshNumbers) {
  Tracker tracker;
  tracker.update({at(0, 0)}, milliseconds(5000));
  EXPECT_THAT(tracker.update({at(0, 0)}, milliseconds(0)), ElementsAre(2));
  EXPECT_THAT(tracker.update({at(0, 0)}, milliseconds(33)), ElementsAre(2));
  tracker.reset();
  EXPECT_THAT(tracker.update({at(0, 0)}, milliseconds(10)), ElementsAre(3));
}

TEST(Tracker, ThirtyPeopleWhoSwayKeepTheirNumbers) {
  Tracker tracker;
  std::vector<int> first;
  for (int frame = 0; frame < 200; ++frame) {
    std::vector<base::Face> faces;
    for (int i = 0; i < 30; ++i) {
      const float sway = 12 * static_cast<float>(std::sin(0.2 * frame + i));
      faces.push_back(at(60.0F * static_cast<float>(i % 10) + sway,
                         80.0F * static_cast<float>(i / 10) - sway / 2));
    }
    std::rotate(faces.begin(), faces.begin() + frame % 30, faces.end());
    auto people = tracker.update(faces, milliseconds(33 * frame));
    std::rotate(people.begin(), people.end() - frame % 30, people.end());
    if (frame == 0) first = people;
    ASSERT_EQ(people, first) << "frame " << frame;
  }
  EXPECT_EQ(std::set<int>(first.begin(), first.end()).size(), 30U);
}

// Patches of colours, as large as hair, skin and clothes are, other ones for everybody.
cv::Mat patches_of(int who, double light = 1, cv::Size size = {320, 240}) {
  cv::RNG random(0x9E3779B97F4A7C15ULL * static_cast<std::uint64_t>(who + 1));
  for (int i = 0; i < 20; ++i) random.next();  // neighbouring seeds begin alike
  cv::Mat image(6, 8, CV_8UC3);
  // Three bits of the number: which colours are strong in this one.
  const auto strong = [&](int bit) { return (who >> bit & 1) != 0 ? 140.0 : 20.0; };
  random.fill(image, cv::RNG::UNIFORM, cv::Scalar(strong(0), strong(1), strong(2)),
              cv::Scalar(strong(0) + 90, strong(1) + 90, strong(2) + 90));
  cv::resize(image, image, size, 0, 0, cv::INTER_CUBIC);
  image.convertTo(image, CV_8U, light);
  return image;
}

const base::Face kInPortrait = {{110, 65, 100, 110}, 0.9F, std::nullopt};

TEST(Tracker, AnotherFaceAtTheSamePlaceIsAnotherPerson) {
  Tracker tracker;
  std::set<int> numbers;
  int now = 0;
  for (int who = 0; who < 8; ++who) {
    int person = 0;
    for (int i = 0; i < 15; ++i, now += 40) {
      base::Face face = kInPortrait;
      face.box.x += static_cast<float>(i % 3);  // a detector trembles
      person = tracker.update({face}, milliseconds(now), patches_of(who)).at(0);
      if (i == 0) {
        EXPECT_TRUE(numbers.insert(person).second) << "portrait " << who;
      }
      EXPECT_TRUE(numbers.contains(person)) << "portrait " << who << " frame " << i;
    }
  }
  EXPECT_EQ(numbers.size(), 8U);
}

TEST(Tracker, ALampIsNoCut) {
  Tracker tracker;
  for (int i = 0; i < 40; ++i) {
    EXPECT_THAT(tracker.update({kInPortrait}, milliseconds(40 * i),
                               patches_of(3, i / 10 % 2 == 0 ? 1.0 : 0.55)),
                ElementsAre(1));
  }
}

TEST(Tracker, NobodyLeavesWhileNoPictureComes) {
  Tracker tracker;
  tracker.update({at(100, 100), at(300, 100)}, milliseconds(0));
  tracker.update({at(100, 100), at(300, 100)}, milliseconds(40));
  EXPECT_THAT(tracker.update({at(310, 100), at(120, 100)}, milliseconds(6000)),
              ElementsAre(2, 1));
  EXPECT_THAT(tracker.update({at(310, 100)}, milliseconds(30'000)), ElementsAre(3))
      << "after half a minute nobody knows";
}

TEST(Tracker, TheSameCameraOpenedAnewShowsTheSamePeople) {
  Tracker tracker;
  for (int i = 0; i < 200; ++i) tracker.update({at(100, 100)}, milliseconds(40 * i));
  tracker.bridge();
  EXPECT_THAT(tracker.update({at(104, 100)}, milliseconds(0)), ElementsAre(1));
  EXPECT_THAT(tracker.update({at(104, 100)}, milliseconds(40)), ElementsAre(1));
  EXPECT_THAT(tracker.update({at(400, 100)}, milliseconds(80)), ElementsAre(2));
}

TEST(Tracker, APictureOfAnotherSizeShowsTheSamePeople) {
  Tracker tracker;
  for (int i = 0; i < 5; ++i) {
    tracker.update({kInPortrait}, milliseconds(40 * i), patches_of(2));
  }
  base::Face larger = kInPortrait;
  larger.box = {330, 195, 300, 330};
  EXPECT_THAT(tracker.update({larger}, milliseconds(200), patches_of(2, 1, {960, 720})),
              ElementsAre(1));
}

// Scripted people: boxes by time, an answer of the detector for each frame.

constexpr int kStep = 33;  // ms

struct Walker {
  float x0, speed;  // pixels, pixels a second
  float y = 100;
  float side = 50;
  cv::Scalar hair{0, 0, 0}, skin{0, 0, 0}, coat{0, 0, 0};  // BGR

  cv::Rect2f box(int ms) const {
    return {x0 + speed * static_cast<float>(ms) / 1000, y, side, side};
  }
  base::Face face(int ms) const { return {box(ms), 0.9F, std::nullopt}; }
};

/// Paints people into a picture, the last one in front.
cv::Mat paint(const std::vector<std::pair<cv::Rect2f, const Walker*>>& people) {
  cv::Mat picture(300, 640, CV_8UC3, cv::Scalar(120, 125, 130));
  const cv::Rect whole({0, 0}, picture.size());
  for (const auto& [place, who] : people) {
    const cv::Rect2f& box = place;  // a lambda of Clang 14 cannot capture `place` itself
    const auto fill = [&](float top, float bottom, const cv::Scalar& color) {
      const cv::Rect2f part(box.x - 0.2F * box.width, box.y + top * box.height,
                            1.4F * box.width, (bottom - top) * box.height);
      picture(cv::Rect(part) & whole).setTo(color);
    };
    fill(-0.3F, 0.2F, who->hair);
    fill(0.2F, 1.0F, who->skin);
    fill(1.0F, 1.6F, who->coat);
  }
  return picture;
}

const Walker kAnna{.x0 = 100,
                   .speed = 150,
                   .hair = {30, 40, 60},
                   .skin = {120, 150, 210},
                   .coat = {160, 60, 40}};
const Walker kBen{.x0 = 400,
                  .speed = -150,
                  .hair = {90, 170, 200},
                  .skin = {90, 120, 180},
                  .coat = {50, 50, 180}};

TEST(Tracker, TwoWhoCrossKeepTheirNumbersByTheirWay) {
  for (const bool hidden : {false, true}) {
    Tracker tracker;
    std::vector<int> last;
    for (int t = 0; t <= 2000; t += kStep) {
      const base::Face anna = kAnna.face(t);
      const base::Face ben = kBen.face(t);
      // While they cover each other, the detector sees the one in front only.
      const bool covered = hidden && (anna.box & ben.box).area() > 0.2F * anna.box.area();
      if (covered) {
        EXPECT_THAT(tracker.update({anna}, milliseconds(t)), ElementsAre(1)) << t;
      } else {
        last = tracker.update({anna, ben}, milliseconds(t));
        ASSERT_THAT(last, ElementsAre(1, 2)) << t;
      }
    }
  }
}

// They meet, one hides the other for a moment, and both go back to where they came from: their
// way says the opposite of the truth.
std::vector<int> meet_and_turn_back(bool with_picture) {
  Tracker tracker;
  std::vector<int> last;
  for (int t = 0; t <= 2000; t += kStep) {
    const int way = t <= 1000 ? t : 2000 - t;
    const cv::Rect2f anna = kAnna.box(way);
    const cv::Rect2f ben = kBen.box(way);
    const cv::Mat picture = paint({{ben, &kBen}, {anna, &kAnna}});
    std::vector<base::Face> faces = {{anna, 0.9F, std::nullopt}};
    const bool covered = (anna & ben).area() > 0.05F * anna.area();
    if (!covered) faces.push_back({ben, 0.8F, std::nullopt});
    last = tracker.update(faces, milliseconds(t), with_picture ? picture : cv::Mat());
  }
  return last;
}

TEST(Tracker, LooksTellThoseWhoMeetAndTurnBackApart) {
  EXPECT_THAT(meet_and_turn_back(true), ElementsAre(1, 2));
  // Boxes alone get it wrong: the looks are worth their microseconds.
  EXPECT_THAT(meet_and_turn_back(false), ElementsAre(2, 1));
}

TEST(Tracker, SomeoneHiddenForNearlyTwoSecondsIsTheSame) {
  Tracker tracker;
  for (int t = 0; t <= 4000; t += kStep) {
    const bool hidden = t > 1000 && t < 2900;
    std::vector<base::Face> faces = {at(400, 50)};
    // Walks slowly behind something.
    if (!hidden) faces.push_back(at(100 + 0.03F * static_cast<float>(t), 100));
    const auto people = tracker.update(faces, milliseconds(t));
    EXPECT_EQ(people.front(), 1);
    if (!hidden) {
      EXPECT_EQ(people.back(), 2) << t;
    }
  }
}

TEST(Tracker, EveryThirdFrameMissedByTheDetectorChangesNothing) {
  Tracker tracker;
  for (int i = 0; i < 90; ++i) {
    const int t = i * kStep;
    std::vector<base::Face> faces;
    std::vector<int> expected;
    if (i == 0 || i % 3 != 1) {
      faces.push_back(kAnna.face(t / 2));
      expected.push_back(1);
    }
    if (i == 0 || i % 3 != 2) {
      faces.push_back(at(500, 30, 60));
      expected.push_back(2);
    }
    EXPECT_EQ(tracker.update(faces, milliseconds(t)), expected) << i;
  }
}

TEST(Tracker, WhoLeavesAtTheEdgeIsNotWhoEntersThereLater) {
  const cv::Mat picture(300, 640, CV_8UC3, cv::Scalar(120, 125, 130));
  Tracker tracker;
  const Walker leaving{.x0 = 500, .speed = 200};
  int t = 0;
  for (; leaving.box(t).x < 625; t += kStep) {
    EXPECT_THAT(tracker.update({leaving.face(t)}, milliseconds(t), picture), ElementsAre(1));
  }
  const int left = t;
  for (; t < left + 1000; t += kStep) tracker.update({}, milliseconds(t), picture);
  EXPECT_EQ(tracker.remembered(), 0U);
  // The next one comes in where the first went out, another on the far side.
  for (int i = 0; i < 20; ++i, t += kStep) {
    const float in = 4.0F * static_cast<float>(i);
    EXPECT_THAT(
        tracker.update({at(615 - in, 100), at(-25 + in, 100)}, milliseconds(t), picture),
        ElementsAre(2, 3));
  }
}

TEST(Tracker, WhoStaysAtTheEdgeIsWaitedForAsElsewhere) {
  const cv::Mat picture(300, 640, CV_8UC3, cv::Scalar(120, 125, 130));
  Tracker tracker;
  for (int t = 0; t < 500; t += kStep) tracker.update({at(600, 100)}, milliseconds(t), picture);
  for (int t = 500; t < 2000; t += kStep) tracker.update({}, milliseconds(t), picture);
  EXPECT_THAT(tracker.update({at(600, 100)}, milliseconds(2000), picture), ElementsAre(1));
}

TEST(Tracker, UntidyAndJumpingClocks) {
  Tracker tracker;
  tracker.update({at(0, 0)}, milliseconds(1000));
  EXPECT_THAT(tracker.update({at(2, 0)}, milliseconds(1033)), ElementsAre(1));
  EXPECT_THAT(tracker.update({at(4, 0)}, milliseconds(1033)), ElementsAre(1));  // stands still
  EXPECT_THAT(tracker.update({at(6, 0)}, milliseconds(1000)), ElementsAre(1));  // a little back
  EXPECT_THAT(tracker.update({at(8, 0)}, milliseconds(1033)), ElementsAre(1));
  EXPECT_THAT(tracker.update({at(8, 0)}, std::chrono::hours(5)), ElementsAre(2));  // far ahead
  EXPECT_THAT(tracker.update({at(8, 0)}, milliseconds(40)), ElementsAre(3));       // far back
  EXPECT_THAT(tracker.update({at(8, 0)}, milliseconds(73)), ElementsAre(3));
}

TEST(Tracker, TakesOverWhereSomethingElseFollowed) {
  Tracker tracker;
  tracker.update({at(0, 0), at(300, 0)}, milliseconds(0));
  int t = kStep;
  float x = 0;
  for (; t < 1000; t += kStep) {
    x += 10;  // 300 pixels a second: out of reach without follow()
    tracker.follow({1, 2}, {at(x, 200), at(300, 0)}, milliseconds(t));
  }
  EXPECT_THAT(tracker.update({at(300, 0), at(x + 10, 200)}, milliseconds(t)),
              ElementsAre(2, 1));
  tracker.follow({7}, {at(0, 0)}, milliseconds(t + 1));  // nobody knows 7
  EXPECT_EQ(tracker.remembered(), 2U);
}

TEST(Tracker, RemembersNobodyForEver) {
  Tracker tracker;
  std::size_t most = 0;
  int highest = 0;
  for (int i = 0; i < 18000; ++i) {  // ten minutes
    // Someone new in another place every fifth of a second.
    const auto people = tracker.update({at(static_cast<float>(i / 6 * 137 % 3000), 0)},
                                       milliseconds(kStep * i));
    EXPECT_GE(people.front(), 1);
    highest = std::max(highest, people.front());
    most = std::max(most, tracker.remembered());
  }
  EXPECT_GT(highest, 100);
  EXPECT_LE(most, 12U);
}

}  // namespace
}  // namespace mien::faces
