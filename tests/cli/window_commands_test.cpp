#include <cstdlib>

#include "mien/outputs/command_socket.hpp"

#include "command_line.hpp"

namespace mien::cli {
namespace {

using outputs::Command;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

class WindowCommandsTest : public CommandLineTest {
 protected:
  WindowCommandsTest() {
    const char* old = std::getenv("XDG_RUNTIME_DIR");
    old_ = old != nullptr ? old : "";
    ::setenv("XDG_RUNTIME_DIR", root_.c_str(), 1);
  }
  ~WindowCommandsTest() override { ::setenv("XDG_RUNTIME_DIR", old_.c_str(), 1); }

  /// Makes a window that takes commands.
  void open_window() {
    window_ = std::make_unique<outputs::CommandSocket>([this](const Command& command) {
      arrived_ = std::chrono::steady_clock::now();
      taken_.push_back(command);  // read only once it was answered
      return problem_;
    });
  }

  std::string old_;
  std::vector<Command> taken_;
  std::chrono::steady_clock::time_point arrived_;
  std::string problem_;
  std::unique_ptr<outputs::CommandSocket> window_;
};

TEST_F(WindowCommandsTest, MarkSetsAMarkerAtTheTimeOfTheCommand) {
  open_window();
  const auto outcome = run_mien({"mark", "stimulus 3"});
  EXPECT_EQ(outcome.code, kDone) << outcome.err;
  EXPECT_EQ(outcome.out + outcome.err, "");
  EXPECT_EQ(outcome.windows, 0) << "no window of its own";
  EXPECT_EQ(run_mien({"mark"}).code, kDone);
  ASSERT_THAT(taken_, SizeIs(2));
  EXPECT_EQ(taken_[0].kind, Command::Kind::marker);
  EXPECT_EQ(taken_[0].text, "stimulus 3");
  EXPECT_EQ(taken_[1].text, "");
}

TEST_F(WindowCommandsTest, TheTimeIsThatOfTheProgramsStart) {
  using namespace std::chrono_literals;
  open_window();
  const auto before = std::chrono::steady_clock::now();
  // It waits before it gives the command, as for a slow disk; exec keeps the process's start.
  const std::string slow = "sh -c 'sleep 0.3; exec \"" MIEN_WINDOWLESS "\" mark slow'";
  ASSERT_EQ(std::system(slow.c_str()), 0);
  window_.reset();  // another process had the answer, so nothing else says that it is done
  ASSERT_THAT(taken_, SizeIs(1));
  EXPECT_GT(taken_[0].at, before - 100ms) << "the system counts in hundredths of a second";
  EXPECT_LT(taken_[0].at, arrived_ - 300ms);
}

TEST_F(WindowCommandsTest, RecordStartsAndStops) {
  open_window();
  EXPECT_EQ(run_mien({"record", "start"}).code, kDone);
  EXPECT_EQ(run_mien({"record", "stop"}).code, kDone);
  ASSERT_THAT(taken_, SizeIs(2));
  EXPECT_EQ(taken_[0].kind, Command::Kind::record_start);
  EXPECT_EQ(taken_[1].kind, Command::Kind::record_stop);
}

TEST_F(WindowCommandsTest, WhatTheWindowRefusesIsSaid) {
  open_window();
  problem_ = "Nothing is recorded before the notice in the window was accepted.";
  const auto outcome = run_mien({"record", "start"});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_EQ(outcome.err, "mien: " + problem_ + "\n");
}

TEST_F(WindowCommandsTest, WithoutAWindowItIsASentence) {
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"mark", "x"}, {"record", "stop"}}) {
    const auto outcome = run_mien(words);
    EXPECT_EQ(outcome.code, kFailed);
    EXPECT_EQ(outcome.err, "mien: No window of mien is open; start mien first.\n");
  }
}

TEST_F(WindowCommandsTest, OtherWordsAreWrong) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"record"}, {"record", "pause"}, {"mark", "two", "texts"}}) {
    const auto outcome = run_mien(words);
    EXPECT_EQ(outcome.code, kUsage);
    EXPECT_THAT(outcome.err, AllOf(StartsWith("mien: "), HasSubstr("--help`")));
  }
  EXPECT_EQ(run_mien({"mark", std::string(201, 'x')}).code, kFailed);
}

}  // namespace
}  // namespace mien::cli
