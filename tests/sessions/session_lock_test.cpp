#include "mien/sessions/session_lock.hpp"

#include <csignal>
#include <optional>

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mien/base/error.hpp"

#include "support/session_fixture.hpp"

namespace mien::sessions {
namespace {

using SessionLockTest = testing::SessionTest;

TEST_F(SessionLockTest, IsSeenAndHeldUntilItGoes) {
  EXPECT_FALSE(is_being_recorded(root_));
  EXPECT_THROW(SessionLock{root_}, base::Error);
  std::ofstream(root_ / "faces.csv") << "x";
  EXPECT_FALSE(is_being_recorded(root_));
  {
    const SessionLock lock(root_);
    EXPECT_TRUE(is_being_recorded(root_));
    EXPECT_TRUE(is_being_recorded(root_)) << "looking does not take it away";
    EXPECT_THROW(SessionLock{root_}, base::Error);
  }
  EXPECT_FALSE(is_being_recorded(root_));
}

TEST_F(SessionLockTest, GoesWithTheProcessThatHeldIt) {
  std::ofstream(root_ / "faces.csv") << "x";
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const auto child = ::fork();
  if (child == 0) {
    std::optional<SessionLock> lock;
    lock.emplace(root_);
    (void)!::write(ready[1], "x", 1);
    for (;;) ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_TRUE(is_being_recorded(root_));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_FALSE(is_being_recorded(root_));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(SessionLockTest, ASessionIsLockedWhileItIsWritten) {
  recording::SessionWriter writer(options());
  const auto folder = writer.summary().folder;
  EXPECT_TRUE(is_being_recorded(folder));
  writer.close("stopped");
  EXPECT_FALSE(is_being_recorded(folder));
}

}  // namespace
}  // namespace mien::sessions
