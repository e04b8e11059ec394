#include "mien/base/log.hpp"

#include <algorithm>
#include <fstream>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "support/temporary_folder.hpp"

namespace mien::base {
namespace {

using log::Level;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::SizeIs;
namespace fs = std::filesystem;

class LogTest : public ::testing::Test {
 protected:
  ~LogTest() override { log::stop(); }

  fs::path file() const { return folder_ / "mien/mien.log"; }
  void start(Level in_file, Level on_stderr = Level::off,
             std::vector<std::string> header = {}) const {
    log::start({.on_stderr = on_stderr,
                .in_file = in_file,
                .file = file(),
                .header = std::move(header)});
  }
  std::vector<std::string> lines(const char* suffix = "") const {
    std::ifstream in(file().string() + suffix);
    std::vector<std::string> result;
    for (std::string line; std::getline(in, line);) result.push_back(line);
    return result;
  }

  testing::TemporaryFolder folder_;
};

TEST_F(LogTest, ALineSaysWhenHowBadWhoAndWhat) {
  start(Level::info);
  log::warn("capture", "The camera is gone");
  EXPECT_THAT(lines(),
              ElementsAre(MatchesRegex(
                  "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}"
                  "[+-][0-9]{2}:[0-9]{2} " +
                  std::to_string(::getpid()) + "/[0-9]+ warning capture: The camera is gone")));
}

TEST_F(LogTest, PartsArePutTogether) {
  start(Level::debug);
  log::debug("room", std::string("text "), fs::path("/a/path"), " ", 3, " ", 2.25, " ",
             std::size_t{7}, " ", [] { return "made now"; });
  EXPECT_THAT(lines(), ElementsAre(EndsWith("debug room: text /a/path 3 2.2 7 made now")));
}

TEST_F(LogTest, OnlyTheLevelsAskedForAreKeptAndPutTogether) {
  start(Level::info);
  bool made = false;
  log::debug("room", [&] {
    made = true;
    return "detail";
  });
  EXPECT_FALSE(made);
  EXPECT_FALSE(log::enabled(Level::debug));
  log::info("room", "news");
  log::error("room", "trouble");
  EXPECT_THAT(lines(),
              ElementsAre(EndsWith("info room: news"), EndsWith("error room: trouble")));
}

TEST_F(LogTest, StderrAndFileHaveLevelsOfTheirOwn) {
  start(Level::info, Level::error);
  ::testing::internal::CaptureStderr();
  log::info("room", "news");
  log::error("room", "trouble");
  const auto said = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(said, AllOf(EndsWith("error room: trouble\n"), Not(HasSubstr("news"))));
  EXPECT_THAT(lines(), SizeIs(2));
}

TEST_F(LogTest, NothingIsLoggedBeforeItStartsNorAfterItStops) {
  log::error("room", "before");
  start(Level::info);
  EXPECT_FALSE(fs::exists(file()));  // nothing to say yet
  log::stop();
  log::error("room", "after");
  EXPECT_FALSE(log::enabled(Level::error));
  EXPECT_FALSE(fs::exists(file()));
  start(Level::off);
  log::error("room", "off");
  EXPECT_FALSE(fs::exists(file()));
}

TEST_F(LogTest, EachFileBeginsWithTheHeader) {
  log::start({.in_file = Level::info,
              .file = file(),
              .largest = 200,
              .header = {"mien 9.9", "opened rtsp://ann:pass@host/live?token=t"}});
  log::warn("room", std::string(100, 'x'));
  log::warn("room", "next");
  for (const char* suffix : {".1", ""}) {
    const auto all = lines(suffix);
    ASSERT_THAT(all, SizeIs(3)) << suffix;
    EXPECT_THAT(all[0], EndsWith("info mien: mien 9.9"));
    EXPECT_THAT(all[1],
                AllOf(EndsWith("info mien: opened rtsp://host/live"), Not(HasSubstr("pass"))));
  }
}

TEST_F(LogTest, AddressesLoseTheirSecrets) {
  start(Level::info, Level::info);
  ::testing::internal::CaptureStderr();
  log::info("sources", "Opened ", "http://user:hunter2@10.0.0.1/video?key=abc123", " and more");
  const auto said = ::testing::internal::GetCapturedStderr();
  ASSERT_THAT(lines(), SizeIs(1));
  for (const auto& text : {said, lines().front()}) {
    EXPECT_THAT(text, HasSubstr("http://10.0.0.1/video and more"));
    EXPECT_THAT(text, AllOf(Not(HasSubstr("hunter2")), Not(HasSubstr("abc123"))));
  }
}

TEST_F(LogTest, NoTextMakesALineOfItsOwn) {
  start(Level::info);
  log::info("room", "a name\n2026-01-01 error forged\r\x1b[31m red");
  log::info("room", std::string(100'000, 'y'));
  const auto all = lines();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_THAT(all[0], EndsWith("room: a name 2026-01-01 error forged  [31m red"));
  EXPECT_LT(all[1].size(), 5000U);
}

TEST_F(LogTest, APlaceThatCannotBeWrittenDisturbsNobody) {
  folder_.write("mien", "a file where the folder should be");
  for (const auto level : {Level::warn, Level::debug}) {
    start(Level::info, level);
    ::testing::internal::CaptureStderr();
    for (int i = 0; i < 3; ++i) log::info("room", "news");
    const auto said = ::testing::internal::GetCapturedStderr();
    if (level == Level::warn) {
      EXPECT_THAT(said, IsEmpty());
    } else {  // one line of the three's trouble
      EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 4) << said;
      EXPECT_THAT(said, HasSubstr("The file " + file().string() + " cannot be written"));
    }
  }
}

TEST_F(LogTest, ThreadsDoNotMeet) {
  constexpr int kThreads = 4;
  constexpr int kLines = 200;
  start(Level::info);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([i] {
        for (int line = 0; line < kLines; ++line) log::info("room", i, " says ", line, " end");
      });
    }
    start(Level::info);  // at the same time
  }
  const auto all = lines();
  EXPECT_THAT(all, SizeIs(kThreads * kLines));
  EXPECT_THAT(all, Not(Contains(Not(EndsWith(" end")))));
}

TEST(Log, LevelsHaveNames) {
  EXPECT_EQ(log::level_of("debug"), Level::debug);
  EXPECT_EQ(log::level_of("warn"), Level::warn);
  EXPECT_EQ(log::level_of("off"), Level::off);
  EXPECT_EQ(log::level_of("DEBUG"), std::nullopt);
  EXPECT_EQ(log::level_of(""), std::nullopt);
}

TEST(Log, LiesInTheStateFolder) {
  const testing::TemporaryFolder folder;
  const testing::ScopedEnvironment state("XDG_STATE_HOME", folder.path());
  EXPECT_EQ(log::default_file(), folder / "mien/mien.log");
}

}  // namespace
}  // namespace mien::base
