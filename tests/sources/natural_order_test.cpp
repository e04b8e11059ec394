#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "mien/sources/picture_folder.hpp"

namespace mien::sources {
namespace {

TEST(NaturalOrder, SortsAsPeopleDo) {
  const std::vector<std::string> sorted = {"1.png",
                                           "2.png",
                                           "10.png",
                                           "a1b2.png",
                                           "a1b10.png",
                                           "a2b1.png",
                                           "Frame2.png",
                                           "frame10.png",
                                           "frame99999999999999999999.png",
                                           "frame100000000000000000000.png",
                                           "z"};
  std::vector<std::string> mixed(sorted.rbegin(), sorted.rend());
  std::sort(mixed.begin(), mixed.end(), natural_less);
  EXPECT_EQ(mixed, sorted);
}

TEST(NaturalOrder, IsAStrictTotalOrder) {
  const std::vector<std::string> names = {"a",  "A", "a1", "a01", "a001",
                                          "a0", "",  "0",  "00",  "a1b"};
  for (const auto& x : names) {
    EXPECT_FALSE(natural_less(x, x)) << x;
    for (const auto& y : names) {
      if (x == y) continue;
      EXPECT_NE(natural_less(x, y), natural_less(y, x)) << x << " and " << y;
    }
  }
}

}  // namespace
}  // namespace mien::sources
