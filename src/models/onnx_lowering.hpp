#pragma once

#include <vector>

namespace onnx {
class ModelProto;
}

namespace mien::models {

/// Writes what newer exporters write with older operators, before the format's rules are
/// checked by ONNX 1.12: that knows ir_version 8 and opset 17. Sizes that the file leaves open
/// in its one input become those of `input_shape`; without one, an open batch becomes 1.
/// `model`: its tensors checked, nothing else. False when nothing was to be done.
bool downgrade_operators(onnx::ModelProto& model, const std::vector<int>& input_shape);

/// Makes the same network readable for cv::dnn 4.6, which wants as attributes what opset 11 to
/// 18 gives as inputs: limits of Clip, axes of Squeeze, Unsqueeze and the Reduce layers,
/// Dropout's ratio; Gemm's weights with a row per output; no empty inputs, and no layers that
/// only compute sizes. Layers keep their names and values. `model`: checked, with the sizes of
/// its values filled in. With `any_size` the network runs on pictures of other sizes than the
/// file says, so that nothing may depend on that. False when nothing was to be done.
bool lower_for_opencv(onnx::ModelProto& model, bool any_size = false);

}  // namespace mien::models
