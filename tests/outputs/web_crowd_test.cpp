#include "web_crowd.hpp"

#include <array>

#include <gtest/gtest.h>

namespace mien::outputs {
namespace {

using namespace std::chrono_literals;

class WebCrowdTest : public ::testing::Test {
 protected:
  WebCrowdTest() { crowd_.set_room(keys_.size()); }

  void all_arrive() {
    for (const auto& key : keys_) crowd_.arrived(&key, now_);
  }
  void all_ask() {
    for (const auto& key : keys_) crowd_.asked(&key);
  }
  void all_leave() {
    for (const auto& key : keys_) crowd_.left(&key, now_);
  }
  bool troubled() const { return !crowd_.problem(now_).empty(); }

  std::array<int, 12> keys_{};
  WebCrowd crowd_;
  WebCrowd::Clock::time_point now_{100s};
};

TEST_F(WebCrowdTest, ConnectionsThatAskAreNoTroubleHoweverMany) {
  for (int round = 0; round < 3; ++round) {
    all_arrive();
    EXPECT_FALSE(troubled());
    all_ask();
    all_leave();
    EXPECT_FALSE(troubled());
  }
}

TEST_F(WebCrowdTest, ThoseThatSayNothingAreUntilTheyStayAway) {
  all_arrive();
  EXPECT_FALSE(troubled()) << "they may yet ask";
  now_ += 4s;
  all_leave();
  all_arrive();  // the next ones of the same kind
  EXPECT_TRUE(troubled());
  now_ += 4s;
  EXPECT_TRUE(troubled());
  all_leave();
  now_ += 4s;
  EXPECT_TRUE(troubled());
  now_ += 2s;
  EXPECT_FALSE(troubled());
}

TEST_F(WebCrowdTest, SilentOnesBesideOthersKeepNobodyOut) {
  for (int i = 0; i < 40; ++i) {
    crowd_.arrived(keys_.data(), now_);
    now_ += 100ms;
    crowd_.left(keys_.data(), now_);
    EXPECT_FALSE(troubled());
  }
}

TEST_F(WebCrowdTest, OnesLongAgoDoNotCount) {
  all_arrive();
  all_leave();
  now_ += 11s;
  all_arrive();
  EXPECT_FALSE(troubled());
  all_ask();
  all_leave();
  crowd_.left(keys_.data(), now_);  // again: nothing
  EXPECT_FALSE(troubled());
}

}  // namespace
}  // namespace mien::outputs
