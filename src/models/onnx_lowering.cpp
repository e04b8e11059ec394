#include "onnx_lowering.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

namespace mien::models {
namespace {

using onnx::AttributeProto;
using onnx::GraphProto;
using onnx::NodeProto;
using onnx::TensorProto;
using Ints = std::vector<std::int64_t>;

constexpr std::int64_t kNewestIr = 8;
constexpr std::int64_t kNewestOpset = 17;
constexpr std::size_t kMaxInts = 64;  // of a list of axes or sizes

// ---- reading and writing small things -------------------------------------------------------

/// The opset of ONNX's own layers; 0 when the file names none.
std::int64_t opset_of(const onnx::ModelProto& model) {
  for (const auto& opset : model.opset_import()) {
    if (opset.domain().empty() || opset.domain() == "ai.onnx") return opset.version();
  }
  return 0;
}

const AttributeProto* find_attribute(const NodeProto& node, const char* name) {
  for (const auto& attribute : node.attribute()) {
    if (attribute.name() == name) return &attribute;
  }
  return nullptr;
}

std::int64_t int_or(const NodeProto& node, const char* name, std::int64_t fallback) {
  const auto* const attribute = find_attribute(node, name);
  return attribute != nullptr ? attribute->i() : fallback;
}

float float_or(const NodeProto& node, const char* name, float fallback) {
  const auto* const attribute = find_attribute(node, name);
  return attribute != nullptr ? attribute->f() : fallback;
}

void erase_attribute(NodeProto& node, const char* name) {
  for (int i = node.attribute_size() - 1; i >= 0; --i) {
    if (node.attribute(i).name() == name) node.mutable_attribute()->DeleteSubrange(i, 1);
  }
}

void set_ints(NodeProto& node, const char* name, const Ints& values) {
  erase_attribute(node, name);
  AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(AttributeProto::INTS);
  for (const auto value : values) attribute.add_ints(value);
}

void set_int(NodeProto& node, const char* name, std::int64_t value) {
  erase_attribute(node, name);
  AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(AttributeProto::INT);
  attribute.set_i(value);
}

void set_float(NodeProto& node, const char* name, float value) {
  erase_attribute(node, name);
  AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(AttributeProto::FLOAT);
  attribute.set_f(value);
}

void keep_inputs(NodeProto& node, int count) {
  if (node.input_size() > count) {
    node.mutable_input()->DeleteSubrange(count, node.input_size() - count);
  }
}

std::string input_of(const NodeProto& node, int index) {
  return index < node.input_size() ? node.input(index) : std::string();
}

/// The numbers of a tensor whose data has been checked against its sizes; nothing for other
/// types.
template <typename Number>
std::optional<std::vector<Number>> numbers_of(const TensorProto& tensor) {
  std::size_t count = 1;
  for (const auto size : tensor.dims()) count *= static_cast<std::size_t>(size);
  std::vector<Number> numbers;
  const auto read = [&](auto example, const auto& typed) {
    using Stored = decltype(example);
    if (!tensor.raw_data().empty()) {
      if (tensor.raw_data().size() != count * sizeof(Stored)) return;
      std::vector<Stored> raw(count);
      if (count > 0) std::memcpy(raw.data(), tensor.raw_data().data(), count * sizeof(Stored));
      for (const auto value : raw) numbers.push_back(static_cast<Number>(value));
    } else {
      for (const auto value : typed) numbers.push_back(static_cast<Number>(value));
    }
  };
  switch (tensor.data_type()) {
    case TensorProto::FLOAT:
      read(float{}, tensor.float_data());
      break;
    case TensorProto::DOUBLE:
      read(double{}, tensor.double_data());
      break;
    case TensorProto::INT64:
      read(std::int64_t{}, tensor.int64_data());
      break;
    case TensorProto::INT32:
      read(std::int32_t{}, tensor.int32_data());
      break;
    default:
      return std::nullopt;
  }
  if (numbers.size() != count) return std::nullopt;
  return numbers;
}

std::size_t elements(const TensorProto& tensor) {
  std::size_t count = 1;
  for (const auto size : tensor.dims()) count *= static_cast<std::size_t>(size);
  return count;
}

bool holds_graphs(const GraphProto& graph) {
  for (const auto& node : graph.node()) {
    for (const auto& attribute : node.attribute()) {
      if (attribute.has_g() || attribute.graphs_size() > 0) return true;
    }
  }
  return false;
}

/// A Constant layer's value as a tensor; nothing for strings and sparse ones.
std::optional<TensorProto> constant_of(const NodeProto& node) {
  if (node.op_type() != "Constant" || node.output_size() != 1 || node.attribute_size() != 1) {
    return std::nullopt;
  }
  const AttributeProto& value = node.attribute(0);
  TensorProto tensor;
  if (value.name() == "value" && value.has_t()) {
    tensor = value.t();
  } else if (value.name() == "value_int") {
    tensor.set_data_type(TensorProto::INT64);
    tensor.add_int64_data(value.i());
  } else if (value.name() == "value_ints") {
    tensor.set_data_type(TensorProto::INT64);
    tensor.add_dims(value.ints_size());
    for (const auto each : value.ints()) tensor.add_int64_data(each);
  } else if (value.name() == "value_float") {
    tensor.set_data_type(TensorProto::FLOAT);
    tensor.add_float_data(value.f());
  } else if (value.name() == "value_floats") {
    tensor.set_data_type(TensorProto::FLOAT);
    tensor.add_dims(value.floats_size());
    for (const auto each : value.floats()) tensor.add_float_data(each);
  } else {
    return std::nullopt;
  }
  tensor.set_name(node.output(0));
  return tensor;
}

/// The values of a graph that do not depend on its input.
class Constants {
 public:
  explicit Constants(const GraphProto& graph) {
    for (const auto& tensor : graph.initializer()) add(tensor);
    for (const auto& node : graph.node()) {
      if (auto tensor = constant_of(node)) add(own_.emplace_back(std::move(*tensor)));
    }
  }

