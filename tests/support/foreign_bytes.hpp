#pragma once

#include "support/onnx_bytes.hpp"

/// Writes small Caffe and TensorFlow files byte by byte, as onnx_bytes.hpp does. Field numbers
/// as in caffe.proto and TensorFlow's graph.proto, attr_value.proto and tensor.proto.
namespace mien::testing {

/// The network that both write: a picture of 4x4 pixels in three colours, a convolution of 2x2
/// pixels with stride 2 and two results, ReLU, a full connection to three labels, softmax.
/// Weights are given by their place, so that each format lays them out in its own way.
struct TinyNetwork {
  static constexpr int kSide = 4, kColours = 3, kMaps = 2, kKernel = 2, kLabels = 3;
  static constexpr int kHalf = kSide / kKernel;
  static constexpr int kFeatures = kMaps * kHalf * kHalf;

  static float some(int i) { return static_cast<float>((i * 37) % 17 - 8) / 16; }
  static float kernel(int map, int colour, int y, int x) {
    return some(((map * kColours + colour) * kKernel + y) * kKernel + x);
  }
  static float kernel_bias(int map) { return 0.25F - 0.125F * static_cast<float>(map); }
  static float full(int label, int map, int y, int x) {
    return some(7 + ((label * kMaps + map) * kHalf + y) * kHalf + x);
  }
  static float full_bias(int label) { return 0.5F * static_cast<float>(label) - 0.25F; }
};

namespace caffe_bytes {

using onnx_bytes::bytes;
using onnx_bytes::floats;
using onnx_bytes::number;
using onnx_bytes::varint;

/// A BlobProto.
inline std::string blob(const std::vector<std::int64_t>& shape,
                        const std::vector<float>& values) {
  std::string dims;
  for (const auto size : shape) dims += varint(static_cast<std::uint64_t>(size));
  return bytes(5, floats(values)) + bytes(7, bytes(1, dims));
}

/// The weights of one layer in a NetParameter; `old` as Caffe wrote them until 2014.
inline std::string layer(std::string_view name, const std::vector<std::string>& blobs,
                         bool old = false) {
  std::string out = old ? bytes(4, name) : bytes(1, name) + bytes(2, "any");
  for (const auto& each : blobs) out += bytes(old ? 6 : 7, each);
  return bytes(old ? 2 : 100, out);
}

inline std::string tiny_prototxt() {
  return R"(name: "tiny"
input: "data"
input_dim: 1
input_dim: 3
input_dim: 4
input_dim: 4
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
  convolution_param { num_output: 2 kernel_size: 2 stride: 2 weight_filler { type: "xavier" } } }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
layer { name: "full" type: "InnerProduct" bottom: "conv" top: "full"
  inner_product_param { num_output: 3 } }
layer { name: "prob" type: "Softmax" bottom: "full" top: "prob" }
)";
}

inline std::string tiny_caffemodel(bool old = false) {
  using T = TinyNetwork;
  std::vector<float> kernel, kernel_bias, full, full_bias;
  for (int m = 0; m < T::kMaps; ++m) {
    for (int c = 0; c < T::kColours; ++c) {
      for (int y = 0; y < T::kKernel; ++y) {
        for (int x = 0; x < T::kKernel; ++x) kernel.push_back(T::kernel(m, c, y, x));
      }
    }
    kernel_bias.push_back(T::kernel_bias(m));
  }
  for (int l = 0; l < T::kLabels; ++l) {
    for (int m = 0; m < T::kMaps; ++m) {
      for (int y = 0; y < T::kHalf; ++y) {
        for (int x = 0; x < T::kHalf; ++x) full.push_back(T::full(l, m, y, x));
      }
    }
    full_bias.push_back(T::full_bias(l));
  }
  return bytes(1, "tiny") +
         layer("conv", {blob({2, 3, 2, 2}, kernel), blob({2}, kernel_bias)}, old) +
         layer("full", {blob({3, 8}, full), blob({3}, full_bias)}, old);
}

}  // namespace caffe_bytes

