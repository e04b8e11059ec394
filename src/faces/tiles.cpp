#include "tiles.hpp"

#include <algorithm>

namespace mien {
namespace {

// Where tiles begin along one side of the picture: evenly spread from edge to edge.
std::vector<int> starts(int length, int side, int shared) {
  if (length <= side) return {0};
  const int step = std::max(1, side - shared);
  const int count = (length - side + step - 1) / step + 1;
  std::vector<int> result;
  result.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    result.push_back(static_cast<int>(std::int64_t{i} * (length - side) / (count - 1)));
  }
  return result;
}

}  // namespace

std::vector<cv::Rect> cover_with_tiles(cv::Size picture, int side, int shared) {
  std::vector<cv::Rect> tiles;
  if (picture.empty() || side < 1) return tiles;
  const cv::Rect whole({0, 0}, picture);
  for (const int y : starts(picture.height, side, shared)) {
    for (const int x : starts(picture.width, side, shared)) {
      tiles.push_back(cv::Rect(x, y, side, side) & whole);
    }
  }
  return tiles;
}

}  // namespace mien