  const TensorProto* find(const std::string& name) const {
    const auto found = tensors_.find(name);
    return found == tensors_.end() ? nullptr : found->second;
  }
  /// `tensor` stays where it is as long as this lives.
  void add(const TensorProto& tensor) { tensors_[tensor.name()] = &tensor; }

  /// A short list of whole numbers.
  std::optional<Ints> ints(const std::string& name) const {
    const auto* const tensor = find(name);
    if (tensor == nullptr || tensor->dims_size() > 1 || elements(*tensor) > kMaxInts ||
        (tensor->data_type() != TensorProto::INT64 &&
         tensor->data_type() != TensorProto::INT32)) {
      return std::nullopt;
    }
    return numbers_of<std::int64_t>(*tensor);
  }

  std::optional<float> number(const std::string& name) const {
    const auto* const tensor = find(name);
    if (tensor == nullptr || elements(*tensor) != 1) return std::nullopt;
    const auto values = numbers_of<float>(*tensor);
    return values ? std::optional(values->front()) : std::nullopt;
  }

 private:
  std::deque<TensorProto> own_;
  std::map<std::string, const TensorProto*> tensors_;
};

/// The sizes of a graph's values, as far as the file or ONNX's inference tells them; an open
/// size is -1.
class Shapes {
 public:
  explicit Shapes(const GraphProto& graph) {
    for (const auto* list : {&graph.input(), &graph.value_info(), &graph.output()}) {
      for (const auto& value : *list) {
        if (!value.type().has_tensor_type() || !value.type().tensor_type().has_shape())
          continue;
        Ints sizes;
        for (const auto& size : value.type().tensor_type().shape().dim()) {
          sizes.push_back(size.has_dim_value() ? size.dim_value() : -1);
        }
        shapes_[value.name()] = std::move(sizes);
      }
    }
    for (const auto& tensor : graph.initializer()) {
      shapes_[tensor.name()] = {tensor.dims().begin(), tensor.dims().end()};
    }
  }

