#pragma once

#include <vector>

#include <opencv2/core.hpp>

#include "mien/base/face.hpp"

namespace mien {

/// Reads the twelve outputs of YuNet of March 2023: for each stride of 8, 16 and 32 pixels two
/// scores, a box and five points for every cell of a grid over `input` (a multiple of 32 on
/// both sides). Outputs are told apart by their shapes, 1 x cells x numbers, in any order.
/// Faces with a confidence of at least `score_threshold`, in the input's pixels, overlaps
/// included. Throws Error when the outputs are others.
std::vector<Face> decode_yunet_2023(const std::vector<cv::Mat>& outputs, cv::Size input,
                                    float score_threshold);

}  // namespace mien