namespace tensorflow_bytes {

using onnx_bytes::bytes;
using onnx_bytes::floats;
using onnx_bytes::number;
using onnx_bytes::varint;

inline std::string attribute(std::string_view key, std::string_view value) {
  return bytes(5, bytes(1, key) + bytes(2, value));
}
inline std::string text(std::string_view key, std::string_view value) {
  return attribute(key, bytes(2, value));
}
inline std::string type(std::string_view key, int value) {
  return attribute(key, number(6, value));
}
inline std::string int_list(std::string_view key, const std::vector<int>& values) {
  std::string list;
  for (const int each : values) list += varint(static_cast<std::uint64_t>(each));
  return attribute(key, bytes(1, bytes(3, list)));
}
inline std::string shape(const std::vector<std::int64_t>& sizes) {
  std::string out;
  for (const auto size : sizes) out += bytes(2, number(1, size));
  return out;
}

inline constexpr int kFloat = 1;
inline constexpr int kInt32 = 3;

/// A NodeDef in a GraphDef.
inline std::string node(std::string_view name, std::string_view op,
                        const std::vector<std::string>& inputs,
                        const std::string& attributes = "") {
  std::string out = bytes(1, name) + bytes(2, op);
  for (const auto& each : inputs) out += bytes(3, each);
  return bytes(1, out + type("T", kFloat) + attributes);
}
inline std::string constant(std::string_view name, const std::vector<std::int64_t>& sizes,
                            const std::string& content, int number_type = kFloat) {
  return bytes(1,
               bytes(1, name) + bytes(2, "Const") + type("dtype", number_type) +
                   attribute("value", bytes(8, number(1, number_type) + bytes(2, shape(sizes)) +
                                                   bytes(4, content))));
}
/// One whole number, as TensorFlow writes it.
inline std::string scalar(std::string_view name, int value) {
  return bytes(
      1, bytes(1, name) + bytes(2, "Const") + type("dtype", kInt32) +
             attribute("value",
                       bytes(8, number(1, kInt32) + bytes(2, "") +
                                    bytes(7, varint(static_cast<std::uint64_t>(value))))));
}
inline std::string placeholder(std::string_view name, const std::vector<std::int64_t>& sizes) {
  return bytes(1, bytes(1, name) + bytes(2, "Placeholder") + type("dtype", kFloat) +
                      attribute("shape", bytes(7, shape(sizes))));
}
inline std::string whole(const std::vector<std::int32_t>& values) {
  std::string raw(values.size() * sizeof(std::int32_t), '\0');
  if (!values.empty()) std::memcpy(raw.data(), values.data(), raw.size());
  return raw;
}

inline std::string tiny_graph() {
  using T = TinyNetwork;
  std::vector<float> kernel, kernel_bias, full, full_bias;
  for (int y = 0; y < T::kKernel; ++y) {
    for (int x = 0; x < T::kKernel; ++x) {
      for (int c = 0; c < T::kColours; ++c) {
        for (int m = 0; m < T::kMaps; ++m) kernel.push_back(T::kernel(m, c, y, x));
      }
    }
  }
  for (int m = 0; m < T::kMaps; ++m) kernel_bias.push_back(T::kernel_bias(m));
  for (int y = 0; y < T::kHalf; ++y) {
    for (int x = 0; x < T::kHalf; ++x) {
      for (int m = 0; m < T::kMaps; ++m) {
        for (int l = 0; l < T::kLabels; ++l) full.push_back(T::full(l, m, y, x));
      }
    }
  }
  for (int l = 0; l < T::kLabels; ++l) full_bias.push_back(T::full_bias(l));
  return placeholder("input", {-1, 4, 4, 3}) +
         constant("kernel", {2, 2, 3, 2}, floats(kernel)) +
         node("conv", "Conv2D", {"input", "kernel"},
              int_list("strides", {1, 2, 2, 1}) + text("padding", "VALID") +
                  text("data_format", "NHWC")) +
         constant("kernel_bias", {2}, floats(kernel_bias)) +
         node("conv_bias", "BiasAdd", {"conv", "kernel_bias"}, text("data_format", "NHWC")) +
         node("relu", "Relu", {"conv_bias"}) + constant("flat", {2}, whole({-1, 8}), kInt32) +
         node("reshape", "Reshape", {"relu", "flat"}) + constant("full", {8, 3}, floats(full)) +
         node("matmul", "MatMul", {"reshape", "full"}) +
         constant("full_bias", {3}, floats(full_bias)) +
         node("logits", "BiasAdd", {"matmul", "full_bias"}) +
         node("prob", "Softmax", {"logits"});
}

}  // namespace tensorflow_bytes
}  // namespace mien::testing
