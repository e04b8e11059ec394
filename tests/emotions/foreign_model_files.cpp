#include "foreign_model_files.hpp"

#include <vector>

#include "mien/models/sha256.hpp"

#include "support/foreign_bytes.hpp"

namespace mien::emotions {

using nlohmann::json;
using testing::TemporaryFolder;
namespace caffe = testing::caffe_bytes;
namespace tensorflow = testing::tensorflow_bytes;

Files caffe_files() {
  return {{"tiny.caffemodel", caffe::tiny_caffemodel()},
          {"tiny.prototxt", caffe::tiny_prototxt()}};
}
Files tensorflow_files() { return {{"tiny.pb", tensorflow::tiny_graph()}}; }

models::ModelCard foreign_card(const TemporaryFolder& folder, const Files& files,
                               const std::string& format,
                               const std::function<void(json&)>& change) {
  json document = testing::emotion_card(folder, "");
  document["format"] = format;
  document["files"] = json::array();
  for (const auto& [name, content] : files) {
    const auto file = folder.write(name, content);
    document["files"].push_back(
        {{"name", name}, {"size", content.size()}, {"sha256", models::sha256_file(file)}});
  }
  document["input"] = {{"width", 4},
                       {"height", 4},
                       {"channels", "rgb"},
                       {"layout", format == "tensorflow" ? "nhwc" : "nchw"}};
  document["image_mean"] = {0.5, 0.25, 0.125};
  document["image_std"] = {0.25, 0.5, 1};
  document["output"] = {{"activation", "softmax"}};
  change(document);
  models::ModelCard card = models::parse_model_card(document, "here");
  card.folder = folder.path();
  return card;
}

Files rich_caffe_files() {
  const auto ones = [](std::size_t count) { return std::vector<float>(count, 0.5F); };
  const auto norm = [&](const char* name, int channels) {
    const auto count = static_cast<std::size_t>(channels);
    return caffe::layer(name, {caffe::blob({channels}, ones(count)),
                               caffe::blob({channels}, ones(count)), caffe::blob({1}, {1})});
  };
  const std::string layers = R"(
layer { name: "data" type: "Input" top: "data"
  input_param { shape { dim: 1 dim: 3 dim: 4 dim: 4 } } }
layer { name: "c1" type: "Convolution" bottom: "data" top: "c1"
  convolution_param { num_output: 4 kernel_size: 3 pad: 1 bias_term: false dilation: 1 } }
layer { name: "bn" type: "BatchNorm" bottom: "c1" top: "bn" batch_norm_param { eps: 0.001 } }
layer { name: "sc" type: "Scale" bottom: "bn" top: "sc" scale_param { bias_term: true } }
layer { name: "pr" type: "PReLU" bottom: "sc" top: "pr" }
layer { name: "dw" type: "Convolution" bottom: "pr" top: "dw"
  convolution_param { num_output: 4 group: 4 kernel_h: 3 kernel_w: 1 pad_h: 1 pad_w: 0
                      stride_h: 1 stride_w: 1 } }
layer { name: "el" type: "ELU" bottom: "dw" top: "el" elu_param { alpha: 0.5 } }
layer { name: "sp" type: "Split" bottom: "el" top: "sp1" top: "sp2" }
layer { name: "mp" type: "Pooling" bottom: "sp1" top: "mp"
  pooling_param { pool: MAX kernel_size: 3 stride: 1 pad: 1 } }
layer { name: "ap" type: "Pooling" bottom: "sp2" top: "ap"
  pooling_param { pool: AVE kernel_size: 3 stride: 1 pad: 1 } }
layer { name: "ew" type: "Eltwise" bottom: "mp" bottom: "ap" top: "ew"
  eltwise_param { operation: SUM coeff: 0.5 coeff: 2 } }
layer { name: "cc" type: "Concat" bottom: "ew" bottom: "mp" top: "cc" concat_param { axis: 1 } }
layer { name: "lr" type: "LRN" bottom: "cc" top: "lr"
  lrn_param { local_size: 3 alpha: 0.1 beta: 0.75 } }
layer { name: "sg" type: "Sigmoid" bottom: "lr" top: "sg" }
layer { name: "th" type: "TanH" bottom: "sg" top: "th" }
layer { name: "ab" type: "AbsVal" bottom: "th" top: "ab" }
layer { name: "pw" type: "Power" bottom: "ab" top: "pw"
  power_param { power: 2 scale: 1 shift: 1 } }
layer { name: "gp" type: "Pooling" bottom: "pw" top: "gp"
  pooling_param { pool: AVE global_pooling: true } }
layer { name: "fl" type: "Flatten" bottom: "gp" top: "fl" flatten_param { axis: 1 } }
layer { name: "dr" type: "Dropout" bottom: "fl" top: "fl"
  dropout_param { dropout_ratio: 0.5 } }
layer { name: "fc" type: "InnerProduct" bottom: "fl" top: "fc"
  inner_product_param { num_output: 3 } }
layer { name: "sm" type: "Softmax" bottom: "fc" top: "sm" softmax_param { axis: 1 } }
)";
  const std::string weights =
      caffe::layer("c1", {caffe::blob({4, 3, 3, 3}, ones(108))}) + norm("bn", 4) +
      caffe::layer("sc", {caffe::blob({4}, ones(4)), caffe::blob({4}, ones(4))}) +
      caffe::layer("pr", {caffe::blob({4}, ones(4))}) +
      caffe::layer("dw", {caffe::blob({4, 1, 3, 1}, ones(12)), caffe::blob({4}, ones(4))}) +
      caffe::layer("fc", {caffe::blob({3, 8}, ones(24)), caffe::blob({3}, ones(3))});
  return {{"rich.caffemodel", weights}, {"rich.prototxt", layers}};
}

