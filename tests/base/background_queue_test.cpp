#include "mien/base/background_queue.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "mien/base/threads.hpp"

namespace mien::base {
namespace {

using namespace std::chrono_literals;

TEST(BackgroundQueue, DoesAllInOrderAndItsOwnerWaitsAtTheEndAlone) {
  auto done = std::make_shared<std::vector<int>>();
  {
    BackgroundQueue queue;
    EXPECT_TRUE(queue.idle());
    for (int i = 0; i < 100; ++i) queue.run([done, i] { done->push_back(i); });
  }
  ASSERT_EQ(done->size(), 100U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(done->at(static_cast<std::size_t>(i)), i);
}

TEST(BackgroundQueue, WorksAgainAfterARest) {
  BackgroundQueue queue;
  auto count = std::make_shared<std::atomic<int>>(0);
  for (int i = 1; i <= 20; ++i) {
    queue.run([count] { ++*count; });
    ASSERT_TRUE(queue.wait(20s));
    EXPECT_EQ(*count, i);
  }
}

TEST(BackgroundQueue, LeavesWorkBehindThatHangs) {
  struct Gate {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
  };
  const auto gate = std::make_shared<Gate>();
  {
    BackgroundQueue queue(10ms);
    queue.run([gate] {
      std::unique_lock lock(gate->mutex);
      gate->changed.wait(lock, [&] { return gate->open; });
    });
    EXPECT_FALSE(queue.wait(10ms));
    EXPECT_FALSE(queue.idle());
  }
  EXPECT_EQ(detached_threads(), 1);
  {
    const std::lock_guard lock(gate->mutex);
    gate->open = true;
  }
  gate->changed.notify_all();
  while (detached_threads() > 0) std::this_thread::sleep_for(1ms);
}

}  // namespace
}  // namespace mien::base
