#include "screenshot.hpp"

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include "mien/base/error.hpp"

#include "presenter.hpp"
#include "support/temporary_folder.hpp"
#include "texture.hpp"

namespace mien::app {
namespace {

TEST(Screenshot, WritesThePictureAndItsFolder) {
  const testing::TemporaryFolder folder;
  cv::Mat picture(40, 60, CV_8UC3, cv::Scalar(10, 20, 30));
  const auto file = folder.path() / "new" / "shot.png";
  write_screenshot(picture, file);
  const cv::Mat read = cv::imread(file.string());
  ASSERT_EQ(read.size(), picture.size());
  EXPECT_EQ(cv::norm(read, picture, cv::NORM_INF), 0);
}

TEST(Screenshot, WhereNothingCanBeWrittenIsAnErrorThatNamesTheFile) {
  cv::Mat picture(4, 4, CV_8UC3, cv::Scalar::all(0));
  try {
    write_screenshot(picture, "/proc/none/shot.png");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_NE(std::string(error.what()).find("/proc/none/shot.png"), std::string::npos);
  }
}

TEST(Screenshot, ThoseThatAreAskedForAreWrittenInTheBackground) {
  const testing::TemporaryFolder folder;
  base::BackgroundQueue disk;
  Screenshots screenshots(
      disk, [] {}, folder.path() / "shots");
  EXPECT_FALSE(screenshots.requested());
  screenshots.handle(ui::action::TakeScreenshot{});
  ASSERT_TRUE(screenshots.requested());
  screenshots.write(cv::Mat(4, 4, CV_8UC3, cv::Scalar::all(0)));
  EXPECT_FALSE(screenshots.requested());
  ASSERT_TRUE(disk.wait(std::chrono::seconds{20}));
  const auto notices = screenshots.take_notices();
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].level, base::Notice::Level::info);
  EXPECT_TRUE(std::filesystem::exists(notices[0].text.substr(notices[0].text.find('/'))));
}

TEST(Screenshot, NamesAreNotTakenTwice) {
  const testing::TemporaryFolder folder;
  const auto first = new_screenshot_file(folder.path());
  folder.write(first.filename().string(), "x");
  EXPECT_NE(new_screenshot_file(folder.path()), first);
}

TEST(PictureSurface, ShrinksOnlyWhatIsAtLeastTwiceAsLarge) {
  EXPECT_EQ(shrink_factor(1280, 884), 1);
  EXPECT_EQ(shrink_factor(1920, 884), 2);
  EXPECT_EQ(shrink_factor(3840, 884), 4);
  EXPECT_EQ(shrink_factor(640, 1200), 1);
  EXPECT_EQ(shrink_factor(640, 0), 1);
}

TEST(LatencyMeter, IsTheMedianOfTheLastSecond) {
  using namespace std::chrono_literals;
  LatencyMeter meter;
  const LatencyMeter::Clock::time_point start{50s};
  EXPECT_FALSE(meter.median_ms(start));
  meter.add(start - 900ms, start - 500ms);
  meter.add(start - 40ms, start);
  meter.add(start - 50ms, start);
  EXPECT_DOUBLE_EQ(*meter.median_ms(start), 50);
  EXPECT_DOUBLE_EQ(*meter.median_ms(start + 800ms), 50);
  EXPECT_FALSE(meter.median_ms(start + 2s));
}

}  // namespace
}  // namespace mien::app
