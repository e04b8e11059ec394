// Against the fake camera, which takes pictures as v4l2loopback does.

#include <cstdlib>

#include <gmock/gmock.h>
#include <opencv2/imgproc.hpp>

#include "mien/base/error.hpp"
#include "mien/outputs/outputs.hpp"
#include "mien/overlay/annotated_picture.hpp"
#include "mien/overlay/hidden_faces.hpp"
#include "mien/system/virtual_camera.hpp"

#include "frames.hpp"
#include "protocols.hpp"
#include "support/temporary_folder.hpp"

namespace mien::outputs {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

/// A picture with something everywhere, `side` by `side` blocks of one colour.
cv::Mat blocks(cv::Size size, int side) {
  cv::Mat image(size, CV_8UC3);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const int block = x / side * 7 + y / side * 13;
      image.at<cv::Vec3b>(y, x) =
          cv::Vec3b(static_cast<uchar>(block * 31), static_cast<uchar>(block * 57),
                    static_cast<uchar>(block * 11));
    }
  }
  return image;
}

base::AnalyzedFrame frame_of(cv::Mat image, std::chrono::milliseconds time = 0ms,
                             std::vector<base::FaceReading> readings = {}) {
  auto frame = testing::people_frame(std::move(readings));
  auto own = std::make_shared<base::Frame>(*frame.frame);
  own->image = std::move(image);
  own->time = time;
  frame.frame = std::move(own);
  return frame;
}

class CameraOutputTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ::setenv("FAKE_CAMERAS", "2", 1);
    ::setenv("FAKE_CAMERA_0", "name=Webcam", 1);
    script("");
    ::setenv("FAKE_CAMERA_WRITTEN", written_.c_str(), 1);
    if (system::list_virtual_camera_devices().empty())
      GTEST_SKIP() << "the fake camera is not loaded";
  }
  ~CameraOutputTest() override {
    for (const char* name :
         {"FAKE_CAMERAS", "FAKE_CAMERA_0", "FAKE_CAMERA_1", "FAKE_CAMERA_WRITTEN"}) {
      ::unsetenv(name);
    }
  }

  /// What /dev/video2 does beside taking pictures; a name by which it never was unplugged.
  static void script(const std::string& words) {
    static int count = 0;
    const auto text = "output,name=Loop " + std::to_string(++count) +
                      (words.empty() ? ",formats=YUYV+YU12" : "," + words);
    ::setenv("FAKE_CAMERA_1", text.c_str(), 1);
  }

  static std::unique_ptr<Sender> opened(const std::string& argument = "/dev/video2") {
    auto sender = make_camera_output(argument, {});
    sender->open();
    return sender;
  }

  static std::string problem_of(const std::function<void()>& action) {
    try {
      action();
    } catch (const base::Error& error) {
      return error.what();
    }
    return "it went well";
  }

  /// The pictures that were written, as a call would show them.
  std::vector<cv::Mat> shown(cv::Size size, bool yuyv = true) const {
    std::FILE* file = std::fopen(written_.c_str(), "rb");
    std::vector<cv::Mat> pictures;
    if (file == nullptr) return pictures;
    const std::size_t bytes = static_cast<std::size_t>(size.area()) * (yuyv ? 4 : 3) / 2;
    std::vector<std::uint8_t> raw(bytes);
    for (std::size_t got = 0; (got = std::fread(raw.data(), 1, bytes, file)) > 0;) {
      EXPECT_EQ(got, bytes) << "a part of a picture";
      cv::Mat bgr;
      if (yuyv) {
        cv::cvtColor(cv::Mat(size, CV_8UC2, raw.data()), bgr, cv::COLOR_YUV2BGR_YUY2);
      } else {
        cv::cvtColor(cv::Mat(size.height * 3 / 2, size.width, CV_8UC1, raw.data()), bgr,
                     cv::COLOR_YUV2BGR_I420);
      }
      pictures.push_back(bgr);
    }
    std::fclose(file);
    return pictures;
  }

  static double difference(const cv::Mat& a, const cv::Mat& b) {
    return cv::norm(a, b, cv::NORM_INF);
  }

  const testing::TemporaryFolder folder_;
  const std::string written_ = (folder_.path() / "written").string();
};

TEST_F(CameraOutputTest, CamerasAreNoVirtualOnes) {
  const auto all = system::list_virtual_camera_devices();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].device, "/dev/video2");
  EXPECT_THAT(all[0].name, HasSubstr("Loop"));
  EXPECT_THAT(problem_of([] { opened("/dev/video0"); }),
              AllOf(HasSubstr("/dev/video0"), HasSubstr("takes no pictures")));
}

