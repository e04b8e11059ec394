#include "scout.hpp"

#include <future>

#include <gtest/gtest.h>

#include "support/fakes.hpp"

namespace mien::testing {
namespace {

Scout::Found found(const std::string& model) {
  Scout::Found result;
  result.models.push_back({model, model, ""});
  return result;
}

/// The next thing that it finds.
std::string next(Scout& scout) {
  std::string model;
  EXPECT_TRUE(eventually([&] {
    if (const auto one = scout.take()) model = one->models.at(0).id;
    return !model.empty();
  }));
  return model;
}

TEST(Scout, LooksAtOnceAndWhenAsked) {
  auto looks = std::make_shared<std::atomic<int>>(0);
  auto wakes = std::make_shared<std::atomic<int>>(0);
  Scout scout([wakes] { ++*wakes; }, [looks] { return found(std::to_string(++*looks)); });
  EXPECT_EQ(next(scout), "1");
  EXPECT_FALSE(scout.take());
  scout.look();
  EXPECT_EQ(next(scout), "2");
  EXPECT_TRUE(eventually([&] { return *wakes == 2; }));
}

// Whoever asks while it looks may have seen what it has passed already.
TEST(Scout, AsksMeanwhileAreOneMoreLook) {
  auto looks = std::make_shared<std::atomic<int>>(0);
  std::promise<void> go;
  auto gate = go.get_future().share();
  Scout scout([] {},
              [looks, gate] {
                gate.wait();
                return found(std::to_string(++*looks));
              });
  for (int i = 0; i < 5; ++i) scout.look();
  EXPECT_FALSE(scout.take());
  go.set_value();
  EXPECT_EQ(next(scout), "1");
  EXPECT_EQ(next(scout), "2");
  EXPECT_FALSE(
      eventually([&] { return scout.take().has_value(); }, std::chrono::milliseconds{100}));
}

// Would not return if it waited: the device answers after the window has gone.
TEST(Scout, ADeviceThatNeverAnswersIsLeftBehind) {
  auto answers = std::make_shared<std::promise<void>>();
  auto wakes = std::make_shared<std::atomic<int>>(0);
  {
    Scout scout([wakes] { ++*wakes; },
                [gate = answers->get_future().share()] {
                  gate.wait();
                  return found("late");
                });
    scout.look();
    EXPECT_FALSE(scout.take());
  }
  EXPECT_EQ(*wakes, 0);
  answers->set_value();
  EXPECT_TRUE(eventually([&] { return *wakes == 1; }));
}

}  // namespace
}  // namespace mien::testing
