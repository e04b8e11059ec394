// Run with the fake camera of tests/support preloaded; see its README.md for the words.

#include <future>
#include <thread>

#include <gmock/gmock.h>

#include "mien/sources/cameras.hpp"

#include "test_media.hpp"

namespace mien::sources {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

class CameraSource : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* preload = std::getenv("LD_PRELOAD");
    if (preload == nullptr || std::string(preload).find("fake_camera") == std::string::npos) {
      GTEST_SKIP() << "needs LD_PRELOAD=libfake_camera.so, which this sanitizer does not allow";
    }
    ::unsetenv("FAKE_CAMERAS");
    script("");
  }
  void TearDown() override { script(""); }

  // A word that changes nothing makes each script another one, so that a camera that an earlier
  // test unplugged is back.
  static void script(const std::string& words, int camera = 0) {
    static int turn = 0;
    const std::string name = "FAKE_CAMERA_" + std::to_string(camera);
    ::setenv(name.c_str(), ("turn=" + std::to_string(++turn) + "," + words).c_str(), 1);
  }

  static std::unique_ptr<FrameSource> open_mode(const CameraMode& mode) {
    return open_source({.spec = "camera:0", .realtime = true, .mode = mode});
  }

  // What read() says when the source breaks, after the frames before it.
  static std::string break_of(FrameSource& source, int* frames = nullptr) {
    try {
      while (source.read()) {
        if (frames != nullptr) ++*frames;
      }
      return "it just ended";
    } catch (const base::Error& error) {
      return error.what();
    }
  }
};

TEST_F(CameraSource, AreListedByNameWithTheirModes) {
  const auto cameras = list_cameras();
  ASSERT_EQ(cameras.size(), 2U) << "metadata nodes are no cameras";
  EXPECT_EQ(cameras[0].name, "Fake Camera One");
  EXPECT_EQ(cameras[0].index, 0);
  EXPECT_EQ(cameras[0].device, "/dev/video0");
  EXPECT_EQ(cameras[1].name, "Fake Camera Two");
  EXPECT_EQ(cameras[1].index, 1);
  EXPECT_EQ(cameras[1].device, "/dev/video2");
  std::vector<std::string> modes;
  for (const CameraMode& mode : cameras[0].modes) modes.push_back(to_string(mode));
  EXPECT_THAT(modes, ElementsAre("1280x720@30 MJPG", "1280x720@15 MJPG", "640x480@30 MJPG",
                                 "640x480@15 MJPG", "320x240@30 MJPG", "1280x720@10 YUYV",
                                 "640x480@30 YUYV", "320x240@30 YUYV"));
}

TEST_F(CameraSource, ThatMayNotBeOpenedIsListedWithoutModes) {
  script("forbidden");
  const auto cameras = list_cameras();
  ASSERT_EQ(cameras.size(), 2U);
  EXPECT_TRUE(cameras[0].modes.empty());
  EXPECT_EQ(cameras[0].name, "/dev/video0");
  EXPECT_EQ(cameras[1].name, "Fake Camera Two");
}

TEST_F(CameraSource, IsTakenWhenNothingIsAskedFor) {
  EXPECT_EQ(open("")->info().name, "Fake Camera One");
  ::setenv("FAKE_CAMERAS", "0", 1);
  EXPECT_EQ(open("")->info().kind, "demo");
  EXPECT_THAT(refusal("camera:0"), HasSubstr("no camera is connected"));
}

TEST_F(CameraSource, PrefersMjpg720p) {
  const auto source = open("camera:0");
  const SourceInfo& info = source->info();
  EXPECT_EQ(info.kind, "camera");
  EXPECT_EQ(info.name, "Fake Camera One");
  EXPECT_EQ(info.spec, "/dev/video0");
  EXPECT_EQ(info.format, "MJPG");
  EXPECT_EQ(info.size, cv::Size(1280, 720));
  EXPECT_EQ(info.fps, 30);
  EXPECT_TRUE(info.live);
  EXPECT_EQ(source->read()->image.size(), cv::Size(1280, 720));
}

