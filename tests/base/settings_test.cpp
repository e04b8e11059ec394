#include "mien/base/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"

#include "support/temporary_folder.hpp"

namespace mien::base {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

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
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_FALSE(loaded.differ);
  EXPECT_EQ(loaded.settings, settings);
}

TEST(Settings, AreTheStandardOnesWithoutAFile) {
  const testing::TemporaryFolder folder;
  const auto loaded = load_settings(folder / "none.json");
  EXPECT_EQ(loaded.settings, Settings{});
  EXPECT_THAT(loaded.problems, IsEmpty());
}

TEST(Settings, SurviveABrokenFileAndKeepIt) {
  for (const std::string broken :
       {"", "{", "[]", "3", "\xff\xfe\x00garbage", "{\"source\": "}) {
    const testing::TemporaryFolder folder;
    const auto file = folder.write("settings.json", broken);
    // Nobody knows what had been chosen: no picture of anybody is kept until they choose again.
    Settings strict;
    strict.privacy = "data-only";
    // A second start before anything was saved is no less strict.
    for (int start = 1; start <= 2; ++start) {
      const auto loaded = load_settings(file);
      EXPECT_EQ(loaded.settings, strict) << broken;
      EXPECT_TRUE(loaded.differ);
      EXPECT_THAT(loaded.problems, ElementsAre(HasSubstr("settings.json"))) << broken;
      EXPECT_EQ(read_text_file(folder / "settings.json.broken"), broken);
    }
    save_settings(file, strict);
    EXPECT_THAT(load_settings(file).problems, IsEmpty());
    EXPECT_EQ(load_settings(file).settings, strict);
  }
}

TEST(Settings, AnUnknownPrivacyIsTheStrictest) {
  for (const std::string word : {"\"data_only\"", "\"Everything\"", "\"\"", "3", "null", "[]",
                                 "{\"mode\": \"blurred\"}", "true"}) {
    const testing::TemporaryFolder folder;
    const auto loaded = load_settings(
        folder.write("settings.json", "{\"privacy\": " + word + ", \"model\": \"other\"}"));
    EXPECT_EQ(loaded.settings.privacy, "data-only") << word;
    EXPECT_EQ(loaded.settings.model, "other");
    EXPECT_TRUE(loaded.differ);
    EXPECT_THAT(loaded.problems, ElementsAre(HasSubstr("privacy"))) << word;
  }
}

TEST(Settings, NeverHoldASecretOrANameThatJsonCannotHold) {
  const testing::TemporaryFolder folder;
  Settings settings;
  settings.model = "other";
  settings.recovery_declined = {"/videos/\xe9t\xe9"};
  for (const char* source : {"http://ann:secret@cam/x", "http://cam/x?token=secret",
                             "rtsp://cam/user=a&password=secret", "/videos/secret-\xe9.mp4"}) {
    settings.source = source;
    save_settings(folder / "settings.json", settings);
    EXPECT_THAT(read_text_file(folder / "settings.json"), Not(HasSubstr("secret")));
    EXPECT_EQ(load_settings(folder / "settings.json").settings.model, "other");
  }
  // As earlier versions wrote them.
  const auto old =
      folder.write("old.json", R"({"source": "http://ann:secret@cam/x", "model": "other"})");
  EXPECT_EQ(load_settings(old).settings.source, "");
  EXPECT_TRUE(load_settings(old).differ);
}

TEST(Settings, LoseOnlyTheKeyThatIsWrong) {
  const testing::TemporaryFolder folder;
  const auto file =
      folder.write("settings.json",
                   R"({"source": 7, "model": "other", "show_bars": "yes", "unknown": [1]})");
  const auto loaded = load_settings(file);
  EXPECT_THAT(loaded.problems, ElementsAre(HasSubstr("show_bars and source")));
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
    EXPECT_THAT(error.what(), HasSubstr("forgotten at the end."));
  }
  std::filesystem::create_directories(folder / "settings.json/in the way");
  try {
    save_settings(folder / "settings.json", {});
    FAIL() << "a folder is no file";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("settings.json cannot be written: "));
    EXPECT_THAT(error.what(), HasSubstr("; give yourself"));
  }
}

}  // namespace
}  // namespace mien::base