  const Ints* find(const std::string& name) const {
    const auto found = shapes_.find(name);
    return found == shapes_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::string, Ints> shapes_;
};

bool is_reduction(const std::string& type) { return type.starts_with("Reduce"); }

// ---- before the check -----------------------------------------------------------------------

bool close_open_sizes(GraphProto& graph, const std::vector<int>& wanted) {
  bool changed = false;
  std::set<std::string> weights;
  for (const auto& tensor : graph.initializer()) weights.insert(tensor.name());
  for (auto& input : *graph.mutable_input()) {
    if (weights.count(input.name()) > 0 || !input.type().tensor_type().has_shape()) continue;
    auto& shape = *input.mutable_type()->mutable_tensor_type()->mutable_shape();
    const bool same = shape.dim_size() == static_cast<int>(wanted.size());
    for (int i = 0; i < shape.dim_size(); ++i) {
      auto& size = *shape.mutable_dim(i);
      if (size.has_dim_value() && size.dim_value() != -1) continue;
      if (!same && (i > 0 || shape.dim_size() == 1)) continue;
      size.set_dim_value(same ? wanted[static_cast<std::size_t>(i)] : 1);
      changed = true;
    }
  }
  return changed;
}

/// One layer as opset 17 has it.
void write_as_opset_17(NodeProto& node, const Constants& constants) {
  const std::string& type = node.op_type();
  if (is_reduction(type) && type != "ReduceSum" && node.input_size() >= 2) {
    const auto axes = constants.ints(node.input(1));
    const bool nothing = node.input(1).empty() || (axes && axes->empty());
    if (nothing && int_or(node, "noop_with_empty_axes", 0) != 0) {
      node.set_op_type("Identity");
      node.clear_attribute();
    } else if (nothing || axes) {
      erase_attribute(node, "noop_with_empty_axes");
      if (!nothing) set_ints(node, "axes", *axes);
    } else {
      return;
    }
    keep_inputs(node, 1);
  } else if (type == "Split") {
    erase_attribute(node, "num_outputs");
  } else if (type == "Resize") {
    if (int_or(node, "antialias", 0) == 0) erase_attribute(node, "antialias");
    erase_attribute(node, "keep_aspect_ratio_policy");
  }
}

/// Pad of opset 18 names the axes that it pads; earlier ones have a number for every axis.
std::optional<TensorProto> pads_of_all_axes(const NodeProto& node, const Constants& constants,
                                            const Shapes& shapes) {
  const Ints* const shape = shapes.find(node.input(0));
  const auto axes = constants.ints(node.input(3));
  const auto pads = constants.ints(node.input(1));
  if (shape == nullptr || !axes || !pads || pads->size() != 2 * axes->size())
    return std::nullopt;
  const auto rank = static_cast<std::int64_t>(shape->size());
  Ints all(static_cast<std::size_t>(2 * rank), 0);
  for (std::size_t i = 0; i < axes->size(); ++i) {
    const std::int64_t axis = (*axes)[i] < 0 ? (*axes)[i] + rank : (*axes)[i];
    if (axis < 0 || axis >= rank) return std::nullopt;
    all[static_cast<std::size_t>(axis)] = (*pads)[i];
    all[static_cast<std::size_t>(axis + rank)] = (*pads)[i + axes->size()];
  }
  TensorProto tensor;
  tensor.set_data_type(TensorProto::INT64);
  tensor.add_dims(static_cast<std::int64_t>(all.size()));
  for (const auto each : all) tensor.add_int64_data(each);
  return tensor;
}

// ---- after the check ------------------------------------------------------------------------

class Lowering {
 public:
  Lowering(GraphProto& graph, bool any_size)
      : graph_(graph), any_size_(any_size), constants_(graph), shapes_(graph) {
    for (const auto& output : graph.output()) outputs_.insert(output.name());
    for (const auto& tensor : graph.initializer()) names_.insert(tensor.name());
    for (const auto& node : graph.node())
      names_.insert(node.output().begin(), node.output().end());
  }

  bool run() {
    std::vector<NodeProto> nodes(graph_.node().begin(), graph_.node().end());
    graph_.clear_node();
    for (NodeProto& node : nodes) {
      rename_inputs(node);
      if (becomes_constant(node)) {
        changed_ = true;
        continue;
      }
      drop_empty_inputs(node);
      lower(node);
      *graph_.add_node() = std::move(node);
    }
    if (changed_) remove_unread_constants();
    return changed_;
  }

 private:
  bool is_output(const std::string& name) const { return outputs_.count(name) > 0; }

  void rename_inputs(NodeProto& node) const {
    for (auto& input : *node.mutable_input()) {
      if (const auto found = same_as_.find(input); found != same_as_.end())
        input = found->second;
    }
  }

  void drop_empty_inputs(NodeProto& node) {
    while (node.input_size() > 1 && node.input(node.input_size() - 1).empty()) {
      node.mutable_input()->RemoveLast();
      changed_ = true;
    }
  }

