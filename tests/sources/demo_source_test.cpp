#include <future>
#include <thread>

#include "test_media.hpp"

namespace mien::sources {
namespace {

using namespace std::chrono_literals;

double difference(const cv::Mat& a, const cv::Mat& b) {
  return cv::norm(a, b, cv::NORM_L1) / static_cast<double>(a.total() * 3);
}

TEST(DemoSource, IsAClipOfFixedLengthWithRegularTimes) {
  const auto source = open("demo");
  EXPECT_EQ(source->info().kind, "demo");
  EXPECT_EQ(source->info().spec, "demo");
  EXPECT_FALSE(source->info().live);
  ASSERT_TRUE(source->info().frame_count.has_value());
  std::int64_t count = 0;
  while (const base::FramePtr frame = source->read()) {
    ASSERT_EQ(frame->sequence, static_cast<std::uint64_t>(count));
    ASSERT_EQ(frame->time, std::chrono::nanoseconds{1s} * count / 30);
    ASSERT_EQ(frame->image.size(), source->info().size);
    ASSERT_EQ(frame->image.type(), CV_8UC3);
    ++count;
  }
  EXPECT_EQ(count, *source->info().frame_count);
  EXPECT_EQ(source->read(), nullptr) << "the end stays the end";
}

TEST(DemoSource, GivesTheSamePicturesEveryTime) {
  const auto a = open("demo");
  const auto b = open("demo");
  for (int i = 0; i < 200; ++i) {
    const base::FramePtr x = a->read();
    const base::FramePtr y = b->read();
    if (i % 25 != 0) continue;
    ASSERT_EQ(cv::norm(x->image, y->image, cv::NORM_INF), 0) << i;
  }
}

TEST(DemoSource, MovesAndEveryFrameIsItsOwn) {
  const auto frames = read_all(*open("demo"));
  for (std::size_t i = 1; i < frames.size(); ++i) {
    ASSERT_NE(frames[i]->image.data, frames[i - 1]->image.data);
    ASSERT_GT(difference(frames[i]->image, frames[i - 1]->image), 0) << i;
  }
  // It closes on itself: from the last to the first is no jump.
  EXPECT_LT(difference(frames.back()->image, frames.front()->image), 6);
}

TEST(DemoSource, ShowsASecondDimmerPersonForAWhile) {
  const auto frames = read_all(*open("demo"));
  const auto right_to_left = [&](std::size_t i) {
    const cv::Mat& image = frames.at(i)->image;
    return mean_of(image.colRange(image.cols / 2, image.cols)) /
           mean_of(image.colRange(0, image.cols / 2));
  };
  EXPECT_GT(right_to_left(0), 0.9);
  EXPECT_LT(right_to_left(180), 0.7);
}

TEST(DemoSource, HasNoBlackBorders) {
  const auto frames = read_all(*open("demo"));
  for (std::size_t i = 0; i < frames.size(); i += 10) {
    const cv::Mat& image = frames[i]->image;
    EXPECT_GT(mean_of(image.row(0)), 15) << i;
    EXPECT_GT(mean_of(image.col(0)), 15) << i;
    EXPECT_GT(mean_of(image.col(image.cols - 1)), 15) << i;
  }
}

TEST(DemoSource, LivePlaysOnPastTheClipsEndAtItsOwnTime) {
  const auto source = open("demo", true);
  EXPECT_TRUE(source->info().live);
  EXPECT_FALSE(source->info().frame_count.has_value());
  const base::FramePtr first = source->read();
  const auto started = std::chrono::steady_clock::now();
  base::FramePtr last;
  for (int i = 0; i < 10; ++i) last = source->read();
  // Ten intervals of a thirtieth; never faster, whatever the machine.
  EXPECT_GE(std::chrono::steady_clock::now() - started, 300ms);
  EXPECT_EQ(last->sequence, 10U);
  EXPECT_GE(last->time - first->time, 333ms);
}

TEST(DemoSource, AReaderThatPausedGoesOnWithThePresent) {
  const auto source = open("demo", true);
  const base::FramePtr first = source->read();
  std::this_thread::sleep_for(500ms);
  const base::FramePtr second = source->read();
  EXPECT_EQ(second->sequence, first->sequence + 1) << "nothing was lost that anyone wanted";
  EXPECT_GE(second->time - first->time, 450ms);
}

TEST(DemoSource, CanBeInterruptedWhileItWaits) {
  const auto source = open("demo", true);
  auto reader = std::async(std::launch::async, [&] {
    while (source->read()) {
    }
    return true;
  });
  std::this_thread::sleep_for(50ms);
  source->interrupt();
  ASSERT_EQ(reader.wait_for(5s), std::future_status::ready);
  EXPECT_EQ(source->read(), nullptr);
}

TEST(DemoSource, SaysWhenItsPortraitIsMissing) {
  const TempFolder folder;
  fs::create_directories(folder / "assets");
  fs::create_directories(folder / "models");
  const char* old = std::getenv("MIEN_DATA_DIR");
  const std::string kept = old != nullptr ? old : "";
  ::setenv("MIEN_DATA_DIR", folder.string().c_str(), 1);
  const std::string sentence = refusal("demo");
  if (old != nullptr) {
    ::setenv("MIEN_DATA_DIR", kept.c_str(), 1);
  } else {
    ::unsetenv("MIEN_DATA_DIR");
  }
  EXPECT_NE(sentence.find("astronaut.png"), std::string::npos) << sentence;
}

}  // namespace
}  // namespace mien::sources
