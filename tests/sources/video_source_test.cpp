#include <gmock/gmock.h>

#include "test_media.hpp"

namespace mien::testing {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

TEST(VideoSource, GivesEveryFrameWithItsTime) {
  const TempFolder folder;
  for (const char* name : {"clip.avi", "clip.mp4", "clip.mkv"}) {
    const fs::path file = folder / name;
    ASSERT_NO_FATAL_FAILURE(write_clip(file, 20, 25));
    const auto source = open(file.string());
    EXPECT_EQ(source->info().kind, "video");
    EXPECT_EQ(source->info().name, name);
    EXPECT_EQ(source->info().size, cv::Size(160, 120));
    EXPECT_NEAR(source->info().fps, 25, 0.1);
    EXPECT_FALSE(source->info().format.empty());
    EXPECT_FALSE(source->info().live);
    const auto frames = read_all(*source);
    ASSERT_EQ(frames.size(), 20U) << name;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      EXPECT_EQ(frames[i]->sequence, i);
      EXPECT_NEAR(std::chrono::duration<double>(frames[i]->time).count(), i / 25.0, 0.002)
          << name;
      EXPECT_NEAR(mean_of(frames[i]->image), 20 + 6.0 * i, 4) << name;
    }
    EXPECT_EQ(source->read(), nullptr);
  }
}

TEST(VideoSource, FramesStayAsTheyWere) {
  const TempFolder folder;
  ASSERT_NO_FATAL_FAILURE(write_clip(folder / "clip.avi", 10));
  const auto source = open((folder / "clip.avi").string());
  const FramePtr first = source->read();
  const cv::Mat kept = first->image.clone();
  read_all(*source);
  EXPECT_EQ(cv::norm(first->image, kept, cv::NORM_INF), 0);
}

TEST(VideoSource, KeepsTheTimesOfAVideoWithAVaryingRate) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const TempFolder folder;
  const std::string file = (folder / "varying.mkv").string();
  // Ten frames 40 ms apart, then ten 200 ms apart.
  ASSERT_TRUE(
      run_ffmpeg("-f lavfi -i testsrc=r=25:d=0.8:s=64x48 -vf "
                 "\"setpts='if(lt(N,10),N*0.04,0.4+(N-10)*0.2)/TB'\" -vsync passthrough "
                 "-enc_time_base -1 -c:v mjpeg " +
                 file));
  const auto frames = read_all(*open(file));
  ASSERT_EQ(frames.size(), 20U);
  for (std::size_t i = 0; i < 20; ++i) {
    const double expected = i < 10 ? i * 0.04 : 0.4 + (i - 10) * 0.2;
    EXPECT_NEAR(std::chrono::duration<double>(frames[i]->time).count(), expected, 0.005) << i;
  }
}

TEST(VideoSource, CountsFromTheFirstFrameOfAFileThatStartsLate) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const TempFolder folder;
  const std::string file = (folder / "late.mkv").string();
  ASSERT_TRUE(
      run_ffmpeg("-f lavfi -i testsrc=r=25:d=0.4:s=64x48 -c:v mjpeg "
                 "-output_ts_offset 7 " +
                 file));
  const auto frames = read_all(*open(file));
  ASSERT_EQ(frames.size(), 10U);
  EXPECT_EQ(frames[0]->time, 0ns);
  EXPECT_NEAR(std::chrono::duration<double>(frames[9]->time).count(), 0.36, 0.005);
}

TEST(VideoSource, TurnsAPhonesVideoUpright) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const TempFolder folder;
  const std::string flat = (folder / "flat.mp4").string();
  const std::string turned = (folder / "turned.mp4").string();
  ASSERT_NO_FATAL_FAILURE(write_clip(flat, 5));
  ASSERT_TRUE(run_ffmpeg("-i " + flat + " -c copy -metadata:s:v rotate=90 " + turned));
  const auto source = open(turned);
  EXPECT_EQ(source->info().size, cv::Size(120, 160));
  EXPECT_EQ(source->read()->image.size(), cv::Size(120, 160));
}

TEST(VideoSource, PlaysACutFileUntilWhereItBreaks) {
  const TempFolder folder;
  const fs::path file = folder / "cut.avi";
  ASSERT_NO_FATAL_FAILURE(write_clip(file, 20));
  const std::string bytes = read_file(file);
  write_file(file, bytes.substr(0, bytes.size() * 6 / 10));
  const auto frames = read_all(*open(file.string()));
  EXPECT_GE(frames.size(), 3U);
  EXPECT_LT(frames.size(), 20U);
  EXPECT_NEAR(mean_of(frames[1]->image), 26, 4);
}

TEST(VideoSource, SaysWhatIsWrongWithABadFile) {
  const TempFolder folder;
  const auto path = [&](const char* name) { return (folder / name).string(); };
  write_file(path("empty.mp4"), "");
  write_file(path("text.mp4"), "this is no video at all\n");
  write_file(path("text.txt"), "FFmpeg would play this as an animation of letters\n");
  write_file(path("noise.mp4"), std::string(5000, '\x9b'));
  write_clip(path("cut.mp4"), 20);
  const std::string bytes = read_file(path("cut.mp4"));
  write_file(path("cut.mp4"), bytes.substr(0, bytes.size() / 2));  // its index is at the end

  EXPECT_THAT(refusal(path("missing.mp4")), HasSubstr("There is no file"));
  EXPECT_THAT(refusal(path("empty.mp4")), HasSubstr("is empty"));
  for (const char* name : {"text.mp4", "text.txt", "noise.mp4", "cut.mp4"}) {
    EXPECT_THAT(refusal(path(name)),
                HasSubstr("The video " + path(name) + " cannot be played"));
  }
  EXPECT_THAT(refusal("/dev/null"), HasSubstr("is not a file"));
  EXPECT_THAT(refusal(path("empty.mp4") + "/deeper.mp4"), HasSubstr("There is no file"));
}

TEST(VideoSource, RefusesSound) {
  if (!have_ffmpeg()) GTEST_SKIP() << "ffmpeg is not installed";
  const TempFolder folder;
  const std::string file = (folder / "sound.wav").string();
  ASSERT_TRUE(run_ffmpeg("-f lavfi -i sine=d=1 " + file));
  EXPECT_THAT(refusal(file), HasSubstr("cannot be played"));
}

TEST(VideoSource, TakesAColonInAFilesNameForAColon) {
  const TempFolder folder;
  ASSERT_NO_FATAL_FAILURE(write_clip(folder / "clip.avi", 3));
  fs::rename(folder / "clip.avi", folder / "file:12.avi");
  const fs::path before = fs::current_path();
  fs::current_path(folder.string());
  EXPECT_EQ(read_all(*open("file:12.avi")).size(), 3U);
  fs::current_path(before);
}

TEST(VideoSource, EndsSoonAfterInterrupt) {
  const TempFolder folder;
  ASSERT_NO_FATAL_FAILURE(write_clip(folder / "clip.avi", 10));
  const auto source = open((folder / "clip.avi").string());
  EXPECT_NE(source->read(), nullptr);
  source->interrupt();
  EXPECT_EQ(source->read(), nullptr);
}

}  // namespace
}  // namespace mien::testing
