#include "onnx_depthwise.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

namespace mien::models {
namespace {

using onnx::GraphProto;
using onnx::NodeProto;
using onnx::TensorProto;

constexpr std::int64_t kWide = 18;  // 16 at a time, and the kernel's overhang of 2
constexpr int kWidthAxis = 3;
constexpr std::int64_t kFirstOpset = 11;  // since then Pad takes its numbers as an input

class Widening {
 public:
  explicit Widening(GraphProto& graph) : graph_(graph) {
    for (const auto& value : graph.input()) learn(value);
    for (const auto& value : graph.value_info()) learn(value);
    for (const auto& value : graph.output()) {
      learn(value);
      ++readers_[value.name()];
    }
    for (const auto& tensor : graph.initializer()) kernels_[tensor.name()] = &tensor;
    for (const NodeProto& node : graph.node()) {
      for (const auto& input : node.input()) ++readers_[input];
      for (const auto& output : node.output()) names_.insert(output);
    }
  }

  bool run() {
    const std::vector<NodeProto> nodes(graph_.node().begin(), graph_.node().end());
    graph_.clear_node();
    bool changed = false;
    std::set<std::size_t> moved;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (moved.count(i) > 0) continue;
      if (!is_narrow(nodes[i])) {
        *graph_.add_node() = nodes[i];
        continue;
      }
      const std::size_t next = rectifier_of(nodes, i);
      if (next < nodes.size()) moved.insert(next);
      widen(nodes[i], next < nodes.size() ? &nodes[next] : nullptr);
      changed = true;
    }
    return changed;
  }

 private:
  void learn(const onnx::ValueInfoProto& value) {
    const auto& shape = value.type().tensor_type().shape();
    if (shape.dim_size() != 4) return;
    auto& sizes = sizes_[value.name()];
    for (const auto& dim : shape.dim()) {
      sizes.push_back(dim.has_dim_value() ? dim.dim_value() : 0);
    }
  }

  std::int64_t size(const std::string& name, std::size_t axis) const {
    const auto found = sizes_.find(name);
    return found == sizes_.end() ? 0 : found->second[axis];
  }

  // Kernels of another size have no fast path; "auto_pad" would pad a wider input differently.
  bool is_narrow(const NodeProto& node) const {
    if (node.op_type() != "Conv" || node.input_size() < 2 || node.output_size() != 1)
      return false;
    std::int64_t groups = 1;
    for (const auto& attribute : node.attribute()) {
      if (attribute.name() == "group") groups = attribute.i();
      if (attribute.name() == "auto_pad" && attribute.s() != "NOTSET") return false;
      if (attribute.name() == "dilations") {
        for (const auto each : attribute.ints()) {
          if (each != 1) return false;
        }
      }
    }
    const auto kernel = kernels_.find(node.input(1));
    if (kernel == kernels_.end() || kernel->second->dims_size() != 4) return false;
    const TensorProto& weights = *kernel->second;
    const std::int64_t width = size(node.input(0), kWidthAxis);
    return groups > 1 && groups == size(node.input(0), 1) && weights.dims(0) == groups &&
           weights.dims(2) == 3 && weights.dims(3) == 3 && width > 0 && width < kWide &&
           size(node.output(0), kWidthAxis) > 0;
  }

  // The rectification of a convolution that nobody else reads: cv::dnn fuses the two while they
  // stay neighbours.
  std::size_t rectifier_of(const std::vector<NodeProto>& nodes, std::size_t conv) const {
    const std::string& made = nodes[conv].output(0);
    const auto readers = readers_.find(made);
    if (readers == readers_.end() || readers->second != 1) return nodes.size();
    for (std::size_t i = conv + 1; i < nodes.size(); ++i) {
      if (nodes[i].op_type() == "Relu" && nodes[i].output_size() == 1 &&
          nodes[i].input(0) == made)
        return i;
    }
    return nodes.size();
  }

  void widen(NodeProto conv, const NodeProto* rectifier) {
    const std::string source = conv.input(0);
    const std::string result = rectifier != nullptr ? rectifier->output(0) : conv.output(0);
    const std::int64_t made = size(conv.output(0), kWidthAxis);
    const std::string padded = fresh(result + "_padded");
    const std::string wide = fresh(result + "_wide");
    add("Pad",
        {source, numbers(padded, {0, 0, 0, 0, 0, 0, 0, kWide - size(source, kWidthAxis)})},
        padded);
    conv.set_input(0, padded);
    if (rectifier != nullptr) {
      *graph_.add_node() = conv;
      NodeProto last = *rectifier;
      last.set_output(0, wide);
      *graph_.add_node() = last;
    } else {
      conv.set_output(0, wide);
      *graph_.add_node() = conv;
    }
    add("Slice", {wide, numbers(wide, {0}), numbers(wide, {made}), numbers(wide, {kWidthAxis})},
        result);
  }

  void add(const std::string& type, const std::vector<std::string>& inputs,
           const std::string& output) {
    NodeProto& node = *graph_.add_node();
    node.set_op_type(type);
    node.set_name(fresh(output + "_" + type));
    for (const auto& input : inputs) node.add_input(input);
    node.add_output(output);
  }

  std::string numbers(const std::string& near, const std::vector<std::int64_t>& values) {
    TensorProto& tensor = *graph_.add_initializer();
    tensor.set_name(fresh(near + "_at"));
    tensor.set_data_type(TensorProto::INT64);
    tensor.add_dims(static_cast<std::int64_t>(values.size()));
    for (const auto value : values) tensor.add_int64_data(value);
    return tensor.name();
  }

  std::string fresh(std::string name) {
    while (readers_.count(name) > 0 || !names_.insert(name).second) name += '_';
    return name;
  }

  GraphProto& graph_;
  std::map<std::string, std::vector<std::int64_t>> sizes_;  // of the values with four axes
  std::map<std::string, int> readers_;
  std::map<std::string, const TensorProto*> kernels_;  // protobuf leaves them where they are
  std::set<std::string> names_;
};

bool takes_numbers_as_inputs(const onnx::ModelProto& model) {
  for (const auto& opset : model.opset_import()) {
    if (opset.domain().empty()) return opset.version() >= kFirstOpset;
  }
  return false;
}

}  // namespace

bool widen_depthwise(onnx::ModelProto& model) {
  if (!takes_numbers_as_inputs(model) || !Widening(*model.mutable_graph()).run()) return false;
  model.mutable_graph()->clear_value_info();
  return true;
}

}  // namespace mien::models
