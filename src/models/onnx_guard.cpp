#include "onnx_guard.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <onnx/checker.h>
#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/numbers.hpp"
#include "mien/models/layer_notes.hpp"
#include "mien/models/model_files.hpp"

#include "onnx_depthwise.hpp"
#include "onnx_lowering.hpp"
#include "onnx_prefixes.hpp"

namespace mien::models {
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
constexpr std::size_t kMaxWeights = std::size_t{1} << 30;  // bytes in other files

class Guard {
 public:
  explicit Guard(const std::string& where) : where_(where) {}

  /// Whether the model had to be written with older operators for it.
  bool check(onnx::ModelProto& model, const std::vector<int>& input_shape) {
    if (!model.has_graph() || model.graph().node_size() == 0) fail("it holds no network");
    if (model.functions_size() > 0) fail("it uses functions, which OpenCV does not read");
    check(model.graph(), 0);
    const bool changed = downgrade_operators(model, input_shape);
    check_input_shape(model.graph(), input_shape);
    add_kernel_shapes(*model.mutable_graph(), {});
    check_rules(model);
    const std::set<std::string> optional = left_out(model.graph());
    for (const auto& value : model.graph().value_info()) {
      if (optional.count(value.name()) == 0) check_shape(value);
    }
    for (const auto& value : model.graph().output()) check_shape(value);
    return changed;
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const {
    throw base::Error("The model file " + where_ +
                      " is damaged or not made for this program: " + reason +
                      "; fetch it again or choose another model.");
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
    static constexpr std::int64_t kMaxSize = 1 << 16;
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
        if (value < 1 || value > kMaxSize) refuse();
      }
    } else if (is({"pads", "output_padding"})) {
      for (const auto value : attribute.ints()) {
        if (value < -kMaxSize || value > kMaxSize) refuse();
      }
    } else if (is({"group", "blocksize"}) && (attribute.i() < 1 || attribute.i() > kMaxSize)) {
      refuse();
    } else if (name == "axis" && (attribute.i() < -kMaxDims || attribute.i() > kMaxDims)) {
      refuse();
    } else if (is({"perm", "axes"})) {
      for (const auto value : attribute.ints()) {
        if (value < -kMaxDims || value > kMaxDims) refuse();
      }
    }
  }

  // Without the attribute kernel_shape, ONNX's shape inference takes the kernel's size from the
  // weights, does not check that they have as many dimensions as the input, and reads past the
  // end. It checks the attribute, so that is added. Weights may be of a graph further out.
  void add_kernel_shapes(GraphProto& graph,
                         std::map<std::string, std::vector<std::int64_t>> known) {
    for (const auto& tensor : graph.initializer()) {
      known[tensor.name()].assign(tensor.dims().begin(), tensor.dims().end());
    }
    for (auto& node : *graph.mutable_node()) {
      bool has_shape = false;
      for (auto& attribute : *node.mutable_attribute()) {
        has_shape = has_shape || attribute.name() == "kernel_shape";
        if (node.op_type() == "Constant" && node.output_size() == 1 && attribute.has_t()) {
          known[node.output(0)].assign(attribute.t().dims().begin(),
                                       attribute.t().dims().end());
        }
        if (attribute.has_g()) add_kernel_shapes(*attribute.mutable_g(), known);
        for (auto& inner : *attribute.mutable_graphs()) add_kernel_shapes(inner, known);
      }
      const int weights = node.op_type() == "QLinearConv" ? 3 : 1;
      if (has_shape || weights >= node.input_size() ||
          node.op_type().find("Conv") == std::string::npos) {
        continue;
      }
      const auto shape = known.find(node.input(weights));
      if (shape == known.end()) {
        fail("the layer " + node.name() + " (" + node.op_type() +
             ") has neither a kernel_shape nor its weights in the file");
      }
      auto& attribute = *node.add_attribute();
      attribute.set_name("kernel_shape");
      attribute.set_type(AttributeProto::INTS);
      for (std::size_t i = 2; i < shape->second.size(); ++i) {
        attribute.add_ints(shape->second[i]);
      }
    }
  }

