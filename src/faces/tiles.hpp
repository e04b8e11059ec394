#pragma once

#include <vector>

#include <opencv2/core.hpp>

namespace mien {

/// Squares of `side` pixels, cut at the picture's edges, that cover the picture in rows;
/// neighbours share at least `shared` pixels (less than `side`), so that a face up to that size
/// lies whole in one of them.
std::vector<cv::Rect> cover_with_tiles(cv::Size picture, int side, int shared);

}  // namespace mien