TEST_F(CameraSource, GivesMovingPicturesWithRisingTimes) {
  for (const char* format : {"MJPG", "YUYV"}) {
    const auto source = open_mode({{640, 480}, 30, format});
    ASSERT_EQ(source->info().format, format);
    base::FramePtr last = source->read();
    ASSERT_NE(last, nullptr);
    EXPECT_GE(last->time, 0ns);
    for (int i = 0; i < 8; ++i) {
      const base::FramePtr frame = source->read();
      ASSERT_NE(frame, nullptr);
      EXPECT_EQ(frame->image.size(), cv::Size(640, 480));
      EXPECT_EQ(frame->sequence, last->sequence + 1);
      EXPECT_GT(frame->time, last->time);
      EXPECT_NE(frame->image.data, last->image.data);
      EXPECT_GT(cv::norm(frame->image, last->image, cv::NORM_L1), 0);
      last = frame;
    }
  }
}

TEST_F(CameraSource, ShowsTheSamePictureInBothFormats) {
  const cv::Mat raw = open_mode({{640, 480}, 30, "YUYV"})->read()->image;
  const cv::Mat jpeg = open_mode({{640, 480}, 30, "MJPG"})->read()->image;
  EXPECT_LT(cv::norm(raw, jpeg, cv::NORM_L1) / static_cast<double>(raw.total() * 3), 4);
}

TEST_F(CameraSource, TakesTheNearestOfItsModes) {
  const auto source = open_mode({{600, 400}, 15, "MJPG"});
  EXPECT_EQ(source->info().size, cv::Size(640, 480));
  EXPECT_EQ(source->info().fps, 15);
}

TEST_F(CameraSource, WithoutMjpgTakesASizeThatItPlaysSmoothly) {
  script("formats=YUYV");
  const auto raw = open("camera:0");
  EXPECT_EQ(raw->info().format, "YUYV");
  EXPECT_EQ(raw->info().size, cv::Size(640, 480));
}

TEST_F(CameraSource, TwoPlayAtOnceAndCanBeSwitched) {
  const auto one = open("camera:0");
  const auto two = open("/dev/video2");
  EXPECT_EQ(two->info().name, "Fake Camera Two");
  cv::Mat mirrored;
  cv::flip(two->read()->image, mirrored, 1);
  EXPECT_LT(cv::norm(one->read()->image, mirrored, cv::NORM_L1) /
                static_cast<double>(mirrored.total() * 3),
            3);
  EXPECT_EQ(list_cameras().size(), 2U) << "listing does not disturb";
  EXPECT_NE(one->read(), nullptr);
}

TEST_F(CameraSource, CanBeOpenedAgainAfterItWasClosed) {
  for (int i = 0; i < 3; ++i) EXPECT_NE(open("camera:0")->read(), nullptr);
}

TEST_F(CameraSource, SaysWhyItDoesNotOpen) {
  script("busy");
  EXPECT_THAT(refusal("camera:0"), HasSubstr("Fake Camera One (/dev/video0) is busy"));
  script("forbidden");
  EXPECT_THAT(refusal("camera:0"), AllOf(HasSubstr("The camera /dev/video0 may not"),
                                         HasSubstr("usermod -aG video")));
  script("missing");
  EXPECT_THAT(refusal("/dev/video0"), HasSubstr("There is no camera /dev/video0"));
  script("");
  EXPECT_THAT(refusal("camera:7"), HasSubstr("the last one is camera:1"));
  EXPECT_THAT(refusal("/dev/video9"), HasSubstr("There is no camera /dev/video9"));
  EXPECT_THAT(refusal("/dev/video1"), HasSubstr("is not a camera that gives pictures"));
}

TEST_F(CameraSource, OpenedTwiceIsBusy) {
  const auto first = open("camera:0");
  EXPECT_THAT(refusal("camera:0"), HasSubstr("is busy"));
  EXPECT_THROW(open("camera:0"), CameraBusy);
  EXPECT_NE(first->read(), nullptr) << "the first goes on";
}

TEST_F(CameraSource, SaysThatItWasUnplugged) {
  script("unplug=5");
  const auto source = open("camera:0");
  int frames = 0;
  EXPECT_THAT(break_of(*source, &frames),
              HasSubstr("Fake Camera One (/dev/video0) was unplugged"));
  EXPECT_EQ(frames, 5) << "every picture before it counts";
  EXPECT_THAT(refusal("/dev/video0"), HasSubstr("There is no camera"));
  script("");
  EXPECT_NE(open("camera:0")->read(), nullptr) << "plugged in again";
}