  // ---- what does not depend on the picture

  bool becomes_constant(const NodeProto& node) {
    if (node.output_size() != 1 || is_output(node.output(0))) return false;
    if (auto tensor = constant_of(node)) {
      keep(std::move(*tensor));
      return true;
    }
    if (node.op_type() == "Identity" && node.input_size() == 1 &&
        constants_.find(node.input(0)) != nullptr) {
      same_as_[node.output(0)] = node.input(0);
      return true;
    }
    bool scalar = false;
    const auto values = sizes_from(node, scalar);
    if (!values) return false;
    TensorProto tensor;
    tensor.set_name(node.output(0));
    tensor.set_data_type(TensorProto::INT64);
    if (!scalar) tensor.add_dims(static_cast<std::int64_t>(values->size()));
    for (const auto value : *values) tensor.add_int64_data(value);
    keep(std::move(tensor));
    return true;
  }

  // The layers by which exporters compute sizes.
  std::optional<Ints> sizes_from(const NodeProto& node, bool& scalar) const {
    const std::string& type = node.op_type();
    if (type == "Shape" && node.attribute_size() == 0 && !any_size_) {
      const Ints* const shape = shapes_.find(input_of(node, 0));
      if (shape == nullptr || shape->empty() ||
          std::count(shape->begin(), shape->end(), -1) > 0) {
        return std::nullopt;
      }
      return *shape;
    }
    if (node.input_size() == 0) return std::nullopt;
    const auto first = constants_.ints(node.input(0));
    if (type == "Concat") return concat(node);
    if (!first) return std::nullopt;
    const bool was_scalar = constants_.find(node.input(0))->dims_size() == 0;
    if (type == "Gather") return gather(node, *first, scalar);
    if (type == "Unsqueeze" && was_scalar) return first;
    if (type == "Squeeze" && first->size() == 1) {
      scalar = true;
      return first;
    }
    if (type == "Cast" && (int_or(node, "to", 0) == TensorProto::INT64 ||
                           int_or(node, "to", 0) == TensorProto::INT32)) {
      scalar = was_scalar;
      return first;
    }
    if (type == "Slice") return slice(node, *first);
    return std::nullopt;
  }

  std::optional<Ints> concat(const NodeProto& node) const {
    Ints all;
    for (const auto& input : node.input()) {
      const auto part = constants_.ints(input);
      if (!part || constants_.find(input)->dims_size() != 1) return std::nullopt;
      all.insert(all.end(), part->begin(), part->end());
    }
    return all.size() <= kMaxInts ? std::optional(all) : std::nullopt;
  }

  std::optional<Ints> gather(const NodeProto& node, const Ints& from, bool& scalar) const {
    const auto indices = constants_.ints(input_of(node, 1));
    if (!indices || int_or(node, "axis", 0) != 0) return std::nullopt;
    Ints values;
    for (const auto index : *indices) {
      const auto at = index < 0 ? index + static_cast<std::int64_t>(from.size()) : index;
      if (at < 0 || at >= static_cast<std::int64_t>(from.size())) return std::nullopt;
      values.push_back(from[static_cast<std::size_t>(at)]);
    }
    scalar = constants_.find(node.input(1))->dims_size() == 0;
    return values;
  }

  std::optional<Ints> slice(const NodeProto& node, const Ints& from) const {
    const auto starts = constants_.ints(input_of(node, 1));
    const auto ends = constants_.ints(input_of(node, 2));
    if (!starts || !ends || starts->size() != 1 || ends->size() != 1) return std::nullopt;
    if (const auto steps = input_of(node, 4); !steps.empty()) {
      if (constants_.ints(steps).value_or(Ints{}) != Ints{1}) return std::nullopt;
    }
    const auto size = static_cast<std::int64_t>(from.size());
    const auto place = [&](std::int64_t at) {
      return std::clamp<std::int64_t>(at < 0 ? at + size : at, 0, size);
    };
    const auto start = place(starts->front());
    const auto end = std::max(start, place(ends->front()));
    return Ints(from.begin() + start, from.begin() + end);
  }

  void keep(TensorProto tensor) {
    TensorProto& kept = *graph_.add_initializer();  // protobuf leaves it there
    kept = std::move(tensor);
    constants_.add(kept);
  }

  // ---- layer by layer

