#include "web_feed.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace mien::outputs {
namespace {

WebFeed::Text text(const std::string& words) {
  return std::make_shared<const std::string>(words);
}

/// All that waits, with commas.
std::string taken(WebFeed::Listener& listener) {
  std::string all;
  while (const auto next = listener.take()) all += *next + ",";
  return all;
}

TEST(WebFeed, ListenersBeginWithTheNewestFrame) {
  WebFeed feed;
  EXPECT_EQ(feed.newest(), nullptr);
  int woken = 0;
  WebFeed::Listener early(feed, [&] { ++woken; });
  EXPECT_EQ(taken(early), "");
  feed.send_frame(text("1"));
  feed.send_frame(text("2"));
  EXPECT_EQ(woken, 2);
  WebFeed::Listener late(feed, [] {});
  EXPECT_EQ(taken(early), "1,2,");
  EXPECT_EQ(taken(late), "2,");
  EXPECT_EQ(feed.listeners(), 2U);
}

TEST(WebFeed, WhoIsSlowLosesTheOldestFramesAndNobodyElse) {
  WebFeed feed;
  WebFeed::Listener slow(feed, [] {});
  {
    WebFeed::Listener fast(feed, [] {});
    for (int i = 0; i < 10; ++i) {
      feed.send_frame(text(std::to_string(i)));
      EXPECT_EQ(taken(fast), std::to_string(i) + ",");
      if (i != 1) continue;
      feed.send_marker(text("marker"));
      EXPECT_EQ(taken(fast), "marker,");
    }
    EXPECT_EQ(feed.lost(), 10 - WebFeed::kFrames);
  }
  EXPECT_EQ(taken(slow), "marker,6,7,8,9,");
  EXPECT_EQ(feed.listeners(), 1U);
}

TEST(WebFeed, MarkersAreBoundedToo) {
  WebFeed feed;
  WebFeed::Listener slow(feed, [] {});
  feed.send_frame(text("frame"));
  for (std::size_t i = 0; i < 3 * WebFeed::kMarkers; ++i) {
    feed.send_marker(text(std::to_string(i)));
  }
  const auto all = taken(slow);
  EXPECT_EQ(std::count(all.begin(), all.end(), ','),
            static_cast<std::ptrdiff_t>(WebFeed::kMarkers + 1));
  EXPECT_EQ(all.substr(0, 10), "frame,128,");
  feed.send_marker(text("last"));
  EXPECT_EQ(taken(slow), "last,");
}

TEST(WebFeed, TellsThatItEnds) {
  WebFeed feed;
  int woken = 0;
  WebFeed::Listener listener(feed, [&] { ++woken; });
  EXPECT_FALSE(listener.ended());
  feed.end();
  EXPECT_TRUE(listener.ended());
  EXPECT_EQ(woken, 1);
}

}  // namespace
}  // namespace mien::outputs
