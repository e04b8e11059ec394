#include "onnx_depthwise.hpp"

#include <gtest/gtest.h>
#include <opencv2/dnn.hpp>

#include "onnx_guard.hpp"
#include "support/model_folder.hpp"
#include "support/onnx_bytes.hpp"

namespace mien::models {
namespace {

using namespace testing::onnx_bytes;

constexpr int kChannels = 3;

struct Layer {
  int width = 7;
  int made = 7;
  std::int64_t stride = 1;
  std::vector<std::int64_t> pads = {1, 1, 1, 1};
  std::vector<std::string> more;
  int group = kChannels;
  int outputs = kChannels;
  std::vector<std::string> after;  // layers behind it, one behind the other
};

std::string file(const Layer& layer) {
  const std::int64_t inputs = kChannels / layer.group;
  std::vector<float> weights(static_cast<std::size_t>(layer.outputs * inputs * 9));
  for (std::size_t i = 0; i < weights.size(); ++i)
    weights[i] = 0.3F * static_cast<float>(i % 7) - 1;
  Graph graph;
  graph.inputs = {value("input", {1, kChannels, layer.width, layer.width})};
  std::vector<std::string> attributes = {ints("strides", {layer.stride, layer.stride}),
                                         ints("kernel_shape", {3, 3}),
                                         integer("group", layer.group)};
  if (!layer.pads.empty()) attributes.push_back(ints("pads", layer.pads));
  attributes.insert(attributes.end(), layer.more.begin(), layer.more.end());
  std::string last = "made";
  graph.nodes = {node("Conv", {"input", "weights", "bias"}, {last}, attributes)};
  for (const auto& type : layer.after) {
    graph.nodes.push_back(node(type, {last}, {last + "+"}));
    last += "+";
  }
  graph.initializers = {
      tensor("weights", {layer.outputs, inputs, 3, 3}, floats(weights)),
      tensor("bias", {layer.outputs},
             floats(std::vector<float>(static_cast<std::size_t>(layer.outputs), 0.25F)))};
  graph.outputs = {value(last, {1, layer.outputs, layer.made, layer.made})};
  return model(graph);
}

// What read_checked_onnx() makes of the file.
std::string as_read(const std::string& content, int width) {
  const testing::TemporaryFolder folder;
  auto described = testing::emotion_card(folder, content);
  described["input"]["width"] = described["input"]["height"] = width;
  described["input"]["channels"] = "rgb";
  described["image_mean"] = described["image_std"] = {0.5, 0.5, 0.5};
  ModelCard card = parse_model_card(described, "here");
  card.folder = folder.path();
  const auto read = read_checked_onnx(card);
  return {read.begin(), read.end()};
}

cv::Mat answer(const std::string& content, int width) {
  cv::dnn::Net net = cv::dnn::readNetFromONNX(content.data(), content.size());
  const int sizes[] = {1, kChannels, width, width};
  cv::Mat input(4, sizes, CV_32F);
  cv::RNG(5).fill(input, cv::RNG::UNIFORM, -1, 1);
  net.setInput(input);
  return net.forward().clone();
}

void expect_same_but_wider(const Layer& layer) {
  if (!kNarrowDepthwiseIsSlow) GTEST_SKIP() << "OpenCV " CV_VERSION " gains nothing by it";
  const std::string plain = file(layer);
  const std::string wide = as_read(plain, layer.width);
  EXPECT_NE(wide, plain);
  EXPECT_NE(wide.find("Slice"), std::string::npos);
  const cv::Mat expected = answer(plain, layer.width);
  const cv::Mat given = answer(wide, layer.width);
  ASSERT_EQ(given.size, expected.size);
  EXPECT_GT(cv::norm(expected, cv::NORM_INF), 0.5);
  EXPECT_LT(cv::norm(expected, given, cv::NORM_INF), 1e-5);
  EXPECT_EQ(as_read(wide, layer.width), wide) << "sound, and once is enough";
}

TEST(WidenDepthwise, ComputesTheSame) { expect_same_but_wider({}); }

TEST(WidenDepthwise, ComputesTheSameWithStrideAndPaddingOnOneSide) {
  Layer layer;
  layer.width = 16;
  layer.made = 8;
  layer.stride = 2;
  layer.pads = {0, 0, 1, 1};
  expect_same_but_wider(layer);
}

TEST(WidenDepthwise, ComputesTheSameWithoutPadding) {
  Layer layer;
  layer.pads = {};
  layer.made = 5;
  expect_same_but_wider(layer);
}

TEST(WidenDepthwise, ARectifierStaysNextToItsConvolution) {
  Layer layer;
  layer.after = {"Relu", "Sigmoid"};
  expect_same_but_wider(layer);
  const std::string wide = as_read(file(layer), layer.width);
  EXPECT_LT(wide.find("Relu"), wide.find("Slice"));
}

TEST(WidenDepthwise, WhatIsFastAlreadyOrNoDepthwiseStaysAsItIs) {
  Layer wide;
  wide.width = wide.made = 18;
  Layer twice_the_channels;
  twice_the_channels.outputs = 2 * kChannels;
  Layer full;
  full.group = 1;
  Layer padded_by_name;
  padded_by_name.pads = {};
  padded_by_name.more = {bytes(1, "auto_pad") + number(20, 3) + bytes(4, "SAME_UPPER")};
  for (const Layer& layer : {wide, twice_the_channels, full, padded_by_name}) {
    EXPECT_EQ(as_read(file(layer), layer.width), file(layer));
  }
}

}  // namespace
}  // namespace mien::models