  void lower(NodeProto& node) {
    const std::string& type = node.op_type();
    if (type == "Clip") {
      lower_clip(node);
    } else if (type == "Squeeze" || type == "Unsqueeze") {
      lower_axes(node);
    } else if (is_reduction(type)) {
      lower_reduction(node);
    } else if (type == "Gemm") {
      lower_gemm(node);
    } else if (type == "Dropout" && node.input_size() > 1 && node.output_size() == 1) {
      node.set_op_type("Identity");
      node.clear_attribute();
      keep_inputs(node, 1);
      changed_ = true;
    } else if (type == "Pad") {
      lower_pad(node);
    }
  }

  void lower_clip(NodeProto& node) {
    if (node.input_size() < 2) return;
    const auto low = constants_.number(input_of(node, 1));
    const auto high = constants_.number(input_of(node, 2));
    if ((!low && !node.input(1).empty()) || (!high && !input_of(node, 2).empty())) return;
    if (low) set_float(node, "min", *low);
    if (high) set_float(node, "max", *high);
    keep_inputs(node, 1);
    changed_ = true;
  }

  /// Axes counted from the front; nothing where that cannot be told.
  static std::optional<Ints> from_front(const Ints& axes, std::int64_t rank) {
    Ints result;
    for (const auto axis : axes) {
      const auto place = axis < 0 ? axis + rank : axis;
      if (place < 0 || place >= rank) return std::nullopt;
      result.push_back(place);
    }
    std::sort(result.begin(), result.end());
    return result;
  }

  void lower_axes(NodeProto& node) {
    const Ints* const shape = shapes_.find(node.input(0));
    std::optional<Ints> axes;
    if (const auto* const attribute = find_attribute(node, "axes")) {
      axes = Ints(attribute->ints().begin(), attribute->ints().end());
    } else if (node.input_size() > 1) {
      axes = constants_.ints(node.input(1));
      if (!axes) return;
    } else if (node.op_type() == "Squeeze" && shape != nullptr && !any_size_) {
      axes.emplace();
      for (std::size_t i = 0; i < shape->size(); ++i) {
        if ((*shape)[i] == 1) axes->push_back(static_cast<std::int64_t>(i));
      }
    }
    if (!axes) return;
    if (shape != nullptr) {
      const auto rank = static_cast<std::int64_t>(
          shape->size() + (node.op_type() == "Unsqueeze" ? axes->size() : 0));
      axes = from_front(*axes, rank);
      if (!axes) return;
    }
    set_ints(node, "axes", *axes);
    keep_inputs(node, 1);
    changed_ = true;
  }

  void lower_reduction(NodeProto& node) {
    if (node.input_size() < 2) return;
    const auto axes = constants_.ints(node.input(1));
    if (!axes) return;
    if (axes->empty() && int_or(node, "noop_with_empty_axes", 0) != 0) {
      node.set_op_type("Identity");
      node.clear_attribute();
    } else if (!axes->empty()) {
      set_ints(node, "axes", *axes);
    }
    erase_attribute(node, "noop_with_empty_axes");
    keep_inputs(node, 1);
    changed_ = true;
  }

  // cv::dnn reads the weights with a row per output and does not look at alpha and beta.
  void lower_gemm(NodeProto& node) {
    const bool turned = int_or(node, "transB", 0) != 0;
    const float alpha = float_or(node, "alpha", 1);
    const float beta = float_or(node, "beta", 1);
    if ((turned && alpha == 1 && beta == 1) || int_or(node, "transA", 0) != 0) return;
    const auto* const weights = constants_.find(input_of(node, 1));
    if (weights == nullptr || weights->dims_size() != 2) return;
    const auto values = numbers_of<float>(*weights);
    if (!values) return;
    const auto rows = static_cast<std::size_t>(weights->dims(turned ? 0 : 1));
    const auto columns = static_cast<std::size_t>(weights->dims(turned ? 1 : 0));
    std::vector<float> result(values->size());
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t column = 0; column < columns; ++column) {
        const std::size_t from = turned ? row * columns + column : column * rows + row;
        result[row * columns + column] = alpha * (*values)[from];
      }
    }
    if (const std::string bias = input_of(node, 2); !bias.empty()) {
      const auto* const tensor = constants_.find(bias);
      if (tensor == nullptr && beta != 1) return;
      if (tensor != nullptr && !lower_bias(node, *tensor, beta, rows)) return;
    }
    node.set_input(
        1, add_floats(node.output(0) + "_weights", result,
                      {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)}));
    set_int(node, "transB", 1);
    erase_attribute(node, "alpha");
    erase_attribute(node, "beta");
    changed_ = true;
  }

