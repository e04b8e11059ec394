#include "mien/system/process.hpp"

#include <gtest/gtest.h>

namespace mien::system {
namespace {

const auto kLoaded = std::chrono::steady_clock::now();

TEST(Process, ItsStartIsBeforeItsFirstLine) {
  using namespace std::chrono_literals;
  const auto start = process_start();
  EXPECT_LT(start, kLoaded);
  EXPECT_GT(start, kLoaded - 1h);
}

}  // namespace
}  // namespace mien::system
