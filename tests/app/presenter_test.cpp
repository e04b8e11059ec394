#include "presenter.hpp"

#include <gtest/gtest.h>

namespace mien::app {
namespace {

using namespace std::chrono_literals;
using Clock = Presenter::Clock;

const Clock::time_point kFirstArrival{100s};

/// Counts what is uploaded, and keeps the last.
struct Uploads {
  int count = 0;
  cv::Mat last;
  float width = 0;
};

class FakeSurface : public PictureSurface {
 public:
  explicit FakeSurface(Uploads& uploads) : uploads_(uploads) {}
  void upload(const cv::Mat& bgr, float shown_width) override {
    ++uploads_.count;
    uploads_.last = bgr;
    uploads_.width = shown_width;
  }
  std::uintptr_t id() const override { return uploads_.count > 0 ? 42 : 0; }

 private:
  Uploads& uploads_;
};

base::FramePtr sized_frame(std::uint64_t sequence, cv::Size size = {640, 480}) {
  auto made = std::make_shared<base::Frame>();
  made->sequence = sequence;
  made->arrived = kFirstArrival + sequence * 33ms;
  made->image = cv::Mat(size, CV_8UC3, cv::Scalar::all(static_cast<double>(sequence)));
  return made;
}

base::AnalyzedFramePtr analysis_of(base::FramePtr picture) {
  auto made = std::make_shared<base::AnalyzedFrame>();
  made->frame = std::move(picture);
  return made;
}

class PresenterTest : public ::testing::Test {
 protected:
  PresenterTest() { view_.status.source.live = true; }

  /// One redraw; the picture is seen 20 ms after it arrived.
  void redraw(cv::Size2f area = {640, 480}) {
    const auto& frame = presenter_.chosen().frame;
    const auto now = frame ? frame->arrived + 20ms : kFirstArrival;
    presenter_.present(view_, area, now);
    presenter_.shown(now);
    // Told at the next one.
    presenter_.present(view_, area, now);
  }
  bool live(const base::FramePtr& newest, const base::AnalyzedFramePtr& analysis) {
    return presenter_.take_live(newest, analysis, true, newest->arrived);
  }

  Uploads uploads_;
  Presenter presenter_{std::make_unique<FakeSurface>(uploads_)};
  ui::ViewModel view_;
};

TEST_F(PresenterTest, ShowsNothingBeforeTheFirstPicture) {
  view_.picture = 7;
  redraw();
  EXPECT_EQ(view_.picture, 0U);
  EXPECT_TRUE(view_.picture_size.empty());
  EXPECT_EQ(uploads_.count, 0);
  EXPECT_FALSE(presenter_.analysis_shown());
}

TEST_F(PresenterTest, UploadsEachPictureOnce) {
  const auto first = sized_frame(1);
  const auto analysis = analysis_of(first);
  EXPECT_TRUE(live(first, analysis));
  redraw();
  redraw();
  EXPECT_EQ(uploads_.count, 1);
  EXPECT_EQ(uploads_.last.data, first->image.data);
  EXPECT_EQ(view_.picture, 42U);
  EXPECT_EQ(view_.picture_size, cv::Size(640, 480));
  EXPECT_EQ(view_.analysis, analysis);
  EXPECT_TRUE(presenter_.analysis_shown());
  EXPECT_FALSE(live(first, analysis)) << "nothing new to draw";
  const auto second = analysis_of(sized_frame(2));
  EXPECT_TRUE(live(second->frame, second));
  redraw();
  EXPECT_EQ(uploads_.count, 2);
}

TEST_F(PresenterTest, UploadsAgainForAnotherScaleOnly) {
  const auto large = analysis_of(sized_frame(1, {1920, 1080}));
  live(large->frame, large);
  redraw({1920, 1080});
  EXPECT_FLOAT_EQ(uploads_.width, 1920);
  redraw({1600, 1000});  // drawn smaller from the same texture
  EXPECT_EQ(uploads_.count, 1);
  redraw({1920, 450});  // the height is what there is too little of: 800 pixels wide
  EXPECT_EQ(uploads_.count, 2);
  EXPECT_FLOAT_EQ(uploads_.width, 800);
}

TEST_F(PresenterTest, MeasuresHowOldLivePicturesAreWhenTheyAreSeen) {
  redraw();
  EXPECT_FALSE(view_.latency_ms);
  for (std::uint64_t i = 1; i <= 5; ++i) {
    const auto analysis = analysis_of(sized_frame(i));
    live(analysis->frame, analysis);
    redraw();
    redraw({320, 240});
  }
  ASSERT_TRUE(view_.latency_ms);
  EXPECT_NEAR(*view_.latency_ms, 20, 1e-6);
  view_.status.source.live = false;
  redraw();
  EXPECT_FALSE(view_.latency_ms) << "a file's frames are read ahead of their time";
}

TEST_F(PresenterTest, APastSessionIsShownAsItIsAndHasNoLatency) {
  const auto now = analysis_of(sized_frame(500));
  live(now->frame, now);
  redraw();
  // Of another size, and older than what was shown.
  const auto past = analysis_of(sized_frame(3, {160, 120}));
  EXPECT_TRUE(presenter_.take_replayed(past));
  EXPECT_FALSE(presenter_.take_replayed(past));
  redraw();
  EXPECT_EQ(uploads_.last.data, past->frame->image.data);
  EXPECT_EQ(view_.analysis, past);
  EXPECT_EQ(view_.reading_strength, 1);
  EXPECT_FALSE(view_.latency_ms);
  presenter_.clear();
  redraw();
  EXPECT_EQ(view_.picture, 0U);
  EXPECT_EQ(view_.analysis, nullptr);
  // The live picture is there again, though it is the one that was shown before.
  live(now->frame, now);
  redraw();
  EXPECT_EQ(uploads_.last.data, now->frame->image.data);
}

}  // namespace
}  // namespace mien::app
