#include "rotating_file.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"

#include "support/file_size_limit.hpp"
#include "support/temporary_folder.hpp"

namespace mien::base {
namespace {

using ::testing::ElementsAre;
using testing::TemporaryFolder;
namespace fs = std::filesystem;

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

void add(RotatingFile& file, const std::string& line) {
  file.prepare();
  file.append(line + "\n");
}

TEST(RotatingFile, IsMadeWithItsFirstLineForTheUserAlone) {
  const TemporaryFolder folder;
  const auto path = folder / "state/mien/mien.log";
  RotatingFile file(path, 1000);
  EXPECT_FALSE(fs::exists(folder / "state"));
  EXPECT_TRUE(file.prepare());
  file.append("one\n");
  EXPECT_FALSE(file.prepare());
  file.append("two\n");
  EXPECT_THAT(lines_of(path), ElementsAre("one", "two"));
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  ASSERT_EQ(::stat(path.parent_path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
}

TEST(RotatingFile, GoesOnBehindWhatIsThere) {
  const TemporaryFolder folder;
  const auto path = folder.write("mien.log", "before\n");
  RotatingFile file(path, 1000);
  add(file, "after");
  EXPECT_THAT(lines_of(path), ElementsAre("before", "after"));
}

TEST(RotatingFile, KeepsThreeFiles) {
  const TemporaryFolder folder;
  const auto path = folder / "mien.log";
  RotatingFile file(path, 10);
  for (int i = 0; i < 8; ++i) add(file, "line " + std::to_string(i));  // 7 bytes each
  EXPECT_THAT(lines_of(path), ElementsAre("line 6", "line 7"));
  EXPECT_THAT(lines_of(folder / "mien.log.1"), ElementsAre("line 4", "line 5"));
  EXPECT_THAT(lines_of(folder / "mien.log.2"), ElementsAre("line 2", "line 3"));
  EXPECT_FALSE(fs::exists(folder / "mien.log.3"));
}

TEST(RotatingFile, SaysWhenAFileBegins) {
  const TemporaryFolder folder;
  RotatingFile file(folder / "mien.log", 4);
  EXPECT_TRUE(file.prepare());
  file.append("one\n");
  EXPECT_TRUE(file.prepare());  // a new file
}

TEST(RotatingFile, FollowsAnotherThatHasRotated) {
  const TemporaryFolder folder;
  const auto path = folder / "mien.log";
  RotatingFile one(path, 10);
  RotatingFile other(path, 10);
  add(one, "line 0");
  add(other, "line 1");
  add(one, "line 2");  // rotates
  EXPECT_TRUE(other.prepare());
  other.append("line 3\n");
  EXPECT_THAT(lines_of(path), ElementsAre("line 2", "line 3"));
  EXPECT_THAT(lines_of(folder / "mien.log.1"), ElementsAre("line 0", "line 1"));
}

TEST(RotatingFile, IsMadeAnewWhenItWasDeleted) {
  const TemporaryFolder folder;
  const auto path = folder / "mien.log";
  RotatingFile file(path, 1000);
  add(file, "one");
  fs::remove(path);
  add(file, "two");
  EXPECT_THAT(lines_of(path), ElementsAre("two"));
}

// Rotating at every few lines, so that the processes meet while they do it.
TEST(RotatingFile, LinesOfSeveralProcessesStayWhole) {
  constexpr int kProcesses = 4;
  constexpr int kLines = 400;
  const TemporaryFolder folder;
  const auto path = folder / "mien.log";
  std::vector<pid_t> children;
  for (int process = 0; process < kProcesses; ++process) {
    const pid_t id = ::fork();
    ASSERT_GE(id, 0);
    if (id == 0) {
      RotatingFile file(path, 20'000);
      const std::string filling(static_cast<std::size_t>(50 + 20 * process), 'x');
      for (int line = 0; line < kLines; ++line) {
        add(file,
            std::to_string(process) + " " + std::to_string(line) + " " + filling + " end");
      }
      ::_exit(0);
    }
    children.push_back(id);
  }
  for (const pid_t id : children) {
    int status = -1;
    ::waitpid(id, &status, 0);
    EXPECT_EQ(status, 0);
  }
  std::map<int, int> newest;
  for (const char* name : {"mien.log.2", "mien.log.1", "mien.log"}) {
    // While one that rotates is held up, the others go on in the old file: one turn may be all.
    if (!fs::exists(folder / name) && name == std::string("mien.log.2")) continue;
    ASSERT_TRUE(fs::exists(folder / name)) << name;
    for (const auto& line : lines_of(folder / name)) {
      ASSERT_TRUE(line.ends_with("x end")) << name << ": " << line;
      int process = -1, number = -1;
      ASSERT_EQ(std::sscanf(line.c_str(), "%d %d x", &process, &number), 2) << line;
      EXPECT_EQ(line.size(), std::to_string(process).size() + std::to_string(number).size() +
                                 56U + 20U * static_cast<unsigned>(process));
      newest[process] = std::max(newest[process], number);
    }
  }
  // Whoever ended last has his last line in the newest files.
  EXPECT_TRUE(std::any_of(newest.begin(), newest.end(),
                          [](const auto& one) { return one.second == kLines - 1; }));
}

TEST(RotatingFile, WhatCannotBeOpenedIsSaid) {
  const TemporaryFolder folder;
  folder.write("file", "");
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  fs::create_directory(folder / "folder");
  for (const char* name : {"file/mien.log", "fifo", "folder"}) {
    RotatingFile file(folder / name, 1000);
    EXPECT_THROW(file.prepare(), Error) << name;
    EXPECT_THROW(file.prepare(), Error) << name;
  }
}

TEST(RotatingFile, AFullDiskCostsNoLaterLine) {
  const TemporaryFolder folder;
  const auto path = folder / "mien.log";
  RotatingFile file(path, 1000);
  add(file, "before");
  {
    const testing::FileSizeLimit full(10);
    EXPECT_THROW(add(file, "torn apart"), Error);
    EXPECT_THROW(add(file, "lost"), Error);
  }
  add(file, "after");
  EXPECT_THAT(lines_of(path), ElementsAre("before", "tor", "after"));
}

}  // namespace
}  // namespace mien::base
