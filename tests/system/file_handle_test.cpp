#include "mien/system/file_handle.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temporary_folder.hpp"

namespace mien::system {
namespace {

bool is_open(NativeHandle handle) { return ::fcntl(static_cast<int>(handle), F_GETFD) >= 0; }

std::error_code code(int number) { return {number, std::generic_category()}; }

TEST(FileHandleTest, ClosesWithItsOwner) {
  NativeHandle value = kNoHandle;
  {
    const FileHandle file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    value = file.native();
    ASSERT_TRUE(is_open(value));
  }
  EXPECT_FALSE(is_open(value));
}

TEST(FileHandleTest, MovingHandsItOver) {
  FileHandle one(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  FileHandle other(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const NativeHandle first = one.native();
  const NativeHandle second = other.native();
  other = std::move(one);
  EXPECT_EQ(other.native(), first);
  EXPECT_FALSE(is_open(second));
  EXPECT_FALSE(other.close());
  EXPECT_FALSE(other.valid());
  EXPECT_FALSE(other.close());
}

TEST(FileHandleTest, ClosingWhatIsNotOpenIsAnError) {
  FileHandle file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  ::close(file.native());
  EXPECT_EQ(file.close(), code(EBADF));
}

TEST(CreatePrivateFile, IsTheUsersAloneAndReplacesNothing) {
  const testing::TemporaryFolder folder;
  const auto path = folder.path() / "new";
  std::error_code error;
  const auto file = create_private_file(path, error);
  EXPECT_FALSE(error);
  ASSERT_TRUE(file.valid());
  struct stat status {};
  ASSERT_EQ(::fstat(file.native(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600);
  EXPECT_FALSE(create_private_file(path, error).valid());
  EXPECT_EQ(error, std::errc::file_exists);

  const auto link = folder.path() / "link";
  ASSERT_EQ(::symlink("nowhere", link.c_str()), 0);
  EXPECT_FALSE(create_private_file(link, error).valid());
}

TEST(FileHandleTest, SyncForgivesWhatHasNothingToSync) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const FileHandle from(ends[0]);
  const FileHandle to(ends[1]);
  EXPECT_FALSE(to.sync());
  EXPECT_FALSE(to.sync(true));
  EXPECT_EQ(FileHandle().sync(), code(EBADF));
}

TEST(FileHandleTest, IsWrittenToTheLastByteOrSaysHowFar) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const FileHandle from(ends[0]);
  FileHandle to(ends[1]);
  std::size_t written = 0;
  EXPECT_FALSE(to.write_all("0123456789", written));
  EXPECT_EQ(written, 10U);
  to.close();
  EXPECT_EQ(to.write_all("more", written), code(EBADF));
  EXPECT_EQ(written, 10U);
}

}  // namespace
}  // namespace mien::system
