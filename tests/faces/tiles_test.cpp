#include "tiles.hpp"

#include <gtest/gtest.h>

namespace mien {
namespace {

TEST(Tiles, CoverEveryPixelAndShareWhatWasAsked) {
  for (const cv::Size picture : {cv::Size(1600, 1200), cv::Size(640, 480), cv::Size(50, 1600),
                                 cv::Size(7, 3), cv::Size(1, 1)}) {
    const int longer = std::max(picture.width, picture.height);
    const int side = std::max(2, longer * 2 / 5);
    const int shared = std::min(side - 1, longer / 10);
    const auto tiles = cover_with_tiles(picture, side, shared);
    cv::Mat covered = cv::Mat::zeros(picture, CV_8U);
    for (const auto& tile : tiles) {
      ASSERT_EQ(tile & cv::Rect({0, 0}, picture), tile);
      EXPECT_LE(tile.width, side);
      EXPECT_LE(tile.height, side);
      covered(tile).setTo(255);
    }
    EXPECT_EQ(cv::countNonZero(covered), picture.area()) << picture;
    for (std::size_t i = 1; i < tiles.size(); ++i) {
      if (tiles[i].y == tiles[i - 1].y) {
        EXPECT_GE(tiles[i - 1].br().x - tiles[i].x, shared) << picture;
      }
    }
  }
}

TEST(Tiles, NothingIsCoveredByNothing) { EXPECT_TRUE(cover_with_tiles({}, 10, 2).empty()); }

}  // namespace
}  // namespace mien
