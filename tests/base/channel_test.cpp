#include "mien/base/channel.hpp"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace mien::base {
namespace {

using namespace std::chrono_literals;

TEST(Channel, GivesValuesInTheirOrder) {
  Channel<int> channel(3);
  EXPECT_TRUE(channel.push_wait(1));
  EXPECT_TRUE(channel.push_wait(2));
  EXPECT_EQ(channel.push_latest(3), 0U);
  EXPECT_EQ(channel.size(), 3U);
  EXPECT_EQ(channel.pop(), 1);
  EXPECT_EQ(channel.pop(), 2);
  EXPECT_EQ(channel.pop(), 3);
  EXPECT_EQ(channel.try_pop(), std::nullopt);
}

TEST(Channel, ThrowsAwayTheOldestAndCountsIt) {
  Channel<int> channel(2);
  EXPECT_EQ(channel.push_latest(1), 0U);
  EXPECT_EQ(channel.push_latest(2), 0U);
  EXPECT_EQ(channel.push_latest(3), 1U);
  EXPECT_EQ(channel.pop(), 2);
  EXPECT_EQ(channel.pop(), 3);
}

TEST(Channel, TakesNothingForWhichThereIsNoRoom) {
  Channel<int> channel(1);
  EXPECT_TRUE(channel.push_if_room(1));
  EXPECT_FALSE(channel.push_if_room(2));
  EXPECT_EQ(channel.pop(), 1);
  channel.close();
  EXPECT_FALSE(channel.push_if_room(3));
}

TEST(Channel, DrainsAfterClose) {
  Channel<int> channel(2);
  channel.push_wait(1);
  channel.push_wait(2);
  channel.close();
  EXPECT_TRUE(channel.closed());
  EXPECT_FALSE(channel.push_wait(3));
  EXPECT_EQ(channel.push_latest(4), 1U);
  EXPECT_EQ(channel.pop(), 1);
  EXPECT_EQ(channel.pop(), 2);
  EXPECT_EQ(channel.pop(), std::nullopt);
}

TEST(Channel, HoldsAPushBackUntilThereIsRoom) {
  Channel<int> channel(1);
  std::atomic<int> pushed{0};
  std::thread producer([&] {
    for (int value = 1; value <= 3; ++value) {
      channel.push_wait(value);
      ++pushed;
    }
  });
  for (int value = 1; value <= 2; ++value) {
    while (pushed < value) std::this_thread::sleep_for(1ms);  // it runs, and tries the next one
    std::this_thread::sleep_for(20ms);
    EXPECT_EQ(pushed, value);
    EXPECT_EQ(channel.pop(), value);
  }
  producer.join();
  EXPECT_EQ(channel.pop(), 3);
}

TEST(Channel, CloseWakesBothSides) {
  Channel<int> full(1);
  full.push_wait(1);
  Channel<int> empty(1);
  std::thread producer([&] { EXPECT_FALSE(full.push_wait(2)); });
  std::thread consumer([&] { EXPECT_EQ(empty.pop(), std::nullopt); });
  std::this_thread::sleep_for(20ms);
  full.close();
  empty.close();
  producer.join();
  consumer.join();
}

TEST(Channel, PopForGivesUp) {
  Channel<int> channel(1);
  EXPECT_EQ(channel.pop_for(5ms), std::nullopt);
  channel.push_wait(7);
  EXPECT_EQ(channel.pop_for(5ms), 7);
}

TEST(Channel, TakesValuesThatOnlyMove) {
  Channel<std::unique_ptr<int>> channel(1);
  channel.push_wait(std::make_unique<int>(5));
  EXPECT_EQ(**channel.pop(), 5);
}

TEST(Channel, LosesNothingBetweenManyThreads) {
  Channel<int> channel(4);
  constexpr int kEach = 2000;
  std::vector<std::thread> producers;
  for (int p = 0; p < 3; ++p) {
    producers.emplace_back([&] {
      for (int i = 1; i <= kEach; ++i) channel.push_wait(i);
    });
  }
  std::atomic<long> sum{0};
  std::vector<std::thread> consumers;
  for (int c = 0; c < 2; ++c) {
    consumers.emplace_back([&] {
      while (const auto value = channel.pop()) sum += *value;
    });
  }
  for (auto& thread : producers) thread.join();
  channel.close();
  for (auto& thread : consumers) thread.join();
  EXPECT_EQ(sum, 3L * kEach * (kEach + 1) / 2);
}

}  // namespace
}  // namespace mien::base
