#pragma once

#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

#include "mien/models/model_worker.hpp"

namespace mien::models {

/// Calls `use` with the network of the first layer alone, then of the first two, and so on,
/// with a note of the newest: what ends the process meanwhile is then known by its name.
template <typename Use>
void for_each_prefix(onnx::ModelProto model, const Use& use) {
  onnx::GraphProto& graph = *model.mutable_graph();
  const std::vector<onnx::NodeProto> nodes(graph.node().begin(), graph.node().end());
  graph.clear_node();
  graph.clear_output();
  for (const onnx::NodeProto& node : nodes) {
    const std::string& name =
        !node.name().empty() || node.output_size() == 0 ? node.name() : node.output(0);
    set_crash_note("its layer " + name + " (" + node.op_type() + ")");
    *graph.add_node() = node;
    use(model);
  }
}

}  // namespace mien::models