// Names of four letters, so that one can stand for another.
Files rich_tensorflow_files() {
  using namespace tensorflow;
  const auto ones = [](std::size_t count) { return floats(std::vector<float>(count, 0.5F)); };
  const std::string nhwc = text("data_format", "NHWC");
  const std::string same = nhwc + text("padding", "SAME") + int_list("strides", {1, 1, 1, 1});
  const std::string pool = same + int_list("ksize", {1, 2, 2, 1});
  const std::string graph =
      placeholder("inpt", {1, 4, 4, 3}) + constant("kern", {3, 3, 3, 4}, ones(108)) +
      node("kred", "Identity", {"kern"}) +
      constant("pads", {4, 2}, whole({0, 0, 1, 1, 1, 1, 0, 0}), kInt32) +
      node("padd", "Pad", {"inpt", "pads"}) +
      node("conv", "Conv2D", {"padd", "kred"},
           nhwc + text("padding", "VALID") + int_list("strides", {1, 1, 1, 1})) +
      constant("scal", {4}, ones(4)) + constant("shft", {4}, ones(4)) +
      constant("mean", {4}, ones(4)) + constant("vari", {4}, ones(4)) +
      node("bnrm", "FusedBatchNormV3", {"conv", "scal", "shft", "mean", "vari"}, nhwc) +
      node("rel6", "Relu6", {"bnrm"}) + constant("dker", {3, 3, 4, 1}, ones(36)) +
      node("dwcv", "DepthwiseConv2dNative", {"rel6", "dker"}, same) +
      constant("dbia", {4}, ones(4)) + node("dwba", "BiasAdd", {"dwcv", "dbia"}, nhwc) +
      node("elu_", "Elu", {"dwba"}) + node("mpoo", "MaxPool", {"elu_"}, pool) +
      node("apoo", "AvgPool", {"elu_"}, pool) + node("addd", "AddV2", {"mpoo", "apoo"}) +
      node("sigm", "Sigmoid", {"addd"}) + node("tanh", "Tanh", {"mpoo"}) +
      node("mull", "Mul", {"sigm", "tanh"}) + scalar("axis", 3) +
      node("catt", "ConcatV2", {"mull", "addd", "axis"}) +
      constant("axes", {2}, whole({1, 2}), kInt32) + node("gapp", "Mean", {"catt", "axes"}) +
      constant("fcwt", {8, 3}, ones(24)) + node("matm", "MatMul", {"gapp", "fcwt"}) +
      constant("fbia", {3}, ones(3)) + node("logt", "BiasAdd", {"matm", "fbia"}) +
      node("prob", "Softmax", {"logt"});
  return {{"rich.pb", graph}};
}

}  // namespace mien::emotions
