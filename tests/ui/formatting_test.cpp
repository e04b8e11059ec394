#include "formatting.hpp"

#include <gtest/gtest.h>

namespace mien::ui {
namespace {

TEST(Words, Percent) {
  EXPECT_EQ(format_percent(0.974F), "97%");
  EXPECT_EQ(format_percent(1.2F), "100%");
  EXPECT_EQ(format_percent(-1), "0%");
}

TEST(Words, Clock) {
  EXPECT_EQ(format_clock(761.9), "00:12:41");
  EXPECT_EQ(format_clock(3 * 3600 + 59), "03:00:59");
  EXPECT_EQ(format_clock(-1), "00:00:00");
}

TEST(Words, Sizes) {
  EXPECT_EQ(format_bytes(std::uintmax_t{214'300'000}), "214 MB");
  EXPECT_EQ(format_bytes(std::uintmax_t{900'000}), "0.9 MB");
  EXPECT_EQ(format_bytes(std::uintmax_t{1'234'000'000}), "1.2 GB");
  EXPECT_EQ(format_size(cv::Size(1280, 720)), "1280×720");
}

}  // namespace
}  // namespace mien::ui