TEST_F(CameraSource, SaysThatItStalled) {
  script("stall=3");
  const auto source = open("camera:0");
  int frames = 0;
  EXPECT_THAT(break_of(*source, &frames), HasSubstr("has sent no picture for 2 seconds"));
  EXPECT_EQ(frames, 3);
}

TEST_F(CameraSource, CanBeInterruptedWhileItStalls) {
  script("stall=1");
  const auto source = open("camera:0");
  ASSERT_NE(source->read(), nullptr);
  auto reader = std::async(std::launch::async, [&] { return source->read(); });
  std::this_thread::sleep_for(100ms);
  source->interrupt();
  EXPECT_EQ(reader.get(), nullptr) << "and not an error after two seconds";
}

TEST_F(CameraSource, LeavesOutBrokenPictures) {
  for (const char* format : {"MJPG", "YUYV"}) {
    for (const char* trouble : {"short=2-4", "empty=2-4", "flagged=2-4"}) {
      script(std::string(trouble) + ",formats=" + format);
      const auto source = open("camera:0");
      std::vector<std::uint64_t> sequences;
      for (int i = 0; i < 4; ++i) sequences.push_back(source->read()->sequence);
      EXPECT_THAT(sequences, ElementsAre(0, 1, 5, 6)) << format << " " << trouble;
    }
  }
}

TEST_F(CameraSource, WhoseDriverListsNoRatesIsRead) {
  for (const char* words : {"intervals=none", "intervals=zero"}) {
    script(words);
    const auto cameras = list_cameras();
    ASSERT_FALSE(cameras.at(0).modes.empty()) << words;
    EXPECT_EQ(cameras[0].modes[0].fps, 0) << words;
    const auto source = open("camera:0", true);
    EXPECT_EQ(source->info().size, cv::Size(1280, 720)) << words;
    EXPECT_NE(source->read(), nullptr) << words;
  }
}

TEST_F(CameraSource, WhoseDriverCountsFromZeroAgainHasLostNothing) {
  script("restart=5");
  const auto source = open("camera:0", true);
  std::uint64_t last = source->read()->sequence;
  for (int i = 1; i < 12; ++i) {
    const auto frame = source->read();
    ASSERT_NE(frame, nullptr);
    EXPECT_GT(frame->sequence, last);
    EXPECT_LT(frame->sequence, last + 20) << "frame " << i;
    last = frame->sequence;
  }
}

TEST_F(CameraSource, BearsABadStart) {
  script("short=0-9");
  EXPECT_EQ(open("camera:0")->read()->sequence, 10U);
}

TEST_F(CameraSource, ThatOnlySendsBrokenPicturesIsNotBlamedOnThePlug) {
  script("empty=0-9999");
  const auto source = open("camera:0");
  EXPECT_THAT(break_of(*source), HasSubstr("sends pictures that cannot be read (MJPG)"));
}

TEST_F(CameraSource, ThatNeverEndsItsJpegsStillPlays) {
  script("endless");
  const auto source = open("camera:0");
  for (int i = 0; i < 3; ++i) EXPECT_GT(mean_of(source->read()->image), 30);
}

TEST_F(CameraSource, ShowsInItsTimesThatItSlowsDown) {
  script("slow=6");
  const auto source = open_mode({{320, 240}, 30, "MJPG"});
  std::vector<std::chrono::nanoseconds> times;
  for (int i = 0; i < 12; ++i) times.push_back(source->read()->time);
  EXPECT_GE(times[11] - times[6], 480ms) << "five intervals of 100 ms";
}

// What the multi-planar interface of V4L2 gives, as on a Raspberry Pi.

