// Ends and beginnings of a session that do not go well.

#include <chrono>
#include <csignal>
#include <optional>

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/recording/session_writer.hpp"

#include "support/file_size_limit.hpp"
#include "support/session_fixture.hpp"

namespace mien::recording {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

using SessionTroubleTest = testing::SessionTest;

TEST_F(SessionTroubleTest, CloseIsIdempotent) {
  SessionWriter writer(options());
  writer.write(testing::analysed(testing::picture({64, 48}, 0), 0ms));
  const auto first = writer.close("stopped");
  const auto before = testing::contents(first.folder / "session.json");
  const auto second = writer.close("something else");
  EXPECT_EQ(second.ended, "stopped");
  EXPECT_EQ(second.frames, first.frames);
  EXPECT_EQ(testing::contents(first.folder / "session.json"), before);
  EXPECT_THROW(writer.write(testing::analysed(testing::picture({64, 48}, 0), 40ms)),
               base::Error);
}

TEST_F(SessionTroubleTest, DestructionClosesAsAbandoned) {
  fs::path folder;
  {
    SessionWriter writer(options());
    folder = writer.summary().folder;
    writer.write(testing::analysed(testing::picture({64, 48}, 0), 0ms));
  }
  EXPECT_EQ(testing::document(folder)["ended"], "abandoned");
  EXPECT_EQ(testing::read_video(folder / "video.mkv").milliseconds.size(), 1U);
}

TEST_F(SessionTroubleTest, AFolderThatHoldsSomethingIsNeverTouched) {
  fs::create_directories(root_ / "session");
  std::ofstream(root_ / "session" / "faces.csv") << "precious";
  try {
    SessionWriter writer(options());
    FAIL() << "took a folder that is not empty";
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("holds files already"));
    EXPECT_THAT(error.what(), HasSubstr((root_ / "session").string()));
  }
  EXPECT_EQ(testing::contents(root_ / "session" / "faces.csv"), "precious");
}

TEST_F(SessionTroubleTest, AFileInTheWayIsSaid) {
  std::ofstream(root_ / "session") << "file";
  EXPECT_THROW(SessionWriter{options()}, base::Error);
  EXPECT_THROW(SessionWriter{options("session/below")}, base::Error);
}

TEST_F(SessionTroubleTest, AFolderThatCannotBeWrittenIsSaid) {
  // root may write anywhere but in kernel file systems.
  auto requested = options();
  requested.folder = "/proc/mien-session";
  try {
    SessionWriter writer(requested);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("/proc/mien-session cannot be made"));
  }
}

TEST_F(SessionTroubleTest, AnUnknownEncoderIsSaidBeforeAnythingIsMade) {
  auto requested = options();
  requested.encoder = "h267";
  EXPECT_THROW(SessionWriter{requested}, base::Error);
  EXPECT_FALSE(fs::exists(requested.folder));
}

TEST_F(SessionTroubleTest, AFullDiskIsSaidAndWhatWasWrittenStays) {
  // A limit on file sizes stands in for a full disk: write() fails in the same places.
  auto requested = options();
  requested.encoder = "mjpeg";
  if (avcodec_find_encoder_by_name("mjpeg") == nullptr) GTEST_SKIP() << "no mjpeg encoder";
  SessionWriter writer(requested);
  std::optional<testing::FileSizeLimit> full(1'500'000);
  std::string problem;
  int written = 0;
  for (; written < 500 && problem.empty(); ++written) {
    cv::Mat noise(240, 320, CV_8UC3);
    cv::randu(noise, 0, 255);
    try {
      writer.write(testing::analysed(noise, written * 40ms));
    } catch (const base::Error& error) {
      problem = error.what();
    }
  }
  EXPECT_THROW(writer.write(testing::analysed(testing::picture({320, 240}, 0), 1h)),
               base::Error)
      << "stays failed";
  const auto summary = writer.close("failed");
  full.reset();

  ASSERT_THAT(problem, HasSubstr("video.mkv cannot be written: File too large"));
  EXPECT_THAT(problem, HasSubstr("make room on the disk"));
  EXPECT_EQ(summary.problem, problem);
  EXPECT_GE(summary.frames, 2U);
  EXPECT_EQ(testing::document(summary.folder)["problem"], problem);
  EXPECT_EQ(testing::document(summary.folder)["state"], "closed");
  EXPECT_EQ(testing::lines(summary.folder / "faces.csv").size(), summary.frames + 1);
  // At most the last cluster is lost: half a second, 13 frames here.
  const auto frames = testing::read_video(summary.folder / "video.mkv").milliseconds.size();
  EXPECT_GE(frames, 10U);
  EXPECT_GE(frames + 15, summary.frames);
}

TEST_F(SessionTroubleTest, NewFoldersDoNotCollide) {
  const auto first = new_session_folder(root_);
  fs::create_directories(first);
  const auto second = new_session_folder(root_);
  EXPECT_NE(first, second);
  EXPECT_EQ(second.parent_path(), root_);
  EXPECT_THAT(first.filename().string(), ::testing::MatchesRegex("....-..-.._..-..-..(_2)?"));
}

TEST_F(SessionTroubleTest, AKilledProcessLeavesAVideoThatPlays) {
  const auto requested = options();
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    SessionWriter writer(requested);
    for (int i = 0; i < 90; ++i)
      writer.write(testing::analysed(testing::picture({160, 120}, i), i * 33ms));
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_GE(testing::read_video(requested.folder / "video.mkv.partial").milliseconds.size(),
            70U);
  EXPECT_EQ(testing::document(requested.folder)["state"], "recording");
}

}  // namespace
}  // namespace mien::recording
