#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/dnn.hpp>

#include "mien/base/error.hpp"
#include "mien/models/network.hpp"
#include "mien/models/sha256.hpp"

#include "onnx_guard.hpp"
#include "support/model_folder.hpp"
#include "support/onnx_bytes.hpp"

namespace mien::models {
namespace {

using namespace testing::onnx_bytes;
using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::HasSubstr;
using ::testing::Pointwise;
using testing::TemporaryFolder;

// A network of one picture of 1 x 2 x 2 x 2, whose numbers are -3, -1, 1, ... 11, and what
// comes out of it through everything that a loaded file passes.
class Lowering : public ::testing::Test {
 protected:
  Lowering() { graph_.inputs = {value("input", {1, 2, 2, 2})}; }

  std::vector<float> run(int opset, int ir_version = 8) {
    const std::string content = model(graph_, opset, ir_version);
    auto document = testing::emotion_card(folder_, content);
    document["input"] = {{"width", 2}, {"height", 2}, {"channels", "rgb"}};
    document["image_mean"] = {0, 0, 0};
    document["image_std"] = {1, 1, 1};
    for (const auto& [name, bytes] : beside_) {
      const auto file = folder_.write(name, bytes);
      document["files"].push_back(
          {{"name", name}, {"size", bytes.size()}, {"sha256", sha256_file(file)}});
    }
    ModelCard card = parse_model_card(document, "card.json");
    card.folder = folder_.path();
    // Two channels, which no card has: the sizes are the file's own matter here.
    card.architecture = "yunet";
    auto net = load_network(card, [](cv::dnn::Net&) {});
    const int sizes[] = {1, 2, 2, 2};
    cv::Mat picture(4, sizes, CV_32F);
    for (int i = 0; i < 8; ++i) picture.ptr<float>()[i] = static_cast<float>(2 * i - 3);
    net.setInput(picture);
    const cv::Mat result = net.forward();
    shape_.assign(result.size.p, result.size.p + result.dims);
    return {result.ptr<float>(), result.ptr<float>() + result.total()};
  }

  void constant(const std::string& name, const std::vector<std::int64_t>& values) {
    graph_.initializers.push_back(
        tensor(name, {static_cast<std::int64_t>(values.size())}, longs(values), kLong));
  }
  void scalar(const std::string& name, float number) {
    graph_.initializers.push_back(tensor(name, {}, floats({number})));
  }

