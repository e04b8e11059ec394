#include "discovery.hpp"

#include <future>

#include <gtest/gtest.h>

#include "support/fakes.hpp"
#include "support/temporary_folder.hpp"

namespace mien::app {
namespace {

Discovery::Found found(const std::string& model) {
  Discovery::Found result;
  result.models.push_back({model, model, ""});
  return result;
}

/// The next thing that it finds.
std::string next(Discovery& discovery) {
  std::string model;
  EXPECT_TRUE(testing::eventually([&] {
    if (const auto one = discovery.poll()) model = one->models.at(0).id;
    return !model.empty();
  }));
  return model;
}

TEST(Discovery, SearchesAtOnceAndWhenAsked) {
  auto searches = std::make_shared<std::atomic<int>>(0);
  auto wakes = std::make_shared<std::atomic<int>>(0);
  Discovery discovery([wakes] { ++*wakes; },
                      [searches] { return found(std::to_string(++*searches)); });
  EXPECT_EQ(next(discovery), "1");
  EXPECT_FALSE(discovery.poll());
  discovery.search();
  EXPECT_EQ(next(discovery), "2");
  EXPECT_TRUE(testing::eventually([&] { return *wakes == 2; }));
}

// Whoever asks while it searches may have seen what it has passed already.
TEST(Discovery, RequestsMeanwhileAreOneMoreSearch) {
  auto searches = std::make_shared<std::atomic<int>>(0);
  std::promise<void> go;
  auto gate = go.get_future().share();
  Discovery discovery([] {},
                      [searches, gate] {
                        gate.wait();
                        return found(std::to_string(++*searches));
                      });
  for (int i = 0; i < 5; ++i) discovery.search();
  EXPECT_FALSE(discovery.poll());
  go.set_value();
  EXPECT_EQ(next(discovery), "1");
  EXPECT_EQ(next(discovery), "2");
  EXPECT_FALSE(testing::eventually([&] { return discovery.poll().has_value(); },
                                   std::chrono::milliseconds{100}));
}

// Would not return if it waited: the device answers after the window has gone.
TEST(Discovery, ADeviceThatNeverAnswersIsLeftBehind) {
  auto answers = std::make_shared<std::promise<void>>();
  auto wakes = std::make_shared<std::atomic<int>>(0);
  {
    Discovery discovery([wakes] { ++*wakes; },
                        [gate = answers->get_future().share()] {
                          gate.wait();
                          return found("late");
                        });
    discovery.search();
    EXPECT_FALSE(discovery.poll());
  }
  EXPECT_EQ(*wakes, 0);
  answers->set_value();
  EXPECT_TRUE(testing::eventually([&] { return *wakes == 1; }));
}

// A device node shows up before its permissions are set.
TEST(Discovery, SearchesTwiceWhenACameraComes) {
  const testing::TemporaryFolder devices;
  const auto searches = std::make_shared<std::atomic<int>>(0);
  Discovery discovery([] {}, [searches] { return found(std::to_string(++*searches)); },
                      devices.path().string());
  EXPECT_EQ(next(discovery), "1");
  devices.write("video9", "");
  const Discovery::Clock::time_point plugged_in = Discovery::Clock::now();
  std::string newest;
  const auto poll = [&](Discovery::Clock::time_point now) {
    if (const auto one = discovery.poll(now)) newest = one->models.at(0).id;
    return newest;
  };
  ASSERT_TRUE(testing::eventually([&] { return poll(plugged_in) == "2"; }));
  EXPECT_FALSE(testing::eventually([&] { return poll(plugged_in) != "2"; },
                                   std::chrono::milliseconds{100}));
  EXPECT_TRUE(
      testing::eventually([&] { return poll(plugged_in + std::chrono::seconds{2}) == "3"; }));
}

}  // namespace
}  // namespace mien::app
