#include "mien/system/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mien/system/file_lock.hpp"

#include "support/temporary_folder.hpp"

namespace mien::system {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

TEST(SystemFiles, AreRenamedOverAFileAndAnEmptyFolderOnly) {
  const testing::TemporaryFolder folder;
  const auto one = folder.write("one", "1");
  const auto two = folder.write("two", "2");
  EXPECT_FALSE(rename_over(one, two));
  EXPECT_FALSE(fs::exists(one));
  EXPECT_EQ(fs::file_size(two), 1U);
  folder.write("new/in", "");
  folder.write("full/in", "");
  fs::create_directory(folder / "empty");
  const auto refused = rename_over(folder / "new", folder / "full");
  EXPECT_TRUE(refused == std::errc::directory_not_empty || refused == std::errc::file_exists);
  EXPECT_FALSE(rename_over(folder / "new", folder / "empty"));
  EXPECT_TRUE(fs::exists(folder / "empty/in"));
}

TEST(SystemFiles, RenamedAsNewReplaceNothing) {
  const testing::TemporaryFolder folder;
  const auto one = folder.write("one", "1");
  const auto two = folder.write("two", "22");
  EXPECT_EQ(rename_new(one, two), std::errc::file_exists);
  EXPECT_EQ(fs::file_size(two), 2U);
  fs::create_symlink("nowhere", folder / "link");
  EXPECT_EQ(rename_new(one, folder / "link"), std::errc::file_exists);
  fs::create_directory(folder / "empty");
  EXPECT_TRUE(rename_new(one, folder / "empty"));
  EXPECT_FALSE(rename_new(one, folder / "three"));
  EXPECT_EQ(rename_new(one, folder / "four"), std::errc::no_such_file_or_directory);
}

TEST(SystemFiles, PrivateFoldersAreMadeOnce) {
  const testing::TemporaryFolder folder;
  const auto made = folder / "made";
  EXPECT_FALSE(make_private_folder(made));
  EXPECT_EQ(fs::status(made).permissions(), fs::perms::owner_all);
  EXPECT_EQ(make_private_folder(made), std::errc::file_exists);
  EXPECT_EQ(make_private_folder(folder / "a/b"), std::errc::no_such_file_or_directory);
}

TEST(SystemFiles, StatusTellsKindSizeAndIdentity) {
  const testing::TemporaryFolder folder;
  const auto file = folder.write("file", "12345");
  fs::create_hard_link(file, folder / "same");
  folder.write("other", "12345");
  std::error_code error;
  const auto status = file_status(file, error);
  EXPECT_FALSE(error);
  EXPECT_EQ(status.kind, FileKind::regular);
  EXPECT_EQ(status.size, 5U);
  EXPECT_GT(status.modified_ns, 0);
  EXPECT_EQ(status.identity, file_status(folder / "same", error).identity);
  EXPECT_NE(status.identity, file_status(folder / "other", error).identity);
  EXPECT_EQ(file_status(folder.path(), error).kind, FileKind::folder);
  EXPECT_EQ(file_status("/dev/null", error).kind, FileKind::other);
  file_status(folder / "none", error);
  EXPECT_EQ(error, std::errc::no_such_file_or_directory);

  const auto open = open_to_read(folder / "other", error);
  EXPECT_FALSE(open.status(error).deleted);
  fs::remove(folder / "other");
  EXPECT_TRUE(open.status(error).deleted);
}

TEST(SystemFiles, AreOpenedWithoutWaitingAndNotThroughLinksToBeChanged) {
  const testing::TemporaryFolder folder;
  const auto file = folder.write("file", "12345");
  const auto fifo = folder / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  fs::create_symlink("file", folder / "link");
  std::error_code error;
  EXPECT_EQ(open_to_read(fifo, error).status(error).kind, FileKind::other);
  open_to_append(fifo, error);
  EXPECT_TRUE(error) << "nobody reads it";
  EXPECT_TRUE(open_to_read(folder / "link", error).valid());
  EXPECT_FALSE(open_to_change(folder / "link", error).valid());
  EXPECT_FALSE(open_to_change(folder / "none", error).valid());
  auto handle = open_to_change(file, error);
  ASSERT_TRUE(handle.valid());
  EXPECT_FALSE(handle.resize(2));
  EXPECT_EQ(handle.seek(0, SEEK_END, error), 2);
}

TEST(SystemFiles, MatchPatterns) {
  const testing::TemporaryFolder folder;
  folder.write("b.mp4", "");
  folder.write("a.mp4", "");
  folder.write("c.txt", "");
  const auto found = match_pattern((folder / "*.mp4").string());
  EXPECT_THAT(found.paths,
              ElementsAre((folder / "a.mp4").string(), (folder / "b.mp4").string()));
  EXPECT_TRUE(found.closed_folder.empty());
  EXPECT_TRUE(match_pattern((folder / "*.jpg").string()).paths.empty());
}

TEST(FileLock, BelongsToTheHandleThatTookIt) {
  const testing::TemporaryFolder folder;
  const auto file = folder.write("file", "");
  std::error_code error;
  auto one = open_to_change(file, error);
  const auto other = open_to_change(file, error);
  EXPECT_EQ(lock_file(one), LockResult::taken);
  EXPECT_EQ(lock_file(one), LockResult::taken) << "again";
  EXPECT_FALSE(is_locked(one)) << "by others";
  EXPECT_EQ(lock_file(other), LockResult::held);
  {
    const auto third = open_to_read(file, error);
    EXPECT_TRUE(is_locked(third));
  }
  EXPECT_EQ(lock_file(other), LockResult::held) << "closing the third one frees nothing";
  one.close();
  EXPECT_EQ(lock_file(other), LockResult::taken);
}

}  // namespace
}  // namespace mien::system