  // The format's own rules: every layer has the inputs and attributes that it needs, and the
  // sizes of what flows between the layers fit together. Fills in the sizes.
  void check_rules(onnx::ModelProto& model) const {
    const auto infer = [](onnx::ModelProto& part) {
      const onnx::ShapeInferenceOptions strict{true, 1, true};
      onnx::shape_inference::InferShapes(part, onnx::OpSchemaRegistry::Instance(), strict);
    };
    try {
      onnx::checker::check_model(model);
      if (runs_layer_by_layer()) {
        for_each_prefix(model, [&](const onnx::ModelProto& part) {
          onnx::ModelProto own = part;
          infer(own);
        });
        set_crash_note("");
      }
      infer(model);
    } catch (const std::exception& error) {
      fail(base::short_reason(error));
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

onnx::ModelProto parse(std::string_view bytes, const std::string& where) {
  onnx::ModelProto model;
  // Protobuf counts sizes in int; it also stops at nesting that would exhaust the stack.
  if (bytes.empty() || bytes.size() > std::size_t{1} << 30 ||
      !model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    throw base::Error("The model file " + where +
                      " is not a whole ONNX file; fetch it again or choose another model.");
  }
  return model;
}

onnx::ModelProto parse_checked(std::string_view bytes, const std::string& where,
                               const std::vector<int>& input_shape) {
  onnx::ModelProto model = parse(bytes, where);
  Guard(where).check(model, input_shape);
  return model;
}

/// Brings weights that the file keeps in another one into it; that must be in the card, whose
/// files are `contents`. False when there are none.
bool merge_weights(onnx::ModelProto& model, const ModelCard& card,
                   const std::map<std::string, std::string>& contents) {
  const std::string where = (card.folder / card.files.front().name).string();
  bool merged = false;
  std::size_t all = 0;
  for (auto& tensor : *model.mutable_graph()->mutable_initializer()) {
    if (tensor.data_location() != TensorProto::EXTERNAL) continue;
    std::string name;
    std::uint64_t offset = 0;
    std::optional<std::uint64_t> length;
    for (const auto& entry : tensor.external_data()) {
      std::uint64_t number = 0;
      const bool whole = base::parse_number(entry.value(), number);
      if (entry.key() == "location") name = entry.value();
      if (entry.key() == "offset" && whole) offset = number;
      if (entry.key() == "length" && whole) length = number;
    }
    const auto found = contents.find(name);
    if (found == contents.end()) {
      throw base::Error("The model file " + where + " keeps its weights in the file \"" + name +
                        "\"; put it beside it and list it in the card's files.");
    }
    const std::string& content = found->second;
    const std::uint64_t size =
        length.value_or(content.size() - std::min<std::uint64_t>(offset, content.size()));
    if (offset > content.size() || size > content.size() - offset ||
        (all += size) > kMaxWeights) {
      throw base::Error("The model file " + where + " needs other weights than the file \"" +
                        name + "\" has; fetch both again.");
    }
    tensor.set_raw_data(content.substr(offset, size));
    tensor.clear_external_data();
    tensor.clear_data_location();
    merged = true;
  }
  return merged;
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

namespace {

constexpr double kBeyondOne = 1.5;   // subtracted from pixels that cannot be 0 to 1
constexpr double kFromBytes = 0.02;  // a factor, or 1 / a divisor, for pixels up to 255
constexpr int kFirstLayers = 8;

/// Whether the first layers shift or scale by numbers that only make sense for 0 to 255.
bool scales_pixels(const GraphProto& graph, std::string value) {
  const auto constant = [&](const std::string& name) -> std::optional<double> {
    const TensorProto* tensor = nullptr;
    for (const auto& each : graph.initializer()) {
      if (each.name() == name) tensor = &each;
    }
    for (const auto& node : graph.node()) {
      if (node.op_type() == "Constant" && node.output_size() == 1 && node.output(0) == name &&
          node.attribute_size() == 1 && node.attribute(0).has_t()) {
        tensor = &node.attribute(0).t();
      }
    }
    if (tensor == nullptr || tensor->data_type() != TensorProto::FLOAT) return std::nullopt;
    float number = 0;
    if (tensor->float_data_size() > 0) return tensor->float_data(0);
    if (tensor->raw_data().size() < sizeof(number)) return std::nullopt;
    std::memcpy(&number, tensor->raw_data().data(), sizeof(number));
    return number;
  };
  for (int i = 0; i < kFirstLayers; ++i) {
    const auto next =
        std::find_if(graph.node().begin(), graph.node().end(), [&](const auto& node) {
          return std::find(node.input().begin(), node.input().end(), value) !=
                 node.input().end();
        });
    if (next == graph.node().end() || next->output_size() == 0) return false;
    const std::string& type = next->op_type();
    const std::string other =
        next->input_size() > 1 ? next->input(next->input(0) == value ? 1 : 0) : "";
    const double number = std::abs(constant(other).value_or(0));
    if ((type == "Sub" || type == "Add") && number > kBeyondOne) return true;
    if (type == "Div" && number > 1 / kFromBytes) return true;
    if (type == "Mul" && number > 0 && number < kFromBytes) return true;
    if (type == "BatchNormalization" && next->input_size() > 3) {
      return std::abs(constant(next->input(3)).value_or(0)) > kBeyondOne;
    }
    static const std::set<std::string> kPassing = {"Sub",      "Add",       "Div",     "Mul",
                                                   "Identity", "Transpose", "Reshape", "Cast"};
    if (kPassing.count(type) == 0) return false;
    value = next->output(0);
  }
  return false;
}

}  // namespace

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
    throw base::Error("The model file " + where + " has " + std::to_string(inputs) +
                      " inputs and " + std::to_string(graph.output_size()) +
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
  outline.takes_bytes = scales_pixels(graph, outline.input);
  return outline;
}

std::string to_text(const OnnxOutline& outline) {
  const nlohmann::json text = {{"input", outline.input},
                               {"input_shape", outline.input_shape},
                               {"output", outline.output},
                               {"output_shape", outline.output_shape},
                               {"ends_in_softmax", outline.ends_in_softmax},
                               {"takes_bytes", outline.takes_bytes}};
  return text.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

OnnxOutline to_outline(const std::string& text) {
  const auto json = nlohmann::json::parse(text);
  OnnxOutline outline;
  json.at("input").get_to(outline.input);
  json.at("input_shape").get_to(outline.input_shape);
  json.at("output").get_to(outline.output);
  json.at("output_shape").get_to(outline.output_shape);
  json.at("ends_in_softmax").get_to(outline.ends_in_softmax);
  json.at("takes_bytes").get_to(outline.takes_bytes);
  return outline;
}

namespace {

std::vector<int> input_shape(const ModelCard& card) {
  if (card.architecture == "yunet") return {};                                // takes any size
  if (card.task == ModelCard::Task::movements) return {1, card.input.width};  // no picture
  const int channels = card.input.channels == ModelCard::Channels::gray ? 1 : 3;
  if (card.input.layout == ModelCard::Layout::nhwc) {
    return {1, card.input.height, card.input.width, channels};
  }
  return {1, channels, card.input.height, card.input.width};
}

}  // namespace

std::vector<unsigned char> read_checked_onnx(const ModelCard& card) {
  auto contents = read_model_files(card);
  const auto file = card.folder / card.files.front().name;
  std::string bytes = std::move(contents.at(card.files.front().name));
  onnx::ModelProto model = parse(bytes, file.string());
  const bool any_size = card.architecture == "yunet";
  bool changed = merge_weights(model, card, contents);
  changed = Guard(file.string()).check(model, input_shape(card)) || changed;
  changed = lower_for_opencv(model, any_size) || changed;
  if (kNarrowDepthwiseIsSlow && !any_size) changed = widen_depthwise(model) || changed;
  if (changed) {
    model.mutable_graph()->clear_value_info();  // OpenCV infers for itself
    bytes = model.SerializeAsString();
  }
  return {bytes.begin(), bytes.end()};
}

}  // namespace mien::models
