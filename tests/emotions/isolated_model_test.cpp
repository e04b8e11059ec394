#include "isolated_model.hpp"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"

#include "load_error.hpp"
#include "support/model_folder.hpp"
#include "support/onnx_bytes.hpp"
#include "support/shipped_models.hpp"

namespace mien::emotions {
namespace {

namespace fs = std::filesystem;
using namespace testing::onnx_bytes;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using testing::TemporaryFolder;

TEST(IsolatedModel, SaysWhatTheSameModelSaysHere) {
  const TemporaryFolder folder;
  fs::copy(testing::kShippedModels / "mien-base", folder / "copy", fs::copy_options::recursive);
  const auto apart = load_emotion_model(models::load_model_card(folder / "copy"));
  EXPECT_NE(dynamic_cast<IsolatedModel*>(apart.get()), nullptr);
  const auto here =
      load_emotion_model(models::load_model_card(testing::kShippedModels / "mien-base"));
  EXPECT_EQ(dynamic_cast<IsolatedModel*>(here.get()), nullptr);
  cv::Mat face(60, 60, CV_8UC3);
  cv::randu(face, 0, 256);
  EXPECT_EQ(apart->classify(face), here->classify(face));
  const auto there = apart->answer(face);
  EXPECT_EQ(there.embedding, here->answer(face).embedding);
  EXPECT_EQ(there.probabilities, here->answer(face).probabilities);
}

models::ModelCard card_of(
    const TemporaryFolder& folder, const Graph& graph, int opset,
    const std::function<void(json&)>& change = [](json&) {}) {
  json document = testing::emotion_card(folder, model(graph, opset));
  document["output"] = {{"activation", "logits"}};
  change(document);
  models::ModelCard card = models::parse_model_card(document, "here");
  card.folder = folder.path();
  return card;
}

// Networks that pass ONNX's own rules, or end its check, and then end OpenCV 4.6.
TEST(IsolatedModel, FilesThatEndAProcessEndAnother) {
  const std::string weights = tensor("w", {3, 64}, floats(std::vector<float>(192, 0.01F)));
  const auto with = [&](int opset, std::vector<std::string> nodes,
                        std::vector<std::string> constants, std::vector<std::int64_t> made) {
    Graph graph;
    graph.inputs = {value("input", {1, 1, 8, 8})};
    graph.nodes = std::move(nodes);
    graph.initializers = std::move(constants);
    graph.outputs = {value("y", made)};
    return std::pair(graph, opset);
  };
  const std::string four = tensor("v", {1}, floats({1}));
  const std::pair<Graph, int> all[] = {
      with(13, {node("Expand", {"input", "shape"}, {"y"})},
           {tensor("shape", {2}, longs({-4, 9}), kLong)}, {1, 1, 8, 8}),
      with(13,
           {node("Shape", {"input"}, {"s"}), node("Expand", {"input", "s"}, {"e"}),
            node("Shape", {"e"}, {"y"})},
           {}, {4}),
      with(11, {node("Gather", {"input", "i"}, {"y"}, {integer("axis", -1)})},
           {tensor("i", {1}, longs({7}), kLong)}, {1, 1, 8, 1}),
      with(11, {node("Flatten", {"input"}, {"f"}), node("ConvTranspose", {"f", "k"}, {"y"})},
           {tensor("k", {64, 3, 3, 3}, floats(std::vector<float>(1728, 1)))}, {1, 3}),
      with(11, {node("Flatten", {"input"}, {"f"}), node("Conv", {"f", "k"}, {"y"})},
           {tensor("k", {3, 64, 3, 3}, floats(std::vector<float>(1728, 1)))}, {1, 3}),
      with(11,
           {node("Flatten", {"input"}, {"f"}),
            node("BatchNormalization", {"f", "v", "v", "v", "v"}, {"y"})},
           {four}, {1, 64}),
      with(11, {node("Flatten", {"input"}, {"f"}), node("CumSum", {"f", "axis"}, {"y"})},
           {tensor("axis", {}, std::string("\x01\0\0\0", 4), 6)}, {1, 64}),
      with(11, {node("Squeeze", {"input"}, {"y"}, {ints("axes", {-3})})}, {}, {1, 8, 8}),
  };
  for (std::size_t i = 0; i < std::size(all); ++i) {
    const TemporaryFolder folder;
    const std::string words =
        emotions::load_error(card_of(folder, all[i].first, all[i].second));
    EXPECT_NE(words, "") << i;
    EXPECT_EQ(words.find('\n'), std::string::npos) << words;
    EXPECT_TRUE(words.find("model.onnx") != std::string::npos ||
                words.find("test-model") != std::string::npos)
        << words;
  }
}

TEST(IsolatedModel, TheLayerThatEndsItIsNamed) {
  Graph graph;
  graph.inputs = {value("input", {1, 1, 8, 8})};
  graph.nodes = {node("Relu", {"input"}, {"harmless"}), node("Flatten", {"harmless"}, {"f"}),
                 node("Conv", {"f", "k"}, {"culprit"}), node("Relu", {"culprit"}, {"y"})};
  // A kernel with two sides more than what it is laid over ends ONNX's inference of sizes.
  graph.initializers = {tensor("k", {3, 64, 3, 3}, floats(std::vector<float>(1728, 1)))};
  graph.outputs = {value("y", {1, 3})};
  const TemporaryFolder folder;
  const std::string words = emotions::load_error(card_of(folder, graph, 11));
  EXPECT_THAT(words, AllOf(HasSubstr("culprit"), HasSubstr("model.onnx")));
}

TEST(IsolatedModel, LabelsMayBeAPartOfTheOutput) {
  Graph graph;
  graph.inputs = {value("input", {1, 1, 8, 8})};
  graph.nodes = {node("GlobalAveragePool", {"input"}, {"mean"}),
                 node("Flatten", {"mean"}, {"flat"}, {integer("axis", 1)}),
                 node("Gemm", {"flat", "w", "b"}, {"y"}, {integer("transB", 1)})};
  graph.initializers = {tensor("w", {6, 1}, floats(std::vector<float>(6, 0))),
                        tensor("b", {6}, floats({50, 0, 9, 0, -7, 80}))};
  graph.outputs = {value("y", {1, 6})};
  const cv::Mat face(8, 8, CV_8UC3, cv::Scalar::all(90));
  const auto first = [](int value) {
    return [value](json& card) { card["output"]["first"] = value; };
  };
  {
    const TemporaryFolder folder;
    const auto values =
        load_emotion_model(card_of(folder, graph, 11, first(1)))->classify(face);
    ASSERT_THAT(values, SizeIs(3));
    EXPECT_GT(values[1], 0.99F);
  }
  const TemporaryFolder folder;
  EXPECT_EQ(emotions::load_error(card_of(folder, graph, 11, first(3))), "");
  EXPECT_THAT(emotions::load_error(card_of(folder, graph, 11, first(4))),
              HasSubstr("6 numbers"));
  EXPECT_THAT(emotions::load_error(card_of(folder, graph, 11)), HasSubstr("6 numbers"));
}

TEST(IsolatedModel, AnOutputThatIsNoDistanceIsNamed) {
  Graph graph;
  graph.inputs = {value("input", {1, 1, 8, 8})};
  graph.nodes = {node("GlobalAveragePool", {"input"}, {"mean"}),
                 node("Flatten", {"mean"}, {"flat"}, {integer("axis", 1)}),
                 node("Gemm", {"flat", "w", "b"}, {"y"}, {integer("transB", 1)}),
                 node("Gemm", {"flat", "v", "c"}, {"away"}, {integer("transB", 1)})};
  graph.initializers = {tensor("w", {3, 1}, floats({0, 0, 0})),
                        tensor("b", {3}, floats({5, 0, 0})), tensor("v", {1, 1}, floats({0})),
                        tensor("c", {1}, floats({-2}))};
  graph.outputs = {value("y", {1, 3}), value("away", {1, 1})};
  const TemporaryFolder folder;
  const auto reader = load_emotion_model(card_of(folder, graph, 11, [](json& card) {
    card["output"]["name"] = "y";
    card["output"]["unlike"] = {{"name", "away"}, {"above", 1}};
  }));
  const cv::Mat face(8, 8, CV_8UC3, cv::Scalar::all(90));
  try {
    reader->classify(face);
    FAIL() << "a distance of -2 was taken";
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("distance"), HasSubstr("output away;")));
  }
}

}  // namespace
}  // namespace mien::emotions