TEST_F(CameraOutputTest, TheMenuCanOfferThem) {
  for (const auto& protocol : protocols()) {
    if (std::string_view(protocol.word) != "camera") continue;
    const auto places = protocol.places();
    ASSERT_EQ(places.size(), 2U);
    EXPECT_EQ(places[0].argument, "/dev/video2");
    EXPECT_THAT(places[0].name, AllOf(HasSubstr("Loop"), HasSubstr("/dev/video2")));
    EXPECT_EQ(places[1].argument, "/dev/video2,blurred");
    EXPECT_THAT(places[1].name, HasSubstr("blurred"));
    for (const auto& each : places) EXPECT_NO_THROW(check_spec("camera:" + each.argument));
  }
}

TEST_F(CameraOutputTest, APictureArrivesAsItWasPainted) {
  for (const bool yuyv : {true, false}) {
    script(yuyv ? "formats=YUYV+YU12" : "formats=YU12");
    std::remove(written_.c_str());
    const auto sender = opened();
    const auto frame = frame_of(blocks({320, 240}, 16), 0ms, {testing::smiling_person(1)});
    sender->use_names({{1, "Ada"}});
    sender->send(frame);
    const auto pictures = shown({320, 240}, yuyv);
    ASSERT_EQ(pictures.size(), 1U);
    overlay::AnnotatedPicture painter({});
    const auto& expected = painter.paint(frame, {320, 240}, {}, {{1, "Ada"}});
    EXPECT_LT(cv::norm(pictures[0], expected, cv::NORM_L1) / (3.0 * 320 * 240), 3)
        << "but for colours that neighbours share";
    // Within a block of one colour nothing is shared.
    const cv::Rect calm(290, 210, 8, 8);
    EXPECT_LE(difference(pictures[0](calm), expected(calm)), 4);
  }
}

TEST_F(CameraOutputTest, LaterPicturesAreBroughtToTheSizeOfTheFirst) {
  const auto sender = opened();
  sender->send(frame_of(blocks({321, 241}, 400)));  // odd: devices want it even
  sender->send(frame_of(cv::Mat(240, 240, CV_8UC3, cv::Scalar::all(200))));
  const auto pictures = shown({320, 240});
  ASSERT_EQ(pictures.size(), 2U);
  EXPECT_LE(pictures[1].at<cv::Vec3b>(120, 20)[1], 4) << "a black bar";
  EXPECT_NEAR(pictures[1].at<cv::Vec3b>(120, 160)[1], 200, 3);
  EXPECT_LE(pictures[1].at<cv::Vec3b>(120, 300)[1], 4);
}

TEST_F(CameraOutputTest, ADeviceMayHaveItsOwnSize) {
  script("formats=YUYV,size=640x480");
  const auto sender = opened();
  sender->send(frame_of(cv::Mat(480, 480, CV_8UC3, cv::Scalar::all(200))));
  const auto pictures = shown({640, 480});
  ASSERT_EQ(pictures.size(), 1U);
  EXPECT_LE(pictures[0].at<cv::Vec3b>(240, 40)[1], 4);
  EXPECT_NEAR(pictures[0].at<cv::Vec3b>(240, 320)[1], 200, 3);
}

TEST_F(CameraOutputTest, BlurredFacesAreHiddenBeforeTheyAreFound) {
  const auto sender = opened("/dev/video2,blurred");
  const cv::Mat image = blocks({320, 240}, 2);
  auto person = testing::smiling_person(1);
  person.face.box = {100, 80, 60, 60};
  // Found in the third of twenty frames, and missed in the tenth.
  for (int i = 0; i < 20; ++i) {
    const bool found = i >= 2 && i != 9;
    sender->send(frame_of(image, i * 40ms,
                          found ? std::vector{person} : std::vector<base::FaceReading>{}));
  }
  EXPECT_EQ(shown({320, 240}).size(), 11U) << "the last ones wait for what follows";
  sender->source_ended();
  const auto pictures = shown({320, 240});
  ASSERT_EQ(pictures.size(), 20U);
  const cv::Rect inner(110, 90, 40, 40);
  cv::Mat pixelated = image.clone();
  overlay::pixelate(pixelated, {85, 65, 90, 90});
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    EXPECT_LT(
        cv::norm(pictures[i](inner), pixelated(inner), cv::NORM_L1) / (3.0 * inner.area()), 12)
        << i;
    EXPECT_GT(cv::norm(pictures[i](inner), image(inner), cv::NORM_L1) / (3.0 * inner.area()),
              30)
        << i;
  }
}

