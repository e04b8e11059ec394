#include "mien/base/staged_folder.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mien/base/error.hpp"

#include "support/temporary_folder.hpp"

namespace mien::base {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

std::string complaint_about(const fs::path& place) {
  try {
    const StagedFolder folder(place);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::ptrdiff_t entries(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), {});
}

TEST(StagedFolder, AppearsWholeWhenItIsPublished) {
  const TemporaryFolder root;
  StagedFolder folder(root / "new/deep/out/");
  std::ofstream(folder.path() / "a") << "content";
  EXPECT_FALSE(fs::exists(root / "new/deep/out"));
  folder.publish();
  EXPECT_TRUE(fs::exists(root / "new/deep/out/a"));
  EXPECT_EQ(entries(root / "new/deep"), 1) << "nothing hidden stays";
}

TEST(StagedFolder, LeavesNothingWhenItIsNotPublished) {
  const TemporaryFolder root;
  {
    const StagedFolder folder(root / "new/deep/out");
    std::ofstream(folder.path() / "a") << "content";
  }
  EXPECT_EQ(entries(root.path()), 0);
}

TEST(StagedFolder, KeepsFoldersThatOthersHaveFilledMeanwhile) {
  const TemporaryFolder root;
  {
    const StagedFolder folder(root / "new/deep/out");
    root.write("new/other", "not mine");
  }
  EXPECT_TRUE(fs::exists(root / "new/other"));
  EXPECT_FALSE(fs::exists(root / "new/deep"));
}

TEST(StagedFolder, RefusesWhatIsThere) {
  const TemporaryFolder root;
  root.write("full/file", "mine");
  EXPECT_THAT(complaint_about(root / "full"), HasSubstr("not empty"));
  EXPECT_THAT(complaint_about(root / "full/file"), HasSubstr("file"));
  EXPECT_THAT(complaint_about(root / "full/file/below"), HasSubstr("cannot be written"));
  EXPECT_EQ(entries(root.path()), 1);
  fs::create_directory(root / "empty");
  EXPECT_EQ(complaint_about(root / "empty"), "");
  StagedFolder late(root / "late");
  root.write("late/file", "came meanwhile");
  EXPECT_THROW(late.publish(), Error);
  EXPECT_TRUE(fs::exists(root / "late/file"));
}

TEST(StagedFolder, ClearsWhatAKilledProgramLeft) {
  const TemporaryFolder root;
  const pid_t gone = ::fork();
  if (gone == 0) {
    new StagedFolder(root / "out");  // as a program that is killed
    ::_exit(0);
  }
  ::waitpid(gone, nullptr, 0);
  ASSERT_EQ(entries(root.path()), 1);
  root.write(".out.1.partial/file", "of a program that runs");
  StagedFolder folder(root / "out");
  folder.publish();
  EXPECT_EQ(entries(root.path()), 2);
  EXPECT_TRUE(fs::exists(root / ".out.1.partial/file"));
}

TEST(HiddenFolder, GoesWithItsOwnerAndSharesItsNameWithOthers) {
  const TemporaryFolder root;
  {
    const HiddenFolder one(root / "made", "adding");
    const HiddenFolder other(root / "made", "adding");
    EXPECT_NE(one.path(), other.path());
    EXPECT_TRUE(fs::is_directory(one.path()));
    EXPECT_TRUE(one.path().filename().string().starts_with(".adding."));
    fs::create_directories(one.path() / "with/things");
  }
  EXPECT_EQ(entries(root / "made"), 0);
  root.write("file", "");
  EXPECT_THROW(HiddenFolder(root / "file", "adding"), std::system_error);
}

}  // namespace
}  // namespace mien::base
