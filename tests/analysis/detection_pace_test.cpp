#include "mien/analysis/detection_pace.hpp"

#include <utility>

#include <gtest/gtest.h>

namespace mien::analysis {
namespace {

using std::chrono::milliseconds;

/// Frames `interval` ms apart; how many of them the detector looked at.
int detections(DetectionPace& pace, int frames, int interval, double detect_ms,
               double follow_ms) {
  int count = 0;
  for (int i = 0; i < frames; ++i) {
    if (pace.due(milliseconds(interval * i))) {
      pace.detected(detect_ms);
      ++count;
    } else {
      pace.followed(follow_ms);
    }
  }
  return count;
}

TEST(DetectionPace, EveryFrameAndEveryNth) {
  DetectionPace each;
  EXPECT_EQ(detections(each, 30, 33, 8, 1), 30);
  DetectionPace third(3);
  EXPECT_EQ(detections(third, 30, 33, 8, 1), 10);
  third.detect_next();
  EXPECT_TRUE(third.due(milliseconds(33 * 30)));
}

TEST(DetectionPace, ByLoadTakesATenthOfTheTime) {
  DetectionPace fast(0);
  detections(fast, 60, 33, 3, 1);
  EXPECT_EQ(fast.current(), 1);
  DetectionPace usual(0);
  detections(usual, 60, 33, 8, 1);
  EXPECT_EQ(usual.current(), 3);
  DetectionPace slow(0);  // at most 200 ms apart
  detections(slow, 60, 33, 60, 2);
  EXPECT_EQ(slow.current(), 6);
  DetectionPace seldom(0);  // five frames a second: each of them
  detections(seldom, 60, 200, 60, 2);
  EXPECT_EQ(seldom.current(), 1);
}

TEST(DetectionPace, ByLoadDoesNotFollowWhenThatIsNoCheaper) {
  DetectionPace pace(0);
  detections(pace, 60, 33, 8, 9);
  EXPECT_EQ(pace.current(), 1);
}

TEST(DetectionPace, ByLoadIsSeldomerWhereMeshesFollow) {
  const auto detected = [](double detect_ms, int interval) {
    DetectionPace pace(0);
    int count = 0;
    for (int i = 0; i < 300; ++i) {
      if (pace.due(milliseconds(interval * i))) {
        pace.detected(detect_ms);
        pace.by_mesh(true);
        ++count;
      } else {
        pace.followed_by_mesh();
      }
    }
    return std::pair{pace.current(), count};
  };
  EXPECT_EQ(detected(3, 33).first, 3);
  EXPECT_EQ(detected(8, 33).first, 6) << "whoever is new waits no longer";
  EXPECT_NEAR(detected(8, 33).second, 300 / 6, 6);
  // A face without a mesh: as before.
  DetectionPace pace(0);
  pace.by_mesh(true);
  detections(pace, 60, 33, 8, 2);
  EXPECT_EQ(pace.current(), 6);
  pace.by_mesh(false);
  EXPECT_EQ(pace.current(), 3);
}

TEST(DetectionPace, DetectsAfterAPauseAndWhenTheClockJumpsBack) {
  DetectionPace pace(100);
  EXPECT_TRUE(pace.due(milliseconds(0)));
  pace.detected(5);
  EXPECT_FALSE(pace.due(milliseconds(33)));
  pace.followed(1);
  EXPECT_TRUE(pace.due(milliseconds(5000)));
  pace.detected(5);
  EXPECT_FALSE(pace.due(milliseconds(5033)));
  pace.followed(1);
  EXPECT_TRUE(pace.due(milliseconds(100)));
}

}  // namespace
}  // namespace mien::analysis