TEST_F(CameraOutputTest, WhoWasSeenBeforeItBrokeIsHiddenAfterIt) {
  const cv::Mat image = blocks({320, 240}, 2);
  auto person = testing::smiling_person(1);
  person.face.box = {100, 80, 60, 60};
  auto other = testing::smiling_person(2);
  other.face.box = {200, 80, 60, 60};
  auto broken = opened("/dev/video2,blurred");
  broken->send(frame_of(image, 0ms, {person}));
  const auto sender = make_camera_output("/dev/video2,blurred", {});
  sender->follow(*broken);
  broken.reset();
  sender->open();
  sender->missed(frame_of({}, 400ms, {other}));
  for (const auto time : {500ms, 600ms}) sender->send(frame_of(image, time));
  sender->source_ended();
  const auto pictures = shown({320, 240});
  ASSERT_EQ(pictures.size(), 2U) << "what waited when it broke is old";
  for (const auto& picture : pictures) {
    for (const cv::Rect inner : {cv::Rect(110, 90, 40, 40), cv::Rect(210, 90, 40, 40)}) {
      EXPECT_GT(cv::norm(picture(inner), image(inner), cv::NORM_L1) / (3.0 * inner.area()), 30);
    }
  }
}

TEST_F(CameraOutputTest, APictureThatStandsStillIsShownBlurred) {
  const auto sender = opened("/dev/video2,blurred");
  const cv::Mat image = blocks({320, 240}, 2);
  auto person = testing::smiling_person(1);
  person.face.box = {100, 80, 60, 60};
  for (int times = 1; times <= 2; ++times) {  // read anew by another model
    sender->send(frame_of(image, 0ms, {person}));
    sender->source_ended();
    ASSERT_EQ(shown({320, 240}).size(), static_cast<std::size_t>(times));
  }
  const cv::Rect inner(110, 90, 40, 40);
  EXPECT_GT(
      cv::norm(shown({320, 240})[0](inner), image(inner), cv::NORM_L1) / (3.0 * inner.area()),
      30);
}

TEST_F(CameraOutputTest, TheMenuKnowsWhichOneWasTaken) {
  EXPECT_EQ(opened("")->place(), "/dev/video2");
  EXPECT_EQ(opened("blurred")->place(), "/dev/video2,blurred");
  EXPECT_EQ(opened("/dev/video2")->place(), "") << "that is what was chosen";
}

TEST_F(CameraOutputTest, WithoutADeviceTheFirstVirtualCameraIsTaken) {
  opened("")->send(frame_of(blocks({64, 48}, 8)));
  EXPECT_EQ(shown({64, 48}).size(), 1U);
  ::setenv("FAKE_CAMERA_1", "name=Another webcam", 1);
  EXPECT_THAT(problem_of([] { opened(""); }),
              AllOf(HasSubstr("v4l2loopback-dkms"), HasSubstr("modprobe v4l2loopback")));
}

TEST_F(CameraOutputTest, WhatIsWrongWithADeviceIsASentence) {
  const auto frame = frame_of(blocks({64, 48}, 8));
  const auto problem = [&](const std::string& words) {
    script(words);
    return problem_of([&] {
      const auto sender = opened();
      sender->send(frame);
      sender->send(frame);
    });
  };
  EXPECT_THAT(problem("missing"), HasSubstr("There is no virtual camera /dev/video2"));
  EXPECT_THAT(problem("forbidden"), HasSubstr("usermod"));
  EXPECT_THAT(problem("busy,formats=YUYV"), HasSubstr("another program"));
  EXPECT_THAT(problem("formats=MJPG"), HasSubstr("neither YUYV nor YU12"));
  EXPECT_THAT(problem("unplug=1,formats=YUYV"), HasSubstr("taken away"));
}

TEST_F(CameraOutputTest, PicturesWithoutRoomAreLostAndCounted) {
  script("full,formats=YUYV");
  const auto sender = opened();
  sender->send(frame_of(blocks({64, 48}, 8)));
  sender->send(frame_of(blocks({64, 48}, 8)));
  EXPECT_EQ(sender->lost(), 2U);
}

TEST_F(CameraOutputTest, SmallPicturesAreMadeLargeEnough) {
  const auto sender = opened();
  sender->send(frame_of(cv::Mat(9, 3, CV_8UC3, cv::Scalar::all(200))));
  EXPECT_EQ(shown({48, 48}).size(), 1U);
}

TEST_F(CameraOutputTest, ArgumentsAreChecked) {
  for (const char* good : {"camera", "camera:/dev/video2", "camera:/dev/video2,blurred",
                           "camera:blurred", "camera:,blurred"}) {
    EXPECT_NO_THROW(check_spec(good)) << good;
  }
  for (const char* bad :
       {"camera:video2", "camera:/dev/video2,", "camera:/dev/video2,blur", "camera:/etc/passwd",
        "camera:/dev/sda", "camera:/dev/video2,blurred,blurred"}) {
    EXPECT_THROW(check_spec(bad), base::Error) << bad;
  }
}

}  // namespace
}  // namespace mien::outputs
