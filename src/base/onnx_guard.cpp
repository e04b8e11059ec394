#include "mien/base/onnx_guard.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <onnx/checker.h>
#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"

#include "onnx_depthwise.hpp"

namespace mien {
namespace {

using onnx::AttributeProto;
using onnx::GraphProto;
using onnx::NodeProto;
using onnx::TensorProto;

// Far above any network that runs live on a processor; far below what overflows an int.
constexpr std::int64_t kMaxElements = std::int64_t{1} << 28;
constexpr int kMaxDims = 8;
constexpr int kMaxDepth = 8;  // of graphs within graphs
constexpr int kMaxNodes = 100'000;

class Guard {
 public:
  explicit Guard(const std::string& where) : where_(where) {}

  void check(onnx::ModelProto& model, const std::vector<int>& input_shape) {
    if (!model.has_graph() || model.graph().node_size() == 0) fail("it holds no network");
    if (model.functions_size() > 0) fail("it uses functions, which OpenCV does not read");
    check(model.graph(), 0);
    check_input_shape(model.graph(), input_shape);
    check_rules(model);
    const std::set<std::string> optional = left_out(model.graph());
    for (const auto& value : model.graph().value_info()) {
      if (optional.count(value.name()) == 0) check_shape(value);
    }
    for (const auto& value : model.graph().output()) check_shape(value);
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const {
    throw Error("The model file " + where_ + " is damaged or not made for this program: " +
                reason + "; fetch it again or choose another model.");
  }

  void check(const GraphProto& graph, int depth) {
    if (depth > kMaxDepth) fail("its graphs lie too deep in each other");
    if (graph.sparse_initializer_size() > 0) fail("it has sparse weights");
    const std::set<std::string> optional = left_out(graph);
    for (const auto& tensor : graph.initializer()) {
      if (!(is_nothing(tensor) && optional.count(tensor.name()) > 0)) check(tensor);
    }
    for (const auto& input : graph.input()) check_shape(input);
    for (const auto& node : graph.node()) {
      if (++nodes_ > kMaxNodes) fail("it has too many layers");
      if (node.op_type() == "Constant" && node.output_size() == 1 &&
          optional.count(node.output(0)) > 0 && node.attribute_size() == 1 &&
          node.attribute(0).has_t() && is_nothing(node.attribute(0).t())) {
        continue;
      }
      for (const auto& attribute : node.attribute()) check(node, attribute, depth);
    }
  }

  // PyTorch writes the inputs of Resize that it does not use as tensors of size 0, and OpenCV
  // reads those so. The names of which nothing else is made.
  static std::set<std::string> left_out(const GraphProto& graph) {
    std::set<std::string> names;
    std::set<std::string> used;
    for (const auto& node : graph.node()) {
      for (int i = 0; i < node.input_size(); ++i) {
        (node.op_type() == "Resize" && i > 0 ? names : used).insert(node.input(i));
      }
    }
    for (const auto& name : used) names.erase(name);
    for (const auto& output : graph.output()) names.erase(output.name());
    return names;
  }

  static bool is_nothing(const TensorProto& tensor) {
    return tensor.dims_size() == 1 && tensor.dims(0) == 0 &&
           tensor.data_location() != TensorProto::EXTERNAL && tensor.ByteSizeLong() < 4096 &&
           tensor.raw_data().empty() && tensor.float_data_size() == 0;
  }

  void check(const NodeProto& node, const AttributeProto& attribute, int depth) {
    if (attribute.has_t()) check(attribute.t());
    for (const auto& tensor : attribute.tensors()) check(tensor);
    if (attribute.has_g()) check(attribute.g(), depth + 1);
    for (const auto& graph : attribute.graphs()) check(graph, depth + 1);
    if (attribute.has_sparse_tensor() || attribute.sparse_tensors_size() > 0) {
      fail("it has sparse weights");
    }
    check_numbers(node, attribute);
  }

  // OpenCV divides by these, or allocates by them.
  void check_numbers(const NodeProto& node, const AttributeProto& attribute) {
    static constexpr std::int64_t kLargest = 1 << 16;
    const std::string& name = attribute.name();
    const auto is = [&](std::initializer_list<const char*> names) {
      return std::any_of(names.begin(), names.end(), [&](const char* n) { return name == n; });
    };
    const auto refuse = [&] {
      fail("the layer " + node.name() + " (" + node.op_type() + ") has a \"" + name +
           "\" that makes no sense");
    };
    if (is({"strides", "dilations", "kernel_shape"})) {
      for (const auto value : attribute.ints()) {
        if (value < 1 || value > kLargest) refuse();
      }
    } else if (is({"pads", "output_padding"})) {
      for (const auto value : attribute.ints()) {
        if (value < -kLargest || value > kLargest) refuse();
      }
    } else if (is({"group", "blocksize"}) && (attribute.i() < 1 || attribute.i() > kLargest)) {
      refuse();
    } else if (name == "axis" && (attribute.i() < -kMaxDims || attribute.i() > kMaxDims)) {
      refuse();
    } else if (is({"perm", "axes"})) {
      for (const auto value : attribute.ints()) {
        if (value < -kMaxDims || value > kMaxDims) refuse();
      }
    }
  }

  // The format's own rules: every layer has the inputs and attributes that it needs, and the
  // sizes of what flows between the layers fit together. Fills in the sizes.
  void check_rules(onnx::ModelProto& model) const {
    try {
      onnx::checker::check_model(model);
      const onnx::ShapeInferenceOptions strict{true, 1, true};
      onnx::shape_inference::InferShapes(model, onnx::OpSchemaRegistry::Instance(), strict);
    } catch (const std::exception& error) {
      fail(short_reason(error));
    }
  }

  void check_shape(const onnx::ValueInfoProto& value) const {
    if (!value.type().has_tensor_type() || !value.type().tensor_type().has_shape()) return;
    std::int64_t count = 1;
    for (const auto& dim : value.type().tensor_type().shape().dim()) {
      if (!dim.has_dim_value()) continue;  // by name; OpenCV refuses those that it cannot run
      count = times(count, dim.dim_value(), "the value " + value.name());
    }
  }

  // The one input that is not a weight must be what the card says: OpenCV does not look.
  void check_input_shape(const GraphProto& graph, const std::vector<int>& wanted) const {
    if (wanted.empty()) return;
    int inputs = 0;
    for (const auto& input : graph.input()) {
      if (std::any_of(
              graph.initializer().begin(), graph.initializer().end(),
              [&](const TensorProto& tensor) { return tensor.name() == input.name(); })) {
        continue;
      }
      ++inputs;
      const auto& shape = input.type().tensor_type().shape();
      std::string given;
      bool same = shape.dim_size() == static_cast<int>(wanted.size());
      for (int i = 0; i < shape.dim_size(); ++i) {
        const auto& dim = shape.dim(i);
        given +=
            (i > 0 ? "x" : "") + (dim.has_dim_value() ? std::to_string(dim.dim_value()) : "?");
        same = same && (!dim.has_dim_value() || dim.dim_value() == wanted[i]);
      }
      if (!same) {
        std::string expected;
        for (const int size : wanted)
          expected += (expected.empty() ? "" : "x") + std::to_string(size);
        fail("its input is " + given + " where the card says " + expected);
      }
    }
    if (inputs != 1) fail("it has " + std::to_string(inputs) + " inputs instead of one");
  }

  std::int64_t times(std::int64_t count, std::int64_t size, const std::string& what) const {
    if (size <= 0) fail(what + " has a size of " + std::to_string(size));
    if (size > kMaxElements || count > kMaxElements / size) fail(what + " is absurdly large");
    return count * size;
  }

  void check(const TensorProto& tensor) {
    const std::string what =
        tensor.name().empty() ? std::string("a tensor") : "the tensor " + tensor.name();
    if (tensor.data_location() == TensorProto::EXTERNAL || tensor.external_data_size() > 0) {
      fail(what + " keeps its data in another file");
    }
    if (tensor.has_segment()) fail(what + " is in segments");
    if (tensor.dims_size() > kMaxDims) fail(what + " has too many dimensions");
    std::int64_t count = 1;
    for (const auto size : tensor.dims()) count = times(count, size, what);
    check_data(tensor, count, what);
  }

  // Exactly one of the fields must hold exactly what the sizes promise, in the field of its
  // type.
  void check_data(const TensorProto& tensor, std::int64_t count, const std::string& what) {
    std::int64_t bytes = 0;
    std::int64_t typed = 0;
    switch (tensor.data_type()) {
      case TensorProto::FLOAT:
        bytes = 4;
        typed = tensor.float_data_size();
        break;
      case TensorProto::DOUBLE:
        bytes = 8;
        typed = tensor.double_data_size();
        break;
      case TensorProto::INT64:
        bytes = 8;
        typed = tensor.int64_data_size();
        break;
      case TensorProto::INT32:
        bytes = 4;
        typed = tensor.int32_data_size();
        break;
      case TensorProto::FLOAT16:
        bytes = 2;
        typed = tensor.int32_data_size();
        break;
      case TensorProto::INT8:
      case TensorProto::UINT8:
      case TensorProto::BOOL:
        bytes = 1;
        typed = tensor.int32_data_size();
        break;
      default:
        fail(what + " has a number type that OpenCV does not read");
    }
    const std::int64_t all_typed = std::int64_t{tensor.float_data_size()} +
                                   tensor.double_data_size() + tensor.int64_data_size() +
                                   tensor.int32_data_size() + tensor.uint64_data_size() +
                                   tensor.string_data_size();
    const auto raw = static_cast<std::int64_t>(tensor.raw_data().size());
    const bool raw_fits = raw == count * bytes && all_typed == 0;
    const bool typed_fits = raw == 0 && typed == count && all_typed == typed;
    if (!raw_fits && !typed_fits) fail(what + " has other data than its size says");
  }

  const std::string& where_;
  int nodes_ = 0;
};

}  // namespace

namespace {

onnx::ModelProto parse_checked(std::string_view bytes, const std::string& where,
                               const std::vector<int>& input_shape) {
  onnx::ModelProto model;
  // Protobuf counts sizes in int; it also stops at nesting that would exhaust the stack.
  if (bytes.empty() || bytes.size() > std::size_t{1} << 30 ||
      !model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    throw Error("The model file " + where +
                " is not a whole ONNX file; fetch it again or choose another model.");
  }
  Guard(where).check(model, input_shape);
  return model;
}

std::vector<int> sizes(const onnx::ValueInfoProto& value) {
  std::vector<int> shape;
  for (const auto& dim : value.type().tensor_type().shape().dim()) {
    shape.push_back(dim.has_dim_value() ? static_cast<int>(dim.dim_value()) : -1);
  }
  return shape;
}

}  // namespace

void check_onnx(std::string_view bytes, const std::string& where,
                const std::vector<int>& input_shape) {
  parse_checked(bytes, where, input_shape);
}

OnnxOutline outline_onnx(std::string_view bytes, const std::string& where) {
  const onnx::ModelProto model = parse_checked(bytes, where, {});
  const GraphProto& graph = model.graph();
  OnnxOutline outline;
  int inputs = 0;
  for (const auto& input : graph.input()) {
    const bool weight =
        std::any_of(graph.initializer().begin(), graph.initializer().end(),
                    [&](const TensorProto& tensor) { return tensor.name() == input.name(); });
    if (weight) continue;
    ++inputs;
    outline.input = input.name();
    outline.input_shape = sizes(input);
  }
  if (inputs != 1 || graph.output_size() != 1) {
    throw Error("The model file " + where + " has " + std::to_string(inputs) + " inputs and " +
                std::to_string(graph.output_size()) +
                " outputs where an expression model has one each; choose another model.");
  }
  outline.output = graph.output(0).name();
  outline.output_shape = sizes(graph.output(0));
  for (const auto& node : graph.node()) {
    if (node.op_type() != "Softmax") continue;
    outline.ends_in_softmax =
        outline.ends_in_softmax || std::find(node.output().begin(), node.output().end(),
                                             outline.output) != node.output().end();
  }
  return outline;
}

namespace {

std::vector<int> input_shape(const ModelCard& card) {
  if (card.architecture == "yunet") return {};  // takes any size
  const int channels = card.input.channels == ModelCard::Channels::gray ? 1 : 3;
  if (card.input.layout == ModelCard::Layout::nhwc) {
    return {1, card.input.height, card.input.width, channels};
  }
  return {1, channels, card.input.height, card.input.width};
}

}  // namespace

std::vector<unsigned char> read_checked_onnx(const ModelCard& card) {
  verify_model_files(card);
  const auto file = card.folder / card.files.front().name;
  std::string bytes = read_text_file(file);
  onnx::ModelProto model = parse_checked(bytes, file.string(), input_shape(card));
  if (widen_depthwise(model)) bytes = model.SerializeAsString();
  return {bytes.begin(), bytes.end()};
}

Mutex& network_load_mutex() {
  static Mutex mutex;
  return mutex;
}

}  // namespace mien
