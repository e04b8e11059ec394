#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

/// Writes small ONNX files byte by byte, sound or as broken as a test wants them: what the
/// proper library would refuse to write is just what must be read safely. Field numbers as in
/// onnx.proto.
namespace mien::testing::onnx_bytes {

inline std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>((value & 0x7F) | 0x80);
  return bytes + static_cast<char>(value);
}
inline std::string number(int field, std::int64_t value) {
  return varint(static_cast<std::uint64_t>(field) << 3) +
         varint(static_cast<std::uint64_t>(value));
}
inline std::string bytes(int field, std::string_view content) {
  return varint(static_cast<std::uint64_t>(field) << 3 | 2) + varint(content.size()) +
         std::string(content);
}

inline std::string floats(const std::vector<float>& values) {
  std::string raw(values.size() * sizeof(float), '\0');
  if (!values.empty()) std::memcpy(raw.data(), values.data(), raw.size());
  return raw;
}

inline std::string longs(const std::vector<std::int64_t>& values) {
  std::string raw(values.size() * sizeof(std::int64_t), '\0');
  if (!values.empty()) std::memcpy(raw.data(), values.data(), raw.size());
  return raw;
}

inline constexpr int kFloat = 1;
inline constexpr int kLong = 7;
inline constexpr int kBool = 9;

/// A TensorProto with raw data.
inline std::string tensor(std::string_view name, const std::vector<std::int64_t>& dims,
                          std::string_view raw, int type = kFloat) {
  std::string out;
  for (const auto dim : dims) out += number(1, dim);
  return out + number(2, type) + bytes(8, name) + bytes(9, raw);
}

/// A ValueInfoProto of floats.
inline std::string value(std::string_view name, const std::vector<std::int64_t>& dims) {
  std::string shape;
  for (const auto dim : dims) shape += bytes(1, number(1, dim));
  return bytes(1, name) + bytes(2, bytes(1, number(1, kFloat) + bytes(2, shape)));
}

/// A ValueInfoProto of floats whose first size is only a name, as exporters write an open
/// batch.
inline std::string open_value(std::string_view name, const std::vector<std::int64_t>& dims) {
  std::string shape = bytes(1, bytes(2, "batch"));
  for (const auto dim : dims) shape += bytes(1, number(1, dim));
  return bytes(1, name) + bytes(2, bytes(1, number(1, kFloat) + bytes(2, shape)));
}

/// AttributeProtos.
inline std::string ints(std::string_view name, const std::vector<std::int64_t>& values) {
  std::string out = bytes(1, name) + number(20, 7);
  for (const auto each : values) out += number(8, each);
  return out;
}
inline std::string integer(std::string_view name, std::int64_t each) {
  return bytes(1, name) + number(20, 2) + number(3, each);
}
inline std::string real(std::string_view name, float each) {
  std::string raw(sizeof(each), '\0');
  std::memcpy(raw.data(), &each, sizeof(each));
  return bytes(1, name) + number(20, 1) + varint(2 << 3 | 5) + raw;
}
inline std::string tensor_attribute(std::string_view name, std::string_view content) {
  return bytes(1, name) + number(20, 4) + bytes(5, content);
}

/// A NodeProto.
inline std::string node(std::string_view type, const std::vector<std::string>& inputs,
                        const std::vector<std::string>& outputs,
                        const std::vector<std::string>& attributes = {}) {
  std::string out;
  for (const auto& each : inputs) out += bytes(1, each);
  for (const auto& each : outputs) out += bytes(2, each);
  out += bytes(3, outputs.empty() ? std::string("node") : outputs.front()) + bytes(4, type);
  for (const auto& each : attributes) out += bytes(5, each);
  return out;
}

struct Graph {
  std::vector<std::string> nodes;
  std::vector<std::string> initializers;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
};

/// A whole ModelProto.
inline std::string model(const Graph& graph, int opset = 11, int ir_version = 6) {
  std::string out;
  for (const auto& each : graph.nodes) out += bytes(1, each);
  out += bytes(2, "test");
  for (const auto& each : graph.initializers) out += bytes(5, each);
  for (const auto& each : graph.inputs) out += bytes(11, each);
  for (const auto& each : graph.outputs) out += bytes(12, each);
  return number(1, ir_version) + bytes(7, out) + bytes(8, bytes(1, "") + number(2, opset));
}

/// A classifier that does not look: its `values` logits come out as they are plus the mean of
/// the picture times `gain` for each. Input "input" 1 x channels x side x side, output
/// "logits".
inline std::string constant_classifier(const std::vector<float>& values, int side = 8,
                                       int channels = 1, float gain = 0) {
  const auto count = static_cast<std::int64_t>(values.size());
  Graph graph;
  graph.inputs = {value("input", {1, channels, side, side})};
  graph.nodes = {node("GlobalAveragePool", {"input"}, {"mean"}),
                 node("Flatten", {"mean"}, {"flat"}, {integer("axis", 1)}),
                 node("Gemm", {"flat", "weights", "bias"}, {"logits"}, {integer("transB", 1)})};
  graph.initializers = {tensor("weights", {count, channels},
                               floats(std::vector<float>(
                                   values.size() * static_cast<std::size_t>(channels), gain))),
                        tensor("bias", {count}, floats(values))};
  graph.outputs = {value("logits", {1, count})};
  return model(graph);
}

/// A classifier of an 8x8 gray picture that says two things beside its logits: "covered", a
/// logit of the mean of its input times `gain` minus `limit`, and "distance", how far that mean
/// is from `centre`. The nodes have other names than the outputs, as an exporter makes them.
inline std::string measuring_classifier(const std::vector<float>& values, float gain,
                                        float limit, float centre) {
  const auto count = static_cast<std::int64_t>(values.size());
  const auto named = [](const std::string& node_bytes, std::string_view name) {
    return node_bytes + bytes(3, name);  // the last one counts
  };
  Graph graph;
  graph.inputs = {value("input", {1, 1, 8, 8})};
  graph.nodes = {
      node("GlobalAveragePool", {"input"}, {"mean"}),
      node("Flatten", {"mean"}, {"features"}, {integer("axis", 1)}),
      named(node("Gemm", {"features", "zeros", "bias"}, {"logits"}, {integer("transB", 1)}),
            "head"),
      named(node("Gemm", {"features", "gain", "limit"}, {"covered"}, {integer("transB", 1)}),
            "cover_head"),
      node("Sub", {"features", "centre"}, {"off"}),
      node("Mul", {"off", "off"}, {"squares"}),
      node("ReduceSum", {"squares"}, {"sum"}, {ints("axes", {1}), integer("keepdims", 1)}),
      named(node("Sqrt", {"sum"}, {"distance"}), "root")};
  graph.initializers = {
      tensor("zeros", {count, 1}, floats(std::vector<float>(values.size(), 0))),
      tensor("bias", {count}, floats(values)), tensor("gain", {1, 1}, floats({gain})),
      tensor("limit", {1}, floats({-limit})), tensor("centre", {1, 1}, floats({centre}))};
  graph.outputs = {value("logits", {1, count}), value("covered", {1, 1}),
                   value("distance", {1, 1})};
  return model(graph);
}

}  // namespace mien::testing::onnx_bytes