  Graph graph_;
  TemporaryFolder folder_;
  std::vector<std::pair<std::string, std::string>> beside_;
  std::vector<int> shape_;
};

TEST_F(Lowering, LimitsOfClip) {
  scalar("low", 0);
  scalar("high", 6);
  graph_.nodes = {node("Clip", {"input", "low", "high"}, {"out"})};
  graph_.outputs = {value("out", {1, 2, 2, 2})};
  for (const int opset : {11, 12, 13, 17, 18}) {
    EXPECT_THAT(run(opset), ElementsAre(0, 0, 1, 3, 5, 6, 6, 6)) << opset;
  }
  graph_.nodes = {node("Clip", {"input", "", "high"}, {"out"})};
  EXPECT_THAT(run(13), ElementsAre(-3, -1, 1, 3, 5, 6, 6, 6));
}

TEST_F(Lowering, ConstantsThatAreLayersAndOtherNamesOfThem) {
  graph_.nodes = {
      node("Constant", {}, {"low"}, {tensor_attribute("value", tensor("", {}, floats({2})))}),
      node("Identity", {"low"}, {"same"}), node("Clip", {"input", "same"}, {"out"})};
  graph_.outputs = {value("out", {1, 2, 2, 2})};
  EXPECT_THAT(run(13), ElementsAre(2, 2, 2, 3, 5, 7, 9, 11));
}

TEST_F(Lowering, AxesOfSqueezeAndUnsqueeze) {
  constant("first", {0});
  constant("last", {-1});
  graph_.nodes = {node("Squeeze", {"input", "first"}, {"three"}),
                  node("Unsqueeze", {"three", "last"}, {"four"}),
                  node("Relu", {"four"}, {"out"})};
  graph_.outputs = {value("out", {2, 2, 2, 1})};
  EXPECT_THAT(run(13), ElementsAre(0, 0, 1, 3, 5, 7, 9, 11));
  EXPECT_THAT(shape_, ElementsAre(2, 2, 2, 1));
}

TEST_F(Lowering, AxesOfReductions) {
  constant("picture", {2, 3});
  graph_.nodes = {node("ReduceSum", {"input", "picture"}, {"out"}, {integer("keepdims", 0)})};
  graph_.outputs = {value("out", {1, 2})};
  EXPECT_THAT(run(13), ElementsAre(0, 32));
  graph_.nodes = {node("ReduceMean", {"input", "picture"}, {"out"}, {integer("keepdims", 0)})};
  EXPECT_THAT(run(18), ElementsAre(0, 8));
  graph_.nodes = {node("ReduceMax", {"input", "picture"}, {"out"}, {integer("keepdims", 0)})};
  EXPECT_THAT(run(18), ElementsAre(3, 11));
}

TEST_F(Lowering, GemmWithARowPerInput) {
  std::vector<float> weights(8 * 3);
  std::iota(weights.begin(), weights.end(), 0.0F);
  graph_.initializers = {tensor("weights", {8, 3}, floats(weights)),
                         tensor("bias", {3}, floats({10, 20, 30}))};
  graph_.outputs = {value("out", {1, 3})};
  std::vector<float> expected(3, 0.0F);
  for (int i = 0; i < 8; ++i) {
    for (int j = 0; j < 3; ++j) {
      expected[static_cast<std::size_t>(j)] += static_cast<float>((2 * i - 3) * (3 * i + j));
    }
  }
  const std::vector<float> bias = {10, 20, 30};
  const auto near = [&](float alpha, float beta) {
    std::vector<float> all;
    for (std::size_t j = 0; j < 3; ++j) all.push_back(alpha * expected[j] + beta * bias[j]);
    return Pointwise(FloatNear(1e-3F), all);
  };
  const auto with = [&](const std::vector<std::string>& attributes) {
    graph_.nodes = {node("Flatten", {"input"}, {"flat"}),
                    node("Gemm", {"flat", "weights", "bias"}, {"out"}, attributes)};
    return run(13);
  };
  EXPECT_THAT(with({}), near(1, 1));
  EXPECT_THAT(with({integer("transB", 0)}), near(1, 1));
  EXPECT_THAT(with({real("alpha", 0.5F), real("beta", 2)}), near(0.5F, 2));
}

TEST_F(Lowering, DropoutWithItsRatioAsAnInput) {
  scalar("ratio", 0.5F);
  graph_.initializers.push_back(tensor("training", {}, std::string(1, '\0'), kBool));
  graph_.nodes = {node("Dropout", {"input", "ratio", "training"}, {"same"}),
                  node("Relu", {"same"}, {"out"})};
  graph_.outputs = {value("out", {1, 2, 2, 2})};
  EXPECT_THAT(run(13), ElementsAre(0, 0, 1, 3, 5, 7, 9, 11));
}

TEST_F(Lowering, PadWithoutAValueAndWithAxes) {
  constant("pads", {0, 0, 0, 1, 0, 0, 0, 0});
  graph_.nodes = {node("Pad", {"input", "pads", ""}, {"out"})};
  graph_.outputs = {value("out", {1, 2, 2, 3})};
  const auto expected = ElementsAre(0, -3, -1, 0, 1, 3, 0, 5, 7, 0, 9, 11);
  EXPECT_THAT(run(13), expected);
  graph_.initializers.clear();
  constant("pads", {1, 0});
  constant("axes", {-1});
  graph_.nodes = {node("Pad", {"input", "pads", "", "axes"}, {"out"})};
  EXPECT_THAT(run(18), expected);
}

TEST_F(Lowering, AnOpenBatchIsOne) {
  graph_.inputs = {open_value("input", {2, 2, 2})};
  graph_.nodes = {node("Relu", {"input"}, {"out"})};
  graph_.outputs = {open_value("out", {2, 2, 2})};
  EXPECT_THAT(run(13), ElementsAre(0, 0, 1, 3, 5, 7, 9, 11));
}

TEST_F(Lowering, ANewerIrVersionIsNoDamage) {
  graph_.nodes = {node("Relu", {"input"}, {"out"})};
  graph_.outputs = {value("out", {1, 2, 2, 2})};
  for (const int ir_version : {8, 9, 10, 12}) {
    EXPECT_THAT(run(13, ir_version), ElementsAre(0, 0, 1, 3, 5, 7, 9, 11)) << ir_version;
  }
}

TEST_F(Lowering, WeightsInAnotherFileOfTheCard) {
  const auto entry = [](const std::string& key, const std::string& word) {
    return bytes(13, bytes(1, key) + bytes(2, word));
  };
  graph_.initializers = {number(1, 2) + number(2, kFloat) + bytes(8, "more") +
                         entry("location", "net.data") + entry("offset", "4") +
                         entry("length", "8") + number(14, 1)};
  graph_.nodes = {node("Add", {"input", "more"}, {"out"})};
  graph_.outputs = {value("out", {1, 2, 2, 2})};
  EXPECT_THROW(run(13), base::Error) << "the file is not in the card";
  beside_ = {{"net.data", floats({99, 1, 2})}};
  EXPECT_THAT(run(13), ElementsAre(-2, 1, 2, 5, 6, 9, 10, 13));
  beside_ = {{"net.data", floats({99, 1})}};
  EXPECT_THROW(run(13), base::Error) << "the file is too short";
}

TEST_F(Lowering, WhatIsStillNotReadSaysWhatToDo) {
  graph_.nodes = {node("Det", {"input"}, {"out"})};
  graph_.outputs = {value("out", {1, 2})};
  try {
    run(11);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("opset 11"));
    EXPECT_THAT(error.what(), HasSubstr("onnx_for_mien.py"));
  }
}

TEST(OnnxOutline, SaysWhatAFileTakesAndGives) {
  const auto outline_of = [](const std::vector<std::string>& nodes) {
    Graph graph;
    graph.inputs = {open_value("picture", {1, 64, 64})};
    graph.initializers = {tensor("a", {1}, floats({127.5F})), tensor("b", {1}, floats({255})),
                          tensor("half", {1}, floats({0.5F}))};
    graph.nodes = nodes;
    graph.outputs = {open_value("out", {1, 64, 64})};
    return outline_onnx(model(graph, 12), "file");
  };
  const auto bytes_first =
      outline_of({node("Sub", {"picture", "a"}, {"x"}), node("Div", {"x", "b"}, {"out"})});
  EXPECT_TRUE(bytes_first.takes_bytes);
  EXPECT_THAT(bytes_first.input_shape, ElementsAre(1, 1, 64, 64));
  EXPECT_TRUE(outline_of({node("Div", {"picture", "b"}, {"out"})}).takes_bytes);
  EXPECT_FALSE(outline_of({node("Sub", {"picture", "half"}, {"out"})}).takes_bytes);
  EXPECT_FALSE(outline_of({node("Relu", {"picture"}, {"x"}), node("Div", {"x", "b"}, {"out"})})
                   .takes_bytes);
  const auto copy = to_outline(to_text(bytes_first));
  EXPECT_EQ(copy.input, "picture");
  EXPECT_EQ(copy.output, "out");
  EXPECT_EQ(copy.input_shape, bytes_first.input_shape);
  EXPECT_TRUE(copy.takes_bytes);
  EXPECT_ANY_THROW(to_outline("[1, 2]"));
}

}  // namespace
}  // namespace mien::models
