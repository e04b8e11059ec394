#pragma once

#include <opencv2/core.hpp>

namespace mien::media {

/// A picture of 1, 3 or 4 channels, 8 or 16 bits, as 8-bit BGR; itself when it is. What is
/// transparent is laid on white, as web pages and printers do: what no viewer shows is not in
/// it. A 16-bit picture whose values use 12 bits or fewer is stretched. Empty for anything
/// else.
cv::Mat as_bgr(const cv::Mat& image);

}  // namespace mien::media
