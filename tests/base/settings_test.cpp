#include "mien/base/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"

#include "support/temporary_folder.hpp"

namespace mien {
namespace {

using ::testing::HasSubstr;

TEST(Settings, ComeBackAsTheyWere) {
  const testing::TemporaryFolder folder;
  Settings settings;
  settings.source = "camera:1";
  settings.model = "mien-base";
  settings.camera_modes["/dev/v4l/by-id/x"] = "1280x720@30 MJPG";
  settings.show_bars = false;
  settings.privacy = "blurred";
  settings.video_encoder = "libvpx";
  settings.notice_acknowledged = true;
  settings.recovery_declined = {"/videos/2026-11-22_07-15-00"};
  settings.window_width = 1600;
  save_settings(folder / "deep/settings.json", settings);
  const auto loaded = load_settings(folder / "deep/settings.json");
  EXPECT_EQ(loaded.problem, "");
  EXPECT_EQ(loaded.settings, settings);
}

TEST(Settings, AreTheStandardOnesWithoutAFile) {
  const testing::TemporaryFolder folder;
  const auto loaded = load_settings(folder / "none.json");
  EXPECT_EQ(loaded.settings, Settings{});
  EXPECT_EQ(loaded.problem, "");
}

TEST(Settings, SurviveABrokenFileAndKeepIt) {
  for (const std::string broken :
       {"", "{", "[]", "3", "\xff\xfe\x00garbage", "{\"source\": "}) {
    const testing::TemporaryFolder folder;
    const auto file = folder.write("settings.json", broken);
    const auto loaded = load_settings(file);
    EXPECT_EQ(loaded.settings, Settings{}) << broken;
    EXPECT_THAT(loaded.problem, HasSubstr("settings.json")) << broken;
    EXPECT_EQ(read_text_file(folder / "settings.json.broken"), broken);
    // The next start is quiet.
    EXPECT_EQ(load_settings(file).problem, "");
  }
}

TEST(Settings, LoseOnlyTheKeyThatIsWrong) {
  const testing::TemporaryFolder folder;
  const auto file =
      folder.write("settings.json",
                   R"({"source": 7, "model": "other", "show_bars": "yes", "unknown": [1]})");
  const auto loaded = load_settings(file);
  EXPECT_EQ(loaded.problem, "");
  EXPECT_EQ(loaded.settings.source, "");
  EXPECT_EQ(loaded.settings.model, "other");
  EXPECT_TRUE(loaded.settings.show_bars);
}

TEST(Settings, KeepTheWindowUsable) {
  const testing::TemporaryFolder folder;
  const auto file =
      folder.write("settings.json", R"({"window_width": -5, "window_height": 100000000})");
  const auto loaded = load_settings(file);
  EXPECT_EQ(loaded.settings.window_width, 900);
  EXPECT_EQ(loaded.settings.window_height, 16384);
}

TEST(Settings, SayWhereTheyCannotBeWritten) {
  const testing::TemporaryFolder folder;
  folder.write("file", "x");
  try {
    save_settings(folder / "file/settings.json", {});
    FAIL() << "a file is no folder";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr((folder / "file").string()));
  }
}

}  // namespace
}  // namespace mien
