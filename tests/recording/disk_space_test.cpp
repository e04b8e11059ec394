#include <chrono>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sys/mount.h>

#include "mien/base/error.hpp"
#include "mien/recording/session_recorder.hpp"
#include "mien/sessions/session_check.hpp"

#include "disk.hpp"
#include "support/frames.hpp"
#include "support/session_fixture.hpp"

namespace mien::recording {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

/// A disk of 3 MB, where this may be mounted.
class DiskSpaceTest : public testing::SessionTest {
 protected:
  void SetUp() override {
    disk_ = root_ / "disk";
    fs::create_directories(disk_);
    mounted_ = ::mount("tmpfs", disk_.c_str(), "tmpfs", 0, "size=3m") == 0;
    if (!mounted_) GTEST_SKIP() << "mounting is not allowed here";
  }
  void TearDown() override {
    if (mounted_) ::umount2(disk_.c_str(), MNT_DETACH);
  }

  SessionOptions on_disk() const {
    auto requested = options();
    requested.folder = disk_ / "session";
    requested.min_free_bytes = 0;
    return requested;
  }
  /// Another program's.
  void fill(std::uintmax_t leave) const {
    std::ofstream file(disk_ / "filler", std::ios::binary);
    const auto free = fs::space(disk_).available;
    file << std::string(free > leave ? free - leave : 0, 'x');
  }
  static base::AnalyzedFramePtr noise(int number) {
    cv::Mat image(240, 320, CV_8UC3);
    cv::randu(image, 0, 255);
    return std::make_shared<const base::AnalyzedFrame>(
        testing::numbered(testing::analysed(image, number * 33ms,
                                            {testing::reading(1, {20, 20, 80, 80}, {0, 1, 0})}),
                          static_cast<std::uint64_t>(number)));
  }
  static void finish(const SessionRecorder& recorder) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (!recorder.finished() && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(5ms);
    }
    ASSERT_TRUE(recorder.finished());
  }
  /// Closed in order: all that was told of it is there, and the checker finds nothing but the
  /// problem that the session tells of itself.
  static void expect_whole(const SessionRecorder::Status& status) {
    EXPECT_THAT(status.problem, HasSubstr("make room"));
    const auto document =
        nlohmann::json::parse(testing::contents(status.folder / "session.json"));
    EXPECT_EQ(document["state"], "closed");
    EXPECT_EQ(document["ended"], "failed");
    EXPECT_EQ(document["problem"], status.problem);
    EXPECT_GT(status.frames, 0U);
    EXPECT_EQ(testing::read_video(status.folder / "video.mkv").milliseconds.size(),
              status.frames);
    EXPECT_EQ(testing::lines(status.folder / "faces.csv").size(), status.frames + 1);
    EXPECT_THAT(sessions::check_session(status.folder).problems,
                Each(HasSubstr("reports a problem")));
  }

  fs::path disk_;
  bool mounted_ = false;
};

TEST_F(DiskSpaceTest, ARecordingEndsInOrderBeforeTheDiskIsFull) {
  SessionRecorder recorder(on_disk());
  bool wanted = true;
  for (int i = 0; i < 2000 && wanted; ++i) {
    wanted = recorder.push(noise(i));
    std::this_thread::sleep_for(5ms);
  }
  EXPECT_FALSE(wanted);
  finish(recorder);
  expect_whole(recorder.status());
}

TEST_F(DiskSpaceTest, ADiskThatIsFullAllAtOnceCostsHalfASecondAtMost) {
  SessionRecorder recorder(on_disk());
  bool wanted = true;
  int pushed = 0;
  // Faster than the room is looked at: it is the writing that fails.
  for (; pushed < 2000 && wanted; ++pushed) {
    if (pushed == 10) fill(0);
    wanted = recorder.push(noise(pushed));
  }
  EXPECT_FALSE(wanted);
  finish(recorder);
  expect_whole(recorder.status());
  EXPECT_GT(recorder.status().frames, 5U);
}

TEST_F(DiskSpaceTest, AFullDiskIsNoticedWhileNoFramesCome) {
  SessionRecorder recorder(on_disk());
  recorder.push(noise(0));
  recorder.push(noise(1));
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (recorder.status().frames < 2 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(5ms);
  }
  fill(0);
  finish(recorder);
  EXPECT_THAT(recorder.status().problem, HasSubstr("is full"));
  EXPECT_EQ(recorder.status().frames, 2U);
  EXPECT_FALSE(recorder.push(noise(2)));
}

TEST_F(DiskSpaceTest, TooLittleRoomAtTheStartIsRefusedAndLeavesNothing) {
  auto requested = on_disk();
  requested.folder = disk_ / "below" / "session";
  requested.min_free_bytes = SessionOptions().min_free_bytes;
  try {
    SessionRecorder recorder(requested);
    FAIL() << "took a disk of 3 MB";
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("3 MB free"));
    EXPECT_THAT(error.what(), HasSubstr("200 MB"));
  }
  EXPECT_TRUE(fs::is_empty(disk_));
}

TEST_F(DiskSpaceTest, TablesAloneWantLessRoom) {
  auto requested = on_disk();
  requested.folder = disk_ / "below" / "session";
  requested.min_free_bytes = SessionOptions().min_free_bytes;
  requested.video = false;
  try {
    SessionRecorder recorder(requested);
    FAIL() << "took a disk of 3 MB";
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("needs 20 MB"));
  }
}

TEST_F(DiskSpaceTest, TheRateAndTheTimeLeftAreTold) {
  SessionRecorder recorder(on_disk());
  EXPECT_FALSE(recorder.status().seconds_left);
  const auto start = std::chrono::steady_clock::now();
  int number = 0;
  while (!recorder.status().seconds_left && std::chrono::steady_clock::now() - start < 20s) {
    cv::Mat image = testing::picture({64, 48}, number);
    auto frame =
        std::make_shared<const base::AnalyzedFrame>(testing::analysed(image, number++ * 33ms));
    recorder.push(frame);
    std::this_thread::sleep_for(33ms);
  }
  const auto status = recorder.status();
  ASSERT_TRUE(status.seconds_left);
  EXPECT_GT(status.bytes_per_second, 0);
  EXPECT_GT(status.free_bytes, 0U);
  EXPECT_LT(status.free_bytes, 3U << 20);
  EXPECT_NEAR(*status.seconds_left,
              static_cast<double>(status.free_bytes) / status.bytes_per_second, 1);
}

}  // namespace
}  // namespace mien::recording
