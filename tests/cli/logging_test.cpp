// What the program writes into its log, and where it does not.

#include <sys/stat.h>

#include "mien/base/log.hpp"

#include "child.hpp"
#include "command_line.hpp"

namespace mien::cli {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class LoggingTest : public CommandLineTest {
 protected:
  ~LoggingTest() override { ::unsetenv("MIEN_LOG"); }

  std::string log() const { return cli::contents(log_file()); }
  std::string log_file() const { return home("state/mien/mien.log"); }
  std::vector<std::string> short_run() const {
    return {"analyze", "demo", "--seconds", "0.2", "--out", path("out")};
  }
};

TEST_F(LoggingTest, ARunLeavesWhatABugReportNeeds) {
  const auto outcome = run_mien(short_run());
  EXPECT_EQ(outcome.code, kDone);
  EXPECT_EQ(outcome.err, "");
  const auto lines = lines_of(log());
  ASSERT_FALSE(lines.empty());
  EXPECT_THAT(
      lines[0],
      AllOf(HasSubstr("info mien: mien "),
            EndsWith("was started as: mien analyze demo --seconds 0.2 --out " + path("out"))));
  EXPECT_THAT(lines[1],
              AllOf(HasSubstr("Linux"), HasSubstr("OpenCV 4."), HasSubstr("FFmpeg ")));
  EXPECT_THAT(lines, Contains(HasSubstr("info faces: Loaded the detector auto in ")));
  EXPECT_THAT(lines, Contains(HasSubstr("info emotions: Loaded the model mien-base from ")));
  EXPECT_THAT(lines, Contains(HasSubstr("info sources: Opened demo (demo, ")));
  EXPECT_THAT(lines, Contains(HasSubstr("info recording: Recording to " + path("out/demo"))));
  EXPECT_THAT(lines, Contains(AllOf(HasSubstr("info recording: Closed " + path("out/demo")),
                                    HasSubstr(" frames, 0 lost"))));
  struct stat status {};
  ASSERT_EQ(::stat(log_file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(LoggingTest, TheWindowIsOpenedAndClosed) {
  run_mien({});
  EXPECT_THAT(lines_of(log()), Contains(HasSubstr("cli: The window opens")));
  EXPECT_THAT(lines_of(log()), Contains(HasSubstr("cli: The window has closed; exit code 0")));
}

TEST_F(LoggingTest, NoMessagesNoFile) {
  for (const auto& words : std::vector<std::vector<std::string>>{{"--help"},
                                                                 {"--version"},
                                                                 {"analyze", "--help"},
                                                                 {"--no-such-option"},
                                                                 {"models"}}) {
    run_mien(words);
    EXPECT_FALSE(std::filesystem::exists(home("state"))) << words.front();
  }
}

TEST_F(LoggingTest, WhatFailsIsInItWithoutSecrets) {
  const auto outcome =
      run_mien({"analyze", "rtsp://ann:hush17@127.0.0.1:1/live?key=abc", "--out", path("out")});
  EXPECT_EQ(outcome.code, kFailed);
  EXPECT_THAT(lines_of(log()),
              Contains(AllOf(HasSubstr("error cli: "), HasSubstr("127.0.0.1:1/live"))));
  run_mien({"--source=rtsp://ann:hush17 hush18@127.0.0.1:1/live?key=abc"});
  EXPECT_THAT(log(), AllOf(HasSubstr("--source=rtsp://127.0.0.1:1/live"),
                           Not(HasSubstr("hush")), Not(HasSubstr("abc"))));
}

TEST_F(LoggingTest, MienLogSetsWhatStderrGets) {
  ::setenv("MIEN_LOG", "info", 1);
  auto outcome = run_mien(short_run());
  EXPECT_THAT(outcome.err, HasSubstr("info sources: Opened demo"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("debug ")));
  ::setenv("MIEN_LOG", "error", 1);
  std::filesystem::remove_all(home("state"));
  outcome = run_mien(short_run());
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(log(), HasSubstr("info faces: Loaded the detector"));
}

TEST_F(LoggingTest, OffLeavesNoFile) {
  ::setenv("MIEN_LOG", "off", 1);
  EXPECT_EQ(run_mien(short_run()).err, "");
  EXPECT_FALSE(std::filesystem::exists(home("state")));
}

TEST_F(LoggingTest, AnotherWordIsToldAndIgnored) {
  ::setenv("MIEN_LOG", "loud", 1);
  const auto outcome = run_mien(short_run());
  EXPECT_EQ(outcome.code, kDone);
  EXPECT_EQ(outcome.err,
            "mien: MIEN_LOG is \"loud\", which is ignored; it can be off, error, warn, info or "
            "debug.\n");
  EXPECT_THAT(log(), HasSubstr("Opened demo"));
}

// In a program of its own: what libraries are told stands for the whole process.
TEST_F(LoggingTest, DebugHasWhatFFmpegSays) {
  const auto clip = write("clip.mp4", std::string("\0\0\0\x18"
                                                  "ftypmp42\0\0\0\0mp42isom",
                                                  24) +
                                          std::string(2000, '\7'));
  for (const bool debugging : {false, true}) {
    if (debugging) ::setenv("MIEN_LOG", "debug", 1);
    Child child({"analyze", clip, "--out", path("out")}, path("err"), false);
    EXPECT_EQ(child.wait(), kFailed);
    for (const auto& text : {log(), cli::contents(path("err"))}) {
      EXPECT_EQ(text.find("debug ffmpeg: ") != std::string::npos, debugging) << text;
    }
  }
}

TEST_F(LoggingTest, APlaceThatCannotBeWrittenChangesNothing) {
  write(home("state"), "a file");
  const auto outcome = run_mien(short_run());
  EXPECT_EQ(outcome.code, kDone);
  EXPECT_EQ(outcome.err, "");
}

TEST_F(LoggingTest, TwoAtOnceShareTheFile) {
  const auto clip = portrait();
  Child one({"analyze", clip, "--out", path("one")}, path("err1"), false);
  Child other({"analyze", clip, "--out", path("other")}, path("err2"), false);
  EXPECT_EQ(one.wait(), kDone);
  EXPECT_EQ(other.wait(), kDone);
  const auto lines = lines_of(log());
  for (const char* name : {"one", "other"}) {
    EXPECT_THAT(lines, Contains(HasSubstr("--out " + path(name))));
    EXPECT_THAT(lines, Contains(HasSubstr("Closed " + path(name))));
  }
  EXPECT_THAT(lines, Not(Contains(Not(StartsWith("20")))));  // no line is torn
}

}  // namespace
}  // namespace mien::cli
