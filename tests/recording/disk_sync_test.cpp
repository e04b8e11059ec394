// A disk that takes its time must not hold up what is recorded.

#include <atomic>
#include <cerrno>
#include <thread>

#include <gmock/gmock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mien/recording/session_recorder.hpp"
#include "mien/sessions/session_check.hpp"

#include "disk.hpp"
#include "support/fakes.hpp"
#include "support/frames.hpp"
#include "support/session_fixture.hpp"

namespace {

std::atomic<bool> disk_is_stuck{false};
std::atomic<int> syncs_waiting{0};
std::atomic<int> syncs_done{0};

}  // namespace

/// Takes the place of the C library's in this program: hangs for as long as a test wants.
extern "C" int fdatasync(int descriptor) {
  ++syncs_waiting;
  while (disk_is_stuck) std::this_thread::sleep_for(std::chrono::milliseconds{2});
  --syncs_waiting;
  const auto result = static_cast<int>(::syscall(SYS_fdatasync, descriptor));
  const int reason = errno;
  ++syncs_done;
  errno = reason;
  return result;
}

namespace mien::recording {
namespace {

using namespace std::chrono_literals;
using testing::eventually;
using ::testing::IsEmpty;

class DiskSyncTest : public testing::SessionTest {
 protected:
  ~DiskSyncTest() override { disk_is_stuck = false; }
};

TEST_F(DiskSyncTest, AStuckDiskLosesNoFrame) {
  disk_is_stuck = true;
  SessionRecorder recorder(options());
  std::uint64_t pushed = 0;
  const auto push = [&] {
    const auto number = static_cast<int>(pushed);
    EXPECT_TRUE(recorder.push(std::make_shared<const base::AnalyzedFrame>(testing::numbered(
        testing::analysed(testing::picture({320, 240}, number), number * 33ms), pushed))));
    ++pushed;
  };
  push();
  ASSERT_TRUE(eventually([] { return syncs_waiting > 0; }));
  // Many times what may wait for the recorder: it must take them while the disk is stuck.
  for (int i = 0; i < 100; ++i) push();
  EXPECT_TRUE(eventually([&] { return recorder.status().frames == pushed; }));
  EXPECT_GT(syncs_waiting, 0) << "the disk was to be stuck all the while";
  disk_is_stuck = false;
  recorder.request_stop();
  ASSERT_TRUE(eventually([&] { return recorder.finished(); }));
  const auto folder = recorder.status().folder;
  EXPECT_EQ(testing::read_video(folder / "video.mkv").milliseconds.size(), pushed);
  EXPECT_EQ(testing::document(folder)["counts"]["frames_lost"], 0);
  EXPECT_THAT(sessions::check_session(folder).problems, IsEmpty());
}

TEST_F(DiskSyncTest, FilesThatCannotBeSyncedAreNoError) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const system::FileHandle from(ends[0]);
  const system::FileHandle to(ends[1]);
  DiskSync sync;
  sync.add(to);  // EINVAL: nothing to sync, and no fault
  // The second one begins after the first one's result has been looked at.
  const int before = syncs_done;
  ASSERT_TRUE(eventually([&] { return syncs_done >= before + 2; }));
  EXPECT_FALSE(sync.problem());
}

}  // namespace
}  // namespace mien::recording
