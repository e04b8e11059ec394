#include "linux/cameras.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "mien/system/camera_device.hpp"

#include "support/temporary_folder.hpp"

namespace mien::system {
namespace {

namespace fs = std::filesystem;

TEST(StablePath, IsTheFirstLinkToTheDevice) {
  const testing::TemporaryFolder folder;
  folder.write("video0", "");
  folder.write("video1", "");
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
  const testing::TemporaryFolder folder;
  CameraWatcher watcher(folder.path().string());
  EXPECT_FALSE(watcher.changed());
  folder.write("video4", "");
  EXPECT_TRUE(watcher.changed());
  EXPECT_FALSE(watcher.changed()) << "told once";
  folder.write("sda1", "");
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

}  // namespace
}  // namespace mien::system
