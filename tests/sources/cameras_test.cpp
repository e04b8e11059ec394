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

TEST(StablePath, IsTheFirstLinkToTheDevice) {
  const TempFolder folder;
  write_file(folder / "video0", "");
  write_file(folder / "video1", "");
  fs::create_directories(folder / "by-id");
  fs::create_directories(folder / "by-path");
  fs::create_symlink("../video0", folder / "by-id/b-index0");
  fs::create_symlink("../video0", folder / "by-id/a-index0");
  fs::create_symlink("../video1", folder / "by-path/pci-1");
  fs::create_symlink("../gone", folder / "by-id/0-dangling");
  const std::vector<fs::path> folders = {folder / "by-id", folder / "by-path",
                                         folder / "missing"};

  EXPECT_EQ(stable_path_of((folder / "video0").string(), folders), folder / "by-id/a-index0");
  EXPECT_EQ(stable_path_of((folder / "video1").string(), folders), folder / "by-path/pci-1");
  EXPECT_EQ(stable_path_of("/dev/video9", folders), "/dev/video9");
}

TEST(CameraWatcher, SeesVideoDevicesComeAndGo) {
  const TempFolder folder;
  CameraWatcher watcher(folder.string());
  EXPECT_FALSE(watcher.changed());
  write_file(folder / "video4", "");
  EXPECT_TRUE(watcher.changed());
  EXPECT_FALSE(watcher.changed()) << "told once";
  write_file(folder / "sda1", "");
  EXPECT_FALSE(watcher.changed()) << "not a camera";
  fs::permissions(folder / "video4", fs::perms::owner_all);
  EXPECT_TRUE(watcher.changed()) << "it may be usable only now";
  fs::remove(folder / "video4");
  EXPECT_TRUE(watcher.changed());
}

TEST(CameraWatcher, OfAFolderThatIsNotThereSeesNothing) {
  CameraWatcher watcher("/nowhere/at/all");
  EXPECT_FALSE(watcher.changed());
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
