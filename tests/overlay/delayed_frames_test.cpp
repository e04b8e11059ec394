#include "mien/overlay/delayed_frames.hpp"

#include <gmock/gmock.h>

#include "support/session_fixture.hpp"

namespace mien::overlay {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class DelayedFramesTest : public ::testing::Test {
 protected:
  void add(std::chrono::milliseconds time, std::vector<base::FaceReading> readings = {},
           std::uint64_t source = 0) {
    auto frame = testing::analysed(cv::Mat(8, 8, CV_8UC3), time, std::move(readings));
    frame.source = source;
    frames_.add(frame);
  }
  /// The times of those that are ready, in milliseconds.
  std::vector<std::int64_t> ready() {
    std::vector<std::int64_t> times;
    while (auto next = frames_.next()) {
      times.push_back(next->frame.frame->time / 1ms);
      hidden_ = std::move(next->hidden);
    }
    return times;
  }

  DelayedFrames frames_;
  std::vector<cv::Rect2f> hidden_;  ///< in the last one that was ready
};

TEST_F(DelayedFramesTest, EachWaitsForThoseOfTheNextThirdOfASecond) {
  add(0ms);
  add(100ms);
  add(330ms);
  EXPECT_THAT(ready(), IsEmpty());
  add(331ms, {testing::reading(1, {100, 100, 40, 40}, {1, 0, 0})});
  EXPECT_THAT(ready(), ElementsAre(0));
  EXPECT_THAT(hidden_, IsEmpty()) << "too long before";
  add(440ms);
  EXPECT_THAT(ready(), ElementsAre(100));
  EXPECT_THAT(hidden_, ElementsAre(cv::Rect2f(90, 90, 60, 60))) << "found later, hidden now";
}

TEST_F(DelayedFramesTest, TheEndReleasesThemAndLaterOnesWaitAgain) {
  add(0ms);
  add(40ms, {testing::reading(1, {100, 100, 40, 40}, {1, 0, 0})});
  frames_.end();
  EXPECT_THAT(ready(), ElementsAre(0, 40));
  EXPECT_THAT(hidden_, SizeIs(1));
  add(40ms);  // read anew
  EXPECT_THAT(ready(), IsEmpty());
  frames_.end();
  EXPECT_THAT(ready(), ElementsAre(40));
  EXPECT_THAT(hidden_, SizeIs(1)) << "who was seen is still hidden";
}

TEST_F(DelayedFramesTest, AnotherSourceAndARestartReleaseThoseBefore) {
  add(0ms);
  add(40ms);
  add(20ms, {}, 1);
  EXPECT_THAT(ready(), ElementsAre(0, 40));
  add(0ms, {}, 1);
  EXPECT_THAT(ready(), ElementsAre(20));
  EXPECT_THAT(ready(), IsEmpty());
}

TEST_F(DelayedFramesTest, AFastCameraHasItsThirdOfASecondToo) {
  const auto time = [](int i) { return std::chrono::milliseconds(i * 1000 / 120); };
  for (int i = 0; i < 40; ++i) add(time(i));
  EXPECT_THAT(ready(), IsEmpty());
  add(time(40));
  EXPECT_THAT(ready(), ElementsAre(0));
}

TEST_F(DelayedFramesTest, NotMoreThanFortyWait) {
  for (int i = 0; i < 42; ++i) add(i * 1ms);
  EXPECT_THAT(ready(), ElementsAre(0, 1));
}

TEST_F(DelayedFramesTest, WhoWasInOnesThatAreNotWantedIsHidden) {
  add(0ms, {testing::reading(1, {100, 100, 40, 40}, {1, 0, 0})});
  frames_.drop();
  frames_.miss(
      testing::analysed({}, 40ms, {testing::reading(2, {200, 100, 40, 40}, {1, 0, 0})}));
  add(80ms);
  frames_.end();
  EXPECT_THAT(ready(), ElementsAre(80));
  EXPECT_THAT(hidden_, ElementsAre(cv::Rect2f(90, 90, 60, 60), cv::Rect2f(190, 90, 60, 60)));
}

TEST_F(DelayedFramesTest, AGapForgetsNobodyWhoMattersForThoseThatWait) {
  for (const bool missed : {false, true}) {
    frames_ = {};
    add(0ms, {testing::reading(1, {100, 100, 40, 40}, {1, 0, 0})});
    add(100ms);
    add(200ms);
    if (missed) {
      frames_.miss(
          testing::analysed({}, 233ms, {testing::reading(2, {200, 100, 40, 40}, {1, 0, 0})}));
      for (auto time = 266ms; time < 3200ms; time += 33ms) {
        frames_.miss(testing::analysed({}, time, {}));
      }
    }
    add(3200ms);
    EXPECT_THAT(ready(), ElementsAre(0, 100, 200));
    EXPECT_THAT(hidden_, SizeIs(missed ? 2 : 1));
    add(3300ms);
    frames_.end();
    EXPECT_THAT(ready(), ElementsAre(3200, 3300));
    EXPECT_THAT(hidden_, IsEmpty()) << "long ago";
  }
}

}  // namespace
}  // namespace mien::overlay
