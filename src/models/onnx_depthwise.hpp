#pragma once

#include <opencv2/core/version.hpp>

namespace onnx {
class ModelProto;
}

namespace mien::models {

/// Measured: OpenCV 4.6 gains 6 to 12 % of a whole network by widen_depthwise(), 4.10 loses 5
/// to 8 %. The convolutions were written anew for 4.7.
inline constexpr bool kNarrowDepthwiseIsSlow = CV_VERSION_MAJOR == 4 && CV_VERSION_MINOR < 7;

/// Makes the same network faster in cv::dnn 4.6: that computes depthwise 3x3 convolutions by a
/// fast path only where their input is at least 18 wide, and takes about ten times as long for
/// each number below. Narrower inputs get zeros on the right, and what was computed from them
/// is cut off. Layers keep their names and values. False when nothing is to be done (no such
/// layer, an opset before 11, sizes that the file leaves open). `model`: checked, with the
/// sizes of its values filled in; they are taken out again when it changes.
bool widen_depthwise(onnx::ModelProto& model);

}  // namespace mien::models