  bool lower_bias(NodeProto& node, const TensorProto& tensor, float beta, std::size_t rows) {
    auto values = numbers_of<float>(tensor);
    if (!values || (values->size() != rows && values->size() != 1)) return false;
    if (values->size() == 1) values->assign(rows, values->front());
    for (float& value : *values) value *= beta;
    node.set_input(
        2, add_floats(node.output(0) + "_bias", *values, {static_cast<std::int64_t>(rows)}));
    return true;
  }

  void lower_pad(NodeProto& node) {
    if (node.input_size() < 3 || input_of(node, 2).empty()) return;
    // A value of zero is what there is without one, of whatever number type it is.
    if (constants_.number(node.input(2)) == 0.0F && node.input_size() == 3) {
      keep_inputs(node, 2);
      changed_ = true;
    }
  }

  std::string add_floats(std::string name, const std::vector<float>& values, const Ints& dims) {
    while (!names_.insert(name).second) name += '_';
    TensorProto tensor;
    tensor.set_name(name);
    tensor.set_data_type(TensorProto::FLOAT);
    for (const auto size : dims) tensor.add_dims(size);
    tensor.set_raw_data(values.data(), values.size() * sizeof(float));
    keep(std::move(tensor));
    return name;
  }

  // cv::dnn refuses a file for a constant of a type that it does not know, read or not.
  void remove_unread_constants() {
    std::set<std::string> read = outputs_;
    for (const auto& node : graph_.node())
      read.insert(node.input().begin(), node.input().end());
    google::protobuf::RepeatedPtrField<TensorProto> kept;
    std::set<std::string> gone;
    for (auto& tensor : *graph_.mutable_initializer()) {
      if (read.count(tensor.name()) > 0) {
        kept.Add()->Swap(&tensor);
      } else {
        gone.insert(tensor.name());
      }
    }
    graph_.mutable_initializer()->Swap(&kept);
    for (int i = graph_.input_size() - 1; i >= 0; --i) {
      if (gone.count(graph_.input(i).name()) > 0) graph_.mutable_input()->DeleteSubrange(i, 1);
    }
  }

  GraphProto& graph_;
  const bool any_size_;
  Constants constants_;
  Shapes shapes_;
  std::set<std::string> outputs_;
  std::set<std::string> names_;
  std::map<std::string, std::string> same_as_;  // what is another name of a constant
  bool changed_ = false;
};

}  // namespace

bool downgrade_operators(onnx::ModelProto& model, const std::vector<int>& input_shape) {
  bool changed = close_open_sizes(*model.mutable_graph(), input_shape);
  if (model.ir_version() > kNewestIr) {
    model.set_ir_version(kNewestIr);
    changed = true;
  }
  if (opset_of(model) <= kNewestOpset) return changed;
  GraphProto& graph = *model.mutable_graph();
  const Constants constants(graph);
  const Shapes shapes(graph);
  for (int i = 0; i < graph.node_size(); ++i) {
    NodeProto& node = *graph.mutable_node(i);
    write_as_opset_17(node, constants);
    if (node.op_type() != "Pad" || node.input_size() < 4 || node.output_size() != 1) continue;
    if (auto pads = pads_of_all_axes(node, constants, shapes)) {
      pads->set_name(node.output(0) + "_pads_of_all_axes");
      node.set_input(1, pads->name());
      keep_inputs(node, node.input(2).empty() ? 2 : 3);
      *graph.add_initializer() = std::move(*pads);
    }
  }
  for (auto& opset : *model.mutable_opset_import()) {
    if (opset.domain().empty() || opset.domain() == "ai.onnx") opset.set_version(kNewestOpset);
  }
  return true;
}

bool lower_for_opencv(onnx::ModelProto& model, bool any_size) {
  // Graphs within graphs read names from outside; OpenCV 4.6 has no such layers anyway.
  if (holds_graphs(model.graph())) return false;
  return Lowering(*model.mutable_graph(), any_size).run();
}

}  // namespace mien::models
