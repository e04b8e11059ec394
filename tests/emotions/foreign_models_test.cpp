#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foreign_model_files.hpp"
#include "load_error.hpp"
#include "support/foreign_bytes.hpp"

namespace mien::emotions {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using testing::TemporaryFolder;
using testing::TinyNetwork;
namespace caffe = testing::caffe_bytes;
namespace tensorflow = testing::tensorflow_bytes;

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

void expect_by_hand(const models::ModelCard& card) {
  const cv::Mat face = some_face();
  const auto values = load_emotion_model(card)->classify(face);
  const auto expected = by_hand(face);
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_NEAR(values[i], expected[i], 1e-5) << i;
}

TEST(CaffeModel, GivesWhatIsComputedByHand) {
  const TemporaryFolder folder;
  expect_by_hand(foreign_card(folder, caffe_files(), "caffe"));
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
  expect_by_hand(foreign_card(
      folder, {{"a.caffemodel", caffe::tiny_caffemodel(true)}, {"b.prototxt", layers}},
      "caffe"));
}

TEST(TensorflowModel, GivesWhatIsComputedByHand) {
  const TemporaryFolder folder;
  expect_by_hand(foreign_card(folder, tensorflow_files(), "tensorflow"));
  expect_by_hand(foreign_card(folder, tensorflow_files(), "tensorflow", [](json& card) {
    card["input"]["name"] = "input";
    card["output"]["name"] = "prob";
  }));
}

std::string changed(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::logic_error("nothing to change: " + from);
  return text.replace(at, from.size(), to);
}

std::string caffe_complaint(const std::string& layers,
                            const std::string& weights = caffe::tiny_caffemodel()) {
  const TemporaryFolder folder;
  return emotions::load_error(
      foreign_card(folder, {{"w.caffemodel", weights}, {"l.prototxt", layers}}, "caffe"));
}

TEST(CaffeModel, WhatIsWrongIsASentence) {
  const std::string good = caffe::tiny_prototxt();
  EXPECT_EQ(caffe_complaint(good), "");
  const auto names_it = HasSubstr("test-model");
  EXPECT_THAT(caffe_complaint("layer { name: }"), names_it);
  EXPECT_THAT(caffe_complaint(good, "what is this"), names_it);
  EXPECT_THAT(caffe_complaint(changed(good, "num_output: 3", "num_output: 5")), names_it);
  EXPECT_THAT(caffe_complaint(changed(good, "\"ReLU\"", "\"Python\"")), names_it);
  EXPECT_THAT(caffe_complaint(changed(good, "bottom: \"data\"", "bottom: \"nobody\"")),
              names_it);
  // Weights of a sound size in themselves that are for another number of inputs.
  const std::string conv = caffe::layer(
      "conv", {caffe::blob({2, 3, 2, 2}, std::vector<float>(24, 1)), caffe::blob({2}, {0, 0})});
  EXPECT_THAT(
      caffe_complaint(
          good, conv + caffe::layer("full", {caffe::blob({3, 4}, std::vector<float>(12, 1)),
                                             caffe::blob({3}, {0, 0, 0})})),
      HasSubstr("another number of inputs"));
  const TemporaryFolder folder;
  EXPECT_THAT(emotions::load_error(foreign_card(folder, {{"l.prototxt", good}}, "caffe")),
              HasSubstr(".caffemodel"));
  EXPECT_THAT(
      emotions::load_error(foreign_card(folder, caffe_files(), "caffe",
                                        [](json& card) { card["input"]["layout"] = "nhwc"; })),
      HasSubstr("nhwc"));
}

// What divides by zero or reads beyond its weights in OpenCV ends another process than this
// one.
TEST(CaffeModel, WhatWouldEndTheProgramIsASentence) {
  const std::string good = caffe::tiny_prototxt();
  for (const std::string& layers : {changed(good, "stride: 2", "stride: 0"),
                                    changed(good, "stride: 2", "stride: 2 group: 0"),
                                    changed(good, "kernel_size: 2", "kernel_size: 3")}) {
    EXPECT_THAT(caffe_complaint(layers),
                ::testing::AnyOf(HasSubstr("test-model"), HasSubstr("l.prototxt"),
                                 HasSubstr("w.caffemodel")));
  }
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
    if (channels == 1) continue;  // from OpenCV 4.7 on one weight is for all channels
    EXPECT_EQ(scale.empty(), channels == 2) << channels << ": " << scale;
  }
}

std::string tensorflow_complaint(
    const std::string& graph, const std::function<void(json&)>& change = [](json&) {}) {
  const TemporaryFolder folder;
  return emotions::load_error(foreign_card(folder, {{"g.pb", graph}}, "tensorflow", change));
}

TEST(TensorflowModel, WhatIsWrongIsASentence) {
  using namespace tensorflow;
  const std::string good = tiny_graph();
  EXPECT_EQ(tensorflow_complaint(good), "");
  const auto names_it = ::testing::AnyOf(HasSubstr("test-model"), HasSubstr("g.pb"));
  EXPECT_THAT(tensorflow_complaint("no graph at all"), names_it);
  EXPECT_THAT(tensorflow_complaint(""), names_it);
  EXPECT_THAT(tensorflow_complaint(changed(good, "MatMul", "Whizz!")), names_it);
  EXPECT_THAT(tensorflow_complaint(changed(good, int_list("strides", {1, 2, 2, 1}),
                                           int_list("strides", {1, 2, 0, 1}))),
              names_it);
  EXPECT_THAT(tensorflow_complaint(good, [](json& card) { card["input"]["name"] = "other"; }),
              names_it);
}

TEST(ForeignModels, EveryLayerThatIsLetThroughRuns) {
  const TemporaryFolder folder;
  EXPECT_EQ(emotions::load_error(foreign_card(folder, rich_caffe_files(), "caffe")), "");
  EXPECT_EQ(emotions::load_error(foreign_card(folder, rich_tensorflow_files(), "tensorflow")),
            "");
}

}  // namespace
}  // namespace mien::emotions
