#include "mien/base/files.hpp"

#include <cerrno>
#include <regex>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mien/base/error.hpp"

#include "support/temporary_folder.hpp"

namespace mien::base {
namespace {

TEST(Files, AreReplacedWholeAndPrivate) {
  const testing::TemporaryFolder folder;
  const auto file = folder.write("note", "old");
  write_file_atomically(file, "new and longer");
  EXPECT_EQ(read_text_file(file), "new and longer");
  write_file_atomically(folder / "fresh", "x");
  struct stat info {};
  ASSERT_EQ(::stat((folder / "fresh").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  // No temporary file is left beside it.
  int entries = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator(folder.path())) {
    ++entries;
  }
  EXPECT_EQ(entries, 2);
}

TEST(Files, FoldersAreMadePrivateAndThoseThatAreThereStay) {
  namespace fs = std::filesystem;
  const testing::TemporaryFolder folder;
  const auto mode = [](const fs::path& path) {
    return static_cast<unsigned>(fs::status(path).permissions());
  };
  fs::create_directory(folder / "old");
  fs::permissions(folder / "old", fs::perms(0755));
  EXPECT_FALSE(make_private_folders(folder / "old/a/b/"));
  EXPECT_EQ(mode(folder / "old"), 0755U);
  EXPECT_EQ(mode(folder / "old/a"), 0700U);
  EXPECT_EQ(mode(folder / "old/a/b"), 0700U);
  EXPECT_FALSE(make_private_folders(folder / "old"));
  EXPECT_EQ(mode(folder / "old"), 0755U);
  EXPECT_FALSE(make_private_folders(""));
  folder.write("file", "x");
  EXPECT_TRUE(make_private_folders(folder / "file"));
  EXPECT_TRUE(make_private_folders(folder / "file/a"));
  EXPECT_TRUE(make_private_folders("/proc/mien/a"));
}

TEST(Files, LeaveTheOldOneWhenTheNewCannotBeWritten) {
  const testing::TemporaryFolder folder;
  EXPECT_THROW(write_file_atomically(folder / "no/such/folder", "x"), Error);
  std::filesystem::create_directory(folder / "taken");
  EXPECT_THROW(write_file_atomically(folder / "taken", "x"), Error);
  EXPECT_TRUE(std::filesystem::is_directory(folder / "taken"));
}

TEST(Files, ThatAreFoldersCannotBeRead) {
  const testing::TemporaryFolder folder;
  EXPECT_THROW(read_text_file(folder.path()), Error);
  EXPECT_THROW(read_text_file(folder / "none"), Error);
}

TEST(Files, ThatAreFifosOrDevicesOrTooLargeAreNotRead) {
  const testing::TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  EXPECT_THROW(read_text_file(folder / "fifo"), Error);
  EXPECT_THROW(read_text_file("/dev/zero"), Error);
  EXPECT_THROW(read_text_file(folder.write("large", "123456"), 5), Error);
  EXPECT_EQ(read_text_file(folder.write("fits", "12345"), 5), "12345");
  std::filesystem::create_symlink(folder / "fits", folder / "link");
  EXPECT_EQ(read_text_file(folder / "link"), "12345");
  EXPECT_THAT(read_text_file("/proc/self/status"), ::testing::HasSubstr("Name:"));
}

TEST(Files, WrittenByManyAtOnceAreOneOfThemWhole) {
  const testing::TemporaryFolder folder;
  const auto file = folder / "report";
  {
    std::vector<std::jthread> writers;
    for (char c = 'a'; c < 'i'; ++c) {
      writers.emplace_back([&, c] {
        for (int i = 0; i < 20; ++i) write_file_atomically(file, std::string(100'000, c));
      });
    }
  }
  const auto text = read_text_file(file);
  EXPECT_EQ(text, std::string(100'000, text.front()));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(Files, GetANameThatIsFree) {
  const testing::TemporaryFolder folder;
  EXPECT_EQ(free_name(folder / "a.csv"), folder / "a.csv");
  folder.write("a.csv", "");
  std::filesystem::create_symlink("nowhere", folder / "a_2.csv");
  EXPECT_EQ(free_name(folder / "a.csv"), folder / "a_3.csv");
  std::filesystem::create_directory(folder / "v1.2");
  EXPECT_EQ(free_folder_name(folder / "v1.2"), folder / "v1.2_2");
  EXPECT_EQ(free_folder_name(folder / "v1"), folder / "v1");
  EXPECT_EQ(first_free("a", " ", [](const std::string& name) { return name != "a 4"; }), "a 4");
}

TEST(Files, AreRenamedButNeverOverAnother) {
  const testing::TemporaryFolder folder;
  const auto one = folder.write("one", "1");
  rename_new(one, folder / "two");
  EXPECT_EQ(read_text_file(folder / "two"), "1");
  EXPECT_FALSE(std::filesystem::exists(one));
  folder.write("one", "other");
  EXPECT_THROW(rename_new(folder / "two", one), Error);
  EXPECT_EQ(read_text_file(one), "other");
  EXPECT_EQ(read_text_file(folder / "two"), "1");
  // rename() alone would replace an empty folder.
  std::filesystem::create_directories(folder / "full/in");
  std::filesystem::create_directory(folder / "empty");
  EXPECT_THROW(rename_new(folder / "full", folder / "empty"), Error);
  rename_new(folder / "full", folder / "moved");
  EXPECT_TRUE(std::filesystem::exists(folder / "moved/in"));
}

TEST(Files, TimeStampsSortAndFitIntoNames) {
  EXPECT_TRUE(std::regex_match(time_stamp_for_names(),
                               std::regex(R"(\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d)")));
}

}  // namespace
}  // namespace mien::base