TEST_F(CameraSource, MultiPlanarShowsTheSameColoursInEachFormat) {
  const cv::Mat jpeg = open_mode({{640, 480}, 30, "MJPG"})->read()->image;
  for (const char* words :
       {"planar,formats=MJPG", "planar,formats=YUYV", "planar,formats=NV12",
        "planar,formats=NM12", "planar,formats=YU12", "planar,formats=YM12",
        "planar,formats=YUYV,padding=32,offset=48", "planar,formats=NV12,padding=32",
        "planar,formats=NV12,padding=32,offset=48", "planar,formats=NM12,padding=32",
        "planar,formats=NM12,padding=32,offset=48", "planar,formats=YM12,padding=16,offset=64",
        "planar,formats=MJPG,offset=100", "formats=NV12,padding=64", "formats=YU12,padding=64",
        "formats=YUYV,padding=64"}) {
    script(words);
    const auto source = open_mode({{640, 480}, 30, "NV12"});
    ASSERT_EQ(source->info().size, cv::Size(640, 480)) << words;
    const cv::Mat image = source->read()->image;
    EXPECT_LT(cv::norm(image, jpeg, cv::NORM_L1) / static_cast<double>(jpeg.total() * 3), 4)
        << words;
    // The last rows and columns are where a wrong stride or offset shows.
    const cv::Rect corner(560, 400, 80, 80);
    EXPECT_LT(cv::norm(image(corner), jpeg(corner), cv::NORM_L1) / (80.0 * 80 * 3), 6) << words;
  }
}

TEST_F(CameraSource, MultiPlanarListsEachModeOnceUnderItsUsualName) {
  script("planar,formats=NV12+NM12");
  const auto cameras = list_cameras();
  std::vector<std::string> modes;
  for (const CameraMode& mode : cameras.at(0).modes) modes.push_back(to_string(mode));
  EXPECT_THAT(modes, ElementsAre("1280x720@10 NV12", "640x480@30 NV12", "320x240@30 NV12"));
  EXPECT_EQ(open("camera:0")->info().format, "NV12");
}

TEST_F(CameraSource, MultiPlanarSaysThatItWasUnpluggedAndComesBack) {
  script("planar,formats=NM12,unplug=5");
  int frames = 0;
  EXPECT_THAT(break_of(*open("camera:0"), &frames), HasSubstr("was unplugged"));
  EXPECT_EQ(frames, 5);
  script("planar,formats=NM12");
  EXPECT_NE(open("camera:0")->read(), nullptr);
}

TEST_F(CameraSource, MultiPlanarThatStallsSaysSo) {
  script("planar,formats=NM12,stall=3");
  int frames = 0;
  EXPECT_THAT(break_of(*open("camera:0"), &frames), HasSubstr("has sent no picture for 2"));
  EXPECT_EQ(frames, 3);
}

TEST_F(CameraSource, MultiPlanarGoesOnWhenItsDriverCountsAnew) {
  script("planar,formats=NV12,padding=32,offset=16,restart=4,short=2-2,empty=6-6,flagged=7-7");
  const auto source = open_mode({{320, 240}, 30, "NV12"});
  std::uint64_t last = source->read()->sequence;
  for (int i = 1; i < 8; ++i) {
    const auto frame = source->read();
    ASSERT_NE(frame, nullptr);
    EXPECT_GT(frame->sequence, last);
    EXPECT_GT(mean_of(frame->image), 30);
    last = frame->sequence;
  }
}

TEST_F(CameraSource, WhoseDriverLiesAboutLengthsIsRefused) {
  for (const char* words :
       {"planar,formats=NV12,lying=3-3", "planar,formats=NM12,padding=32,lying=3-3",
        "planar,formats=NM12,offset=16,lying-offset=3-3", "planar,formats=MJPG,lying=3-3",
        "formats=YUYV,lying=3-3", "formats=MJPG,lying=3-3"}) {
    script(words);
    int frames = 0;
    EXPECT_THAT(break_of(*open("camera:0"), &frames),
                HasSubstr("Fake Camera One (/dev/video0) says wrong lengths of its pictures"))
        << words;
    EXPECT_EQ(frames, 3) << words;
  }
  for (const char* words : {"planar,formats=NM12,lying-memory", "formats=YUYV,lying-memory"}) {
    script(words);
    EXPECT_THAT(refusal("camera:0"), HasSubstr("says wrong lengths of its pictures")) << words;
  }
}

}  // namespace
}  // namespace mien::sources
