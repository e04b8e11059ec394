#include "mien/base/file_descriptor.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temporary_folder.hpp"

namespace mien::base {
namespace {

bool is_open(int descriptor) { return ::fcntl(descriptor, F_GETFD) >= 0; }

TEST(FileDescriptorTest, ClosesWithItsOwner) {
  int value = -1;
  {
    const FileDescriptor file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    value = file.get();
    ASSERT_TRUE(is_open(value));
  }
  EXPECT_FALSE(is_open(value));
}

TEST(FileDescriptorTest, MovingHandsItOver) {
  FileDescriptor one(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  FileDescriptor other(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const int first = one.get();
  const int second = other.get();
  other = std::move(one);
  EXPECT_EQ(other.get(), first);
  EXPECT_FALSE(is_open(second));
  EXPECT_EQ(other.close(), 0);
  EXPECT_FALSE(other.valid());
  EXPECT_EQ(other.close(), 0);
}

TEST(FileDescriptorTest, ClosingWhatIsNotOpenIsAnError) {
  FileDescriptor file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  ::close(file.get());
  EXPECT_EQ(file.close(), EBADF);
}

TEST(CreatePrivateFile, IsTheUsersAloneAndReplacesNothing) {
  const testing::TemporaryFolder folder;
  const auto path = folder.path() / "new";
  const auto file = create_private_file(path);
  ASSERT_TRUE(file.valid());
  struct stat status {};
  ASSERT_EQ(::fstat(file.get(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600);
  EXPECT_FALSE(create_private_file(path).valid());
  EXPECT_EQ(errno, EEXIST);

  const auto link = folder.path() / "link";
  ASSERT_EQ(::symlink("nowhere", link.c_str()), 0);
  EXPECT_FALSE(create_private_file(link).valid());
}

TEST(SyncFile, ForgivesWhatHasNothingToSync) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const FileDescriptor from(ends[0]);
  const FileDescriptor to(ends[1]);
  EXPECT_EQ(sync_file(to.get()), 0);
  EXPECT_EQ(sync_file(to.get(), true), 0);
  EXPECT_EQ(sync_file(-1), EBADF);
}

}  // namespace
}  // namespace mien::base
