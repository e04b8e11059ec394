#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/emotions/emotion_model.hpp"

#include "support/foreign_bytes.hpp"
#include "support/model_folder.hpp"

namespace mien {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using testing::TemporaryFolder;
using testing::TinyNetwork;
namespace caffe = testing::caffe_bytes;
namespace tensorflow = testing::tensorflow_bytes;

using Files = std::map<std::string, std::string>;  // content by name

Files caffe_files() {
  return {{"tiny.caffemodel", caffe::tiny_caffemodel()},
          {"tiny.prototxt", caffe::tiny_prototxt()}};
}
Files tensorflow_files() { return {{"tiny.pb", tensorflow::tiny_graph()}}; }

ModelCard make_card(
    const TemporaryFolder& folder, const Files& files, const std::string& format,
    const std::function<void(json&)>& change = [](json&) {}) {
  json document = testing::emotion_card(folder, "");
  document["format"] = format;
  document["files"] = json::array();
  for (const auto& [name, content] : files) {
    const auto file = folder.write(name, content);
    document["files"].push_back(
        {{"name", name}, {"size", content.size()}, {"sha256", sha256_file(file)}});
  }
  document["input"] = {{"width", 4},
                       {"height", 4},
                       {"channels", "rgb"},
                       {"layout", format == "tensorflow" ? "nhwc" : "nchw"}};
  document["image_mean"] = {0.5, 0.25, 0.125};
  document["image_std"] = {0.25, 0.5, 1};
  document["output"] = {{"activation", "softmax"}};
  change(document);
  ModelCard card = parse_model_card(document, "here");
  card.folder = folder.path();
  return card;
}

std::string complaint(const ModelCard& card) {
  try {
    load_emotion_model(card);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

cv::Mat some_face() {
  cv::Mat face(4, 4, CV_8UC3);
  cv::RNG random(7);
  random.fill(face, cv::RNG::UNIFORM, 0, 256);
  return face;
}

// What the tiny network says, by its definition.
std::vector<double> by_hand(const cv::Mat& face) {
  using T = TinyNetwork;
  const double mean[] = {0.5, 0.25, 0.125};
  const double deviation[] = {0.25, 0.5, 1};
  std::vector<double> scores;
  double sum = 0;
  for (int l = 0; l < T::kLabels; ++l) {
    double score = T::full_bias(l);
    for (int m = 0; m < T::kMaps; ++m) {
      for (int y = 0; y < T::kHalf; ++y) {
        for (int x = 0; x < T::kHalf; ++x) {
          double value = T::kernel_bias(m);
          for (int c = 0; c < T::kColours; ++c) {
            for (int k = 0; k < 4; ++k) {
              // The picture is BGR, the network RGB.
              const double pixel =
                  face.at<cv::Vec3b>(2 * y + k / 2, 2 * x + k % 2)[2 - c] / 255.0;
              value += T::kernel(m, c, k / 2, k % 2) * (pixel - mean[c]) / deviation[c];
            }
          }
          score += T::full(l, m, y, x) * std::max(value, 0.0);
        }
      }
    }
    scores.push_back(std::exp(score));
    sum += scores.back();
  }
  for (double& score : scores) score /= sum;
  return scores;
}

void expect_by_hand(const ModelCard& card) {
  const cv::Mat face = some_face();
  const auto values = load_emotion_model(card)->classify(face);
  const auto expected = by_hand(face);
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_NEAR(values[i], expected[i], 1e-5) << i;
}

TEST(CaffeModel, GivesWhatIsComputedByHand) {
  const TemporaryFolder folder;
  expect_by_hand(make_card(folder, caffe_files(), "caffe"));
}

TEST(CaffeModel, TheFormatOf2014IsReadToo) {
  const TemporaryFolder folder;
  std::string layers = caffe::tiny_prototxt();
  for (const auto& [now, then] :
       std::map<std::string, std::string>{{"layer {", "layers {"},
                                          {"\"Convolution\"", "CONVOLUTION"},
                                          {"\"ReLU\"", "RELU"},
                                          {"\"InnerProduct\"", "INNER_PRODUCT"},
                                          {"\"Softmax\"", "SOFTMAX"}}) {
    for (std::size_t at = 0; (at = layers.find(now, at)) != std::string::npos;
         at += then.size()) {
      layers.replace(at, now.size(), then);
    }
  }
  expect_by_hand(make_card(
      folder, {{"a.caffemodel", caffe::tiny_caffemodel(true)}, {"b.prototxt", layers}},
      "caffe"));
}

TEST(TensorflowModel, GivesWhatIsComputedByHand) {
  const TemporaryFolder folder;
  expect_by_hand(make_card(folder, tensorflow_files(), "tensorflow"));
  expect_by_hand(make_card(folder, tensorflow_files(), "tensorflow", [](json& card) {
    card["input"]["name"] = "input";
    card["output"]["name"] = "prob";
  }));
}

// Every layer that is let through, each with what it may have.
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
  const std::string same = nhwc + text("padding", "SAME") + ints("strides", {1, 1, 1, 1});
  const std::string pool = same + ints("ksize", {1, 2, 2, 1});
  const std::string graph =
      placeholder("inpt", {1, 4, 4, 3}) + constant("kern", {3, 3, 3, 4}, ones(108)) +
      node("kred", "Identity", {"kern"}) +
      constant("pads", {4, 2}, whole({0, 0, 1, 1, 1, 1, 0, 0}), kInt32) +
      node("padd", "Pad", {"inpt", "pads"}) +
      node("conv", "Conv2D", {"padd", "kred"},
           nhwc + text("padding", "VALID") + ints("strides", {1, 1, 1, 1})) +
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

std::string changed(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::logic_error("nothing to change: " + from);
  return text.replace(at, from.size(), to);
}

std::string caffe_complaint(const std::string& layers,
                            const std::string& weights = caffe::tiny_caffemodel()) {
  const TemporaryFolder folder;
  return complaint(
      make_card(folder, {{"w.caffemodel", weights}, {"l.prototxt", layers}}, "caffe"));
}

TEST(CaffeModel, WhatIsWrongIsASentence) {
  const std::string good = caffe::tiny_prototxt();
  EXPECT_EQ(caffe_complaint(good), "");
  EXPECT_THAT(caffe_complaint("layer { name: }"), HasSubstr("line 1"));
  EXPECT_THAT(caffe_complaint(""), HasSubstr("l.prototxt"));
  EXPECT_THAT(caffe_complaint(good, "what is this"), HasSubstr("w.caffemodel"));
  EXPECT_THAT(caffe_complaint(changed(good, "stride: 2", "stride: 0")), HasSubstr("stride"));
  EXPECT_THAT(caffe_complaint(changed(good, "stride: 2", "stride: 2 group: 0")),
              HasSubstr("group"));
  EXPECT_THAT(caffe_complaint(changed(good, "kernel_size: 2", "kernel_size: 3")),
              HasSubstr("does not fit its weights"));
  EXPECT_THAT(caffe_complaint(changed(good, "num_output: 3", "num_output: 5")),
              HasSubstr("does not fit its weights"));
  EXPECT_THAT(caffe_complaint(changed(good, "\"ReLU\"", "\"Python\"")), HasSubstr("Python"));
  EXPECT_THAT(caffe_complaint(changed(good, "input_dim: 4", "input_dim: 9")),
              HasSubstr("1x3x9x4 where the card says 1x3x4x4"));
  EXPECT_THAT(caffe_complaint(changed(good, "bottom: \"data\"", "bottom: \"nobody\"")),
              HasSubstr("nobody, which nothing makes"));
  EXPECT_THAT(caffe_complaint(changed(good, "num_output: 3", "num_output: 3 bias_term: false")),
              HasSubstr("biases"));
  // Weights of a sound size in themselves that are for another number of inputs.
  const std::string conv = caffe::layer(
      "conv", {caffe::blob({2, 3, 2, 2}, std::vector<float>(24, 1)), caffe::blob({2}, {0, 0})});
  EXPECT_THAT(
      caffe_complaint(
          good, conv + caffe::layer("full", {caffe::blob({3, 4}, std::vector<float>(12, 1)),
                                             caffe::blob({3}, {0, 0, 0})})),
      HasSubstr("another number of inputs"));
  EXPECT_THAT(caffe_complaint(good, conv + caffe::layer("full", {caffe::blob({3, 0}, {}),
                                                                 caffe::blob({3}, {0, 0, 0})})),
              HasSubstr("size of 0"));
  EXPECT_THAT(caffe_complaint(good, conv + caffe::layer("full", {caffe::blob({3, 8}, {1, 2}),
                                                                 caffe::blob({3}, {0, 0, 0})})),
              HasSubstr("other data than its size says"));
  const TemporaryFolder folder;
  EXPECT_THAT(complaint(make_card(folder, {{"l.prototxt", good}}, "caffe")),
              HasSubstr(".caffemodel"));
  EXPECT_THAT(complaint(make_card(folder, caffe_files(), "caffe",
                                  [](json& card) { card["input"]["layout"] = "nhwc"; })),
              HasSubstr("nhwc"));
}

// Channels that fewer weights are for are read beyond their end by OpenCV.
TEST(CaffeModel, WeightsForOtherChannelsAreRefused) {
  const std::string good = caffe::tiny_prototxt();
  const auto with = [&](const std::string& layer) {
    return changed(good, "layer { name: \"full\"", layer + "\nlayer { name: \"full\"");
  };
  for (const int channels : {1, 2, 3, 40}) {
    const std::vector<float> some(static_cast<std::size_t>(channels), 1);
    const std::string problem = caffe_complaint(
        with("layer { name: \"norm\" type: \"BatchNorm\" bottom: \"conv\" top: \"conv\" }"),
        caffe::tiny_caffemodel() +
            caffe::layer("norm", {caffe::blob({channels}, some), caffe::blob({channels}, some),
                                  caffe::blob({1}, {1})}));
    EXPECT_EQ(problem.empty(), channels == 2) << channels << ": " << problem;
    const std::string slope = caffe_complaint(
        with("layer { name: \"slope\" type: \"PReLU\" bottom: \"conv\" top: \"conv\" }"),
        caffe::tiny_caffemodel() + caffe::layer("slope", {caffe::blob({channels}, some)}));
    EXPECT_EQ(slope.empty(), channels == 2) << channels << ": " << slope;
    const std::string scale = caffe_complaint(
        with("layer { name: \"scale\" type: \"Scale\" bottom: \"conv\" top: \"conv\" }"),
        caffe::tiny_caffemodel() + caffe::layer("scale", {caffe::blob({channels}, some)}));
    EXPECT_EQ(scale.empty(), channels == 2) << channels << ": " << scale;
  }
}

std::string tensorflow_complaint(
    const std::string& graph, const std::function<void(json&)>& change = [](json&) {}) {
  const TemporaryFolder folder;
  return complaint(make_card(folder, {{"g.pb", graph}}, "tensorflow", change));
}

TEST(TensorflowModel, WhatIsWrongIsASentence) {
  using namespace tensorflow;
  const std::string good = tiny_graph();
  EXPECT_EQ(tensorflow_complaint(good), "");
  EXPECT_THAT(tensorflow_complaint("no graph at all"), HasSubstr("g.pb"));
  EXPECT_THAT(tensorflow_complaint(""), HasSubstr("g.pb"));
  EXPECT_THAT(tensorflow_complaint(changed(good, "MatMul", "Whizz!")), HasSubstr("Whizz!"));
  EXPECT_THAT(tensorflow_complaint(changed(good, "VALID", "VALUE")), HasSubstr("padding"));
  EXPECT_THAT(tensorflow_complaint(
                  changed(good, ints("strides", {1, 2, 2, 1}), ints("strides", {1, 2, 0, 1}))),
              HasSubstr("strides"));
  EXPECT_THAT(tensorflow_complaint(good, [](json& card) { card["input"]["layout"] = "nchw"; }),
              HasSubstr("?x4x4x3 where the card says 1x3x4x4"));
  EXPECT_THAT(tensorflow_complaint(good, [](json& card) { card["input"]["name"] = "other"; }),
              HasSubstr("test-model"));
  EXPECT_THAT(tensorflow_complaint(good + placeholder("second", {1, 4, 4, 3})),
              HasSubstr("2 inputs"));
  EXPECT_THAT(tensorflow_complaint(good + constant("zero", {0}, "")), HasSubstr("size of 0"));
  EXPECT_THAT(tensorflow_complaint(good + constant("short", {9}, floats({1, 2}))),
              HasSubstr("other data than its size says"));
  EXPECT_THAT(tensorflow_complaint(good + node("a", "Relu", {"b"}) + node("b", "Relu", {"a"})),
              HasSubstr("lead back"));
  EXPECT_THAT(tensorflow_complaint(good + node("a", "Relu", {"nobody"})), HasSubstr("nobody"));
  EXPECT_THAT(tensorflow_complaint(good + node("a", "Relu", {"relu:1"})), HasSubstr("relu:1"));
  EXPECT_THAT(tensorflow_complaint(good + node("a", "Squeeze", {"relu"})),
              HasSubstr("squeeze"));
  EXPECT_THAT(tensorflow_complaint(good + constant("at", {1}, whole({1}), kInt32) +
                                   node("a", "ConcatV2", {"relu", "relu", "at"})),
              HasSubstr("wrong constant"));
  EXPECT_THAT(
      tensorflow_complaint(good + node("a", "Identity", {"relu"}) +
                           node("b", "Identity", {"a"}) + node("c", "Mul", {"relu", "b"})),
      HasSubstr("Identity"));
  // As many biases as a neighbour would need.
  EXPECT_THAT(
      tensorflow_complaint(good + constant("wide", {3}, floats({1, 2, 3})) +
                           node("next", "Conv2D", {"input", "kernel"},
                                ints("strides", {1, 2, 2, 1}) + text("padding", "VALID")) +
                           node("bias", "BiasAdd", {"next", "wide"})),
      HasSubstr("test-model"));
}

TEST(ForeignModels, EveryLayerThatIsLetThroughRuns) {
  const TemporaryFolder folder;
  EXPECT_EQ(complaint(make_card(folder, rich_caffe_files(), "caffe")), "");
  EXPECT_EQ(complaint(make_card(folder, rich_tensorflow_files(), "tensorflow")), "");
}

// In a process of its own, because what it looks for is the end of the process.
[[noreturn]] void load_damaged(const std::vector<Files>& all, const std::string& format) {
  const TemporaryFolder folder;
  std::size_t refused = 0;
  for (const auto& files : all) {
    if (!complaint(make_card(folder, files, format)).empty()) ++refused;
  }
  std::fprintf(stderr, "refused %zu of %zu\n", refused, all.size());
  std::filesystem::remove_all(folder.path());
  std::_Exit(0);
}

// More by hand: MIEN_SCRATCHES=100000.
const int kScratches = [] {
  const char* wish = std::getenv("MIEN_SCRATCHES");
  return wish != nullptr ? std::atoi(wish) : 500;
}();

class DamagedForeignModel : public ::testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

  // Every byte of `name` in two ways, and beginnings of it.
  static std::vector<Files> every_scratch(const Files& sound, const std::string& name) {
    std::vector<Files> all;
    const std::string& content = sound.at(name);
    for (std::size_t at = 0; at < content.size(); ++at) {
      for (const int value : {content[at] ^ 1, 0}) {
        all.push_back(sound);
        all.back()[name][at] = static_cast<char>(value);
      }
      if (at % 4 != 0) continue;
      all.push_back(sound);
      all.back()[name].resize(at);
    }
    return all;
  }
};

TEST_F(DamagedForeignModel, CaffeWeights) {
  const auto all = every_scratch(caffe_files(), "tiny.caffemodel");
  EXPECT_EXIT(load_damaged(all, "caffe"), ::testing::ExitedWithCode(0), "refused [1-9]");
}

TEST_F(DamagedForeignModel, CaffeLayers) {
  const auto all = every_scratch(caffe_files(), "tiny.prototxt");
  EXPECT_EXIT(load_damaged(all, "caffe"), ::testing::ExitedWithCode(0), "refused [1-9]");
}

TEST_F(DamagedForeignModel, TensorflowGraphs) {
  const auto all = every_scratch(tensorflow_files(), "tiny.pb");
  EXPECT_EXIT(load_damaged(all, "tensorflow"), ::testing::ExitedWithCode(0), "refused [1-9]");
}

// Every number in the text becomes others that a hand or a bad program may write.
TEST_F(DamagedForeignModel, CaffeNumbers) {
  const Files sound = rich_caffe_files();
  const std::string& text = sound.at("rich.prototxt");
  std::vector<Files> all;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (std::isdigit(static_cast<unsigned char>(text[at])) == 0 || text[at - 1] != ' ')
      continue;
    const auto end = text.find_first_not_of("0123456789.", at);
    for (const char* number : {"0", "1", "2", "3", "7", "8", "-1", "255", "65536", "70000",
                               "2147483647", "4294967295", "1e30", "nan"}) {
      all.push_back(sound);
      all.back()["rich.prototxt"] = text.substr(0, at) + number + text.substr(end);
    }
  }
  ASSERT_GT(all.size(), 400U);
  EXPECT_EXIT(load_damaged(all, "caffe"), ::testing::ExitedWithCode(0), "refused [1-9]");
}

// And every layer's type every other one's, every input every other layer.
TEST_F(DamagedForeignModel, CaffeWords) {
  const Files sound = rich_caffe_files();
  const std::string& text = sound.at("rich.prototxt");
  std::vector<std::string> types;
  std::vector<std::string> tops;
  const auto collect = [&](const std::string& key, std::vector<std::string>& words) {
    for (std::size_t at = 0; (at = text.find(key, at)) != std::string::npos; ++at) {
      const auto start = at + key.size();
      words.push_back(text.substr(start, text.find('"', start) - start));
    }
  };
  collect("type: \"", types);
  collect("top: \"", tops);
  std::vector<Files> all;
  const auto vary = [&](const std::string& key, const std::vector<std::string>& words) {
    for (std::size_t at = 0; (at = text.find(key, at)) != std::string::npos; ++at) {
      const auto start = at + key.size();
      for (const auto& word : words) {
        all.push_back(sound);
        all.back()["rich.prototxt"] =
            text.substr(0, start) + word + text.substr(text.find('"', start));
      }
    }
  };
  vary("type: \"", types);
  vary("bottom: \"", tops);
  EXPECT_EXIT(load_damaged(all, "caffe"), ::testing::ExitedWithCode(0), "refused [1-9]");
}

// Every input of every layer becomes every other layer.
TEST_F(DamagedForeignModel, TensorflowWords) {
  const std::string sound = rich_tensorflow_files().at("rich.pb");
  const auto collect = [&](const std::string& before) {
    std::vector<std::size_t> places;
    for (std::size_t at = 0; (at = sound.find(before, at)) != std::string::npos; ++at) {
      places.push_back(at + before.size());
    }
    return places;
  };
  std::set<std::string> names;
  for (const auto at : collect("\x0A\x04")) names.insert(sound.substr(at, 4));
  const auto inputs = collect("\x1A\x04");
  ASSERT_GE(names.size(), 30U);
  ASSERT_GE(inputs.size(), 30U);
  std::vector<Files> all;
  for (const auto at : inputs) {
    for (const auto& name : names)
      all.push_back({{"rich.pb", std::string(sound).replace(at, 4, name)}});
  }
  EXPECT_EXIT(load_damaged(all, "tensorflow"), ::testing::ExitedWithCode(0), "refused [1-9]");
}

TEST_F(DamagedForeignModel, RichFilesScratchedAtRandom) {
  std::mt19937 random(20261122);
  for (const auto& [files, name, format] :
       {std::tuple{rich_caffe_files(), "rich.caffemodel", "caffe"},
        std::tuple{rich_tensorflow_files(), "rich.pb", "tensorflow"}}) {
    std::vector<Files> all;
    const std::string& content = files.at(name);
    for (int i = 0; i < kScratches; ++i) {
      all.push_back(files);
      std::string& bytes = all.back()[name];
      for (unsigned flip = 0; flip <= random() % 3; ++flip) {
        static constexpr int kValues[] = {0, 1, 2, 3, 4, 5, 8, 127, 128, 255};
        bytes[random() % content.size()] = static_cast<char>(kValues[random() % 10]);
      }
    }
    EXPECT_EXIT(load_damaged(all, format), ::testing::ExitedWithCode(0), "refused [1-9]");
  }
}

}  // namespace
}  // namespace mien
