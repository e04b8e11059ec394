#include <gtest/gtest.h>

#include "presenter.hpp"

namespace mien::app {
namespace {

using namespace std::chrono_literals;
using Clock = PictureChooser::Clock;

const Clock::time_point kOrigin{100s};

base::FramePtr frame(std::uint64_t sequence, Clock::time_point origin = kOrigin) {
  auto made = std::make_shared<base::Frame>();
  made->sequence = sequence;
  made->arrived = origin + sequence * 33ms;
  made->image = cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(0));
  return made;
}

base::AnalyzedFramePtr read(base::FramePtr picture) {
  auto made = std::make_shared<base::AnalyzedFrame>();
  made->frame = std::move(picture);
  return made;
}

TEST(PictureChooser, ShowsNothingBeforeTheFirstFrame) {
  PictureChooser chooser;
  EXPECT_EQ(chooser.choose(nullptr, nullptr, true, kOrigin).frame, nullptr);
}

TEST(PictureChooser, ShowsTheFirstFrameBeforeItIsRead) {
  PictureChooser chooser;
  const auto first = frame(0);
  const auto choice = chooser.choose(first, nullptr, true, kOrigin);
  EXPECT_EQ(choice.frame, first);
  EXPECT_EQ(choice.analysis, nullptr);
}

TEST(PictureChooser, ShowsTheAnalysedFrameWhileAnalysisIsAtMostOneBehind) {
  PictureChooser chooser;
  for (std::uint64_t i = 1; i < 50; ++i) {
    const auto analysis = read(frame(i - 1));
    const auto choice = chooser.choose(frame(i), analysis, true, kOrigin + i * 33ms);
    EXPECT_EQ(choice.frame, analysis->frame);
    EXPECT_EQ(choice.strength, 1);
  }
}

TEST(PictureChooser, ShowsTheNewestFrameWithFadingReadingsWhenAnalysisFallsBehind) {
  PictureChooser chooser;
  const auto analysis = read(frame(0));
  float last = 1.1F;
  for (std::uint64_t i = 10; i < 200; i += 10) {
    const auto newest = frame(i);
    const auto choice = chooser.choose(newest, analysis, true, newest->arrived);
    EXPECT_EQ(choice.frame, newest);
    EXPECT_LE(choice.strength, last);
    last = choice.strength;
  }
  EXPECT_EQ(last, 0);
}

TEST(PictureChooser, TimeNeverGoesBack) {
  PictureChooser chooser;
  Clock::time_point shown{};
  for (std::uint64_t i = 5; i < 300; ++i) {
    // Analysis that is now in time, now late.
    const std::uint64_t lag = i % 17 < 9 ? 1 : 3;
    const auto choice =
        chooser.choose(frame(i), read(frame(i - lag)), true, kOrigin + i * 33ms);
    EXPECT_GE(choice.frame->arrived, shown) << i;
    shown = choice.frame->arrived;
  }
}

TEST(PictureChooser, ReturnsToExactBoxesOnceAnalysisKeepsUp) {
  PictureChooser chooser;
  chooser.choose(frame(10), read(frame(2)), true, kOrigin + 10 * 33ms);
  PictureChoice choice;
  for (std::uint64_t i = 11; i < 80; ++i) {
    choice = chooser.choose(frame(i), read(frame(i - 1)), true, kOrigin + i * 33ms);
  }
  EXPECT_EQ(choice.frame, choice.analysis->frame);
}

TEST(PictureChooser, AFileIsShownAsItIsRead) {
  PictureChooser chooser;
  const auto analysis = read(frame(7));
  const auto choice = chooser.choose(frame(10), analysis, false, kOrigin + 10 * 33ms);
  EXPECT_EQ(choice.frame, analysis->frame);
}

TEST(PictureChooser, PicturesOfAFolderMayDifferInSize) {
  PictureChooser chooser;
  const auto analysis = read(frame(0));
  auto other = std::make_shared<base::Frame>(*frame(1));
  other->image = cv::Mat(30, 30, CV_8UC3, cv::Scalar::all(0));
  EXPECT_EQ(chooser.choose(other, analysis, false, kOrigin).frame, analysis->frame);
  // A live source that changes its size is another picture: old boxes do not fit it.
  const auto choice = chooser.choose(other, analysis, true, kOrigin);
  EXPECT_EQ(choice.frame, other);
  EXPECT_EQ(choice.analysis, nullptr);
}

TEST(PictureChooser, ReadingsOfAnotherSourceAreNotShown) {
  PictureChooser chooser;
  const auto old = read(frame(500));
  chooser.choose(frame(501), old, true, kOrigin + 501 * 33ms);
  const auto fresh = frame(0, kOrigin + 20s);
  const auto choice = chooser.choose(fresh, old, true, kOrigin + 20s);
  EXPECT_EQ(choice.frame, fresh);
  EXPECT_EQ(choice.analysis, nullptr);
}

TEST(StrengthAt, FadesFromFullToNothing) {
  EXPECT_EQ(strength_at(100ms), 1);
  EXPECT_GT(strength_at(1s), 0.5F);
  EXPECT_LT(strength_at(1s), 1);
  EXPECT_GT(strength_at(2500ms), 0);
  EXPECT_EQ(strength_at(6s), 0);
}

}  // namespace
}  // namespace mien::app
