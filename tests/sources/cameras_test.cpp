#include "mien/sources/cameras.hpp"

#include <gmock/gmock.h>

#include "camera_choice.hpp"
#include "test_media.hpp"

namespace mien::sources {
namespace {

using ::testing::HasSubstr;

std::string choice_error(const std::vector<CameraInfo>& cameras, const std::string& spec) {
  try {
    choose_camera(cameras, spec);
    return "";
  } catch (const base::Error& error) {
    return error.what();
  }
}

std::vector<CameraInfo> two_cameras() {
  return {{0, "/dev/video0", "/dev/v4l/by-id/usb-one", "One", {}},
          {1, "/dev/video2", "/dev/video2", "Two", {}}};
}

TEST(ChooseCamera, TakesNumbersDevicesAndStablePaths) {
  const auto cameras = two_cameras();
  EXPECT_EQ(choose_camera(cameras, "camera:1").name, "Two");
  EXPECT_EQ(choose_camera(cameras, "/dev/video0").name, "One");
  EXPECT_EQ(choose_camera(cameras, "/dev/v4l/by-id/usb-one").name, "One");
  EXPECT_EQ(choose_camera(cameras, "/dev/video77").device, "/dev/video77");
}

TEST(ChooseCamera, SaysWhatIsWrongWithANumber) {
  EXPECT_THAT(choice_error({}, "camera:0"), HasSubstr("no camera is connected"));
  EXPECT_THAT(choice_error(two_cameras(), "camera:2"), HasSubstr("the last one is camera:1"));
  for (const char* spec :
       {"camera:", "camera:x", "camera:-1", "camera:1x", "camera:99999999999"}) {
    EXPECT_THAT(choice_error(two_cameras(), spec), HasSubstr("names no camera")) << spec;
  }
}

TEST(DefaultCamera, IsTheFirstThatShowsColours) {
  CameraInfo infrared, colour, busy;
  infrared.modes = {{{640, 360}, 30, "GREY"}};
  colour.modes = {{{1280, 720}, 30, "MJPG"}};
  const auto choice = [](std::vector<CameraInfo> cameras) {
    for (std::size_t i = 0; i < cameras.size(); ++i) cameras[i].index = static_cast<int>(i);
    return default_camera(cameras);
  };
  EXPECT_EQ(choice({infrared, colour}), 1);
  EXPECT_EQ(choice({colour, infrared}), 0);
  EXPECT_EQ(choice({infrared, busy}), 1);
  EXPECT_EQ(choice({busy, colour}), 1);
  EXPECT_EQ(choice({infrared}), 0);
  EXPECT_EQ(choice({}), -1);
}

}  // namespace
}  // namespace mien::sources
