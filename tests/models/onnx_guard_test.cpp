#include "onnx_guard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/models/model_library.hpp"

#include "support/model_folder.hpp"
#include "support/onnx_bytes.hpp"

namespace mien::models {
namespace {

using namespace testing::onnx_bytes;
using ::testing::HasSubstr;

std::string refusal(const std::string& file, const std::vector<int>& shape = {}) {
  try {
    check_onnx(file, "the-file");
    check_onnx(file, "the-file", shape);
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("the-file"));
    return error.what();
  }
  return "";
}

// input 1x1x4x4 + a weight, with whatever a test wants of it.
std::string with_weight(const std::string& weight) {
  Graph graph;
  graph.inputs = {value("input", {1, 1, 4, 4})};
  graph.nodes = {node("Add", {"input", "weight"}, {"sum"})};
  graph.initializers = {weight};
  graph.outputs = {value("sum", {1, 1, 4, 4})};
  return model(graph);
}

std::string with_convolution(const std::vector<std::string>& attributes,
                             const std::vector<std::int64_t>& weights = {2, 1, 3, 3}) {
  std::int64_t count = 1;
  for (const auto size : weights) count *= size;
  Graph graph;
  graph.inputs = {value("input", {1, 1, 8, 8})};
  graph.nodes = {node("Conv", {"input", "weight"}, {"sum"}, attributes)};
  graph.initializers = {tensor("weight", weights,
                               floats(std::vector<float>(static_cast<std::size_t>(count), 1)))};
  graph.outputs = {value("sum", {1, 2, 3, 3})};  // of stride 2 without padding
  return model(graph);
}

const std::string kSixteenFloats = floats(std::vector<float>(16, 1));

TEST(OnnxGuard, SoundFilesPass) {
  EXPECT_EQ(refusal(with_weight(tensor("weight", {1, 1, 4, 4}, kSixteenFloats))), "");
  EXPECT_EQ(refusal(with_weight(tensor("weight", {}, floats({1})))), "");
  EXPECT_EQ(refusal(with_convolution({ints("strides", {2, 2}), integer("group", 1)})), "");
  EXPECT_EQ(refusal(constant_classifier({1, 2, 3}), {1, 1, 8, 8}), "");
}

TEST(OnnxGuard, SizesThatDoNotFitTheDataAreRefused) {
  // The file of 141 bytes that ends OpenCV: a thousand numbers promised, one there.
  EXPECT_THAT(refusal(with_weight(tensor("weight", {1000}, floats({1})))), HasSubstr("weight"));
  EXPECT_THAT(refusal(with_weight(tensor("weight", {1, 1, 4, 5}, kSixteenFloats))),
              HasSubstr("weight"));
  EXPECT_THAT(refusal(with_weight(tensor("weight", {1, 1, 4, 3}, kSixteenFloats))),
              HasSubstr("weight"));
  EXPECT_THAT(refusal(with_weight(tensor("weight", {4, 4}, ""))), HasSubstr("weight"));
}

TEST(OnnxGuard, ZeroNegativeAndOverflowingSizesAreRefused) {
  EXPECT_THAT(refusal(with_weight(tensor("weight", {0}, ""))), HasSubstr("size of 0"));
  EXPECT_THAT(refusal(with_weight(tensor("weight", {-1, 16}, kSixteenFloats))),
              HasSubstr("size of -1"));
  EXPECT_THAT(refusal(with_weight(tensor("weight", {INT64_MAX}, kSixteenFloats))),
              HasSubstr("absurdly large"));
  // Multiplied in 64 bits these wrap round to 16.
  EXPECT_THAT(
      refusal(with_weight(tensor(
          "weight", {std::int64_t{1} << 32, (std::int64_t{1} << 32) | 1, 16}, kSixteenFloats))),
      HasSubstr("absurdly large"));
  EXPECT_THAT(
      refusal(with_weight(tensor("weight", std::vector<std::int64_t>(40, 1), floats({1})))),
      HasSubstr("dimensions"));
}

// PyTorch's way to leave the region of Resize out; anywhere else a size of 0 is damage.
TEST(OnnxGuard, WhatResizeDoesNotUseMayBeEmpty) {
  const auto resized = [](bool as_layer, const std::string& also_read) {
    Graph graph;
    graph.inputs = {value("input", {1, 1, 4, 4})};
    const std::string scales = tensor("scales", {4}, floats({1, 1, 2, 2}));
    if (as_layer) {
      graph.nodes = {
          node("Constant", {}, {"roi"}, {tensor_attribute("value", tensor("", {0}, ""))})};
      graph.initializers = {scales};
    } else {
      graph.initializers = {scales, tensor("roi", {0}, "")};
    }
    graph.nodes.push_back(node("Resize", {"input", "roi", "scales"}, {"large"}));
    graph.nodes.push_back(node("Add", {"large", also_read}, {"sum"}));
    graph.outputs = {value("sum", {1, 1, 8, 8})};
    return model(graph);
  };
  for (const bool as_layer : {true, false}) {
    EXPECT_EQ(refusal(resized(as_layer, "large"), {1, 1, 4, 4}), "") << as_layer;
    EXPECT_THAT(refusal(resized(as_layer, "roi")), HasSubstr("size of 0")) << as_layer;
  }
}

TEST(OnnxGuard, InputsOfImpossibleSizeAreRefused) {
  for (const std::int64_t size : {std::int64_t{0}, std::int64_t{-3}, INT64_MAX}) {
    Graph graph;
    graph.inputs = {value("input", {1, 1, size, 4})};
    graph.nodes = {node("Relu", {"input"}, {"out"})};
    graph.outputs = {value("out", {1, 1, 4, 4})};
    EXPECT_THAT(refusal(model(graph)), HasSubstr("input")) << size;
  }
}

TEST(OnnxGuard, TensorsInAttributesAreCheckedToo) {
  const auto with_constant = [](const std::string& content) {
    Graph graph;
    graph.inputs = {value("input", {1, 1, 4, 4})};
    graph.nodes = {node("Constant", {}, {"c"}, {tensor_attribute("value", content)}),
                   node("Add", {"input", "c"}, {"sum"})};
    graph.outputs = {value("sum", {1, 1, 4, 4})};
    return model(graph);
  };
  EXPECT_EQ(refusal(with_constant(tensor("inner", {4, 4}, kSixteenFloats))), "");
  EXPECT_THAT(refusal(with_constant(tensor("inner", {400, 4}, kSixteenFloats))),
              HasSubstr("inner"));
  EXPECT_THAT(refusal(with_constant(tensor("inner", {0, 4}, ""))), HasSubstr("inner"));
}

TEST(OnnxGuard, NumbersThatOpenCvWouldDivideByAreRefused) {
  EXPECT_THAT(refusal(with_convolution({ints("strides", {0, 1})})), HasSubstr("strides"));
  EXPECT_THAT(refusal(with_convolution({ints("strides", {-1, 1})})), HasSubstr("strides"));
  EXPECT_THAT(refusal(with_convolution({ints("dilations", {0, 0})})), HasSubstr("dilations"));
  EXPECT_THAT(refusal(with_convolution({ints("kernel_shape", {0, 3})})),
              HasSubstr("kernel_shape"));
  EXPECT_THAT(refusal(with_convolution({integer("group", 0)})), HasSubstr("group"));
  EXPECT_THAT(refusal(with_convolution({ints("pads", {1 << 30, 0, 0, 0})})), HasSubstr("pads"));
}

TEST(OnnxGuard, GraphsThatBreakTheRulesAreRefused) {
  // Three channels' weights for a picture of one; a stride for each of three sides; no such
  // layer; nothing goes in; what comes out was never made.
  EXPECT_NE(refusal(with_convolution({ints("kernel_shape", {5, 5})})), "");
  EXPECT_NE(refusal(with_convolution({ints("strides", {1, 1, 1})})), "");
  Graph graph;
  graph.inputs = {value("input", {1, 4})};
  graph.outputs = {value("out", {1, 4})};
  EXPECT_THAT(refusal(model(graph)), HasSubstr("no network"));
  graph.nodes = {node("Frobnicate", {"input"}, {"out"})};
  EXPECT_THAT(refusal(model(graph)), HasSubstr("Frobnicate"));
  graph.nodes = {node("Relu", {}, {"out"})};
  EXPECT_NE(refusal(model(graph)), "");
  graph.nodes = {node("Relu", {"nowhere"}, {"out"})};
  EXPECT_NE(refusal(model(graph)), "");
  graph.nodes = {node("Relu", {"input"}, {"out"})};
  EXPECT_EQ(refusal(model(graph)), "");
}

TEST(OnnxGuard, WeightsOfOtherDimensionsThanThePictureAreRefused) {
  EXPECT_NE(refusal(with_convolution({}, {2, 1, 3})), "");
  EXPECT_NE(refusal(with_convolution({}, {2, 1, 3, 3, 3, 3})), "");
  Graph graph;
  graph.inputs = {value("input", {1, 1, 8, 8}), value("weight", {2, 1, 3})};
  graph.nodes = {node("Conv", {"input", "weight"}, {"sum"})};
  graph.outputs = {value("sum", {1, 2, 6, 6})};
  EXPECT_THAT(refusal(model(graph)), HasSubstr("kernel_shape"));
}

TEST(OnnxGuard, DataElsewhereAndStrangeTypesAreRefused) {
  const std::string outside = number(1, 16) + number(2, kFloat) + bytes(8, "weight") +
                              bytes(13, bytes(1, "location") + bytes(2, "/etc/passwd")) +
                              number(14, 1);
  EXPECT_THAT(refusal(with_weight(outside)), HasSubstr("another file"));
  EXPECT_THAT(refusal(with_weight(tensor("weight", {2}, kSixteenFloats, 8))),
              HasSubstr("number type"));
  EXPECT_THAT(refusal(with_weight(tensor("weight", {16}, kSixteenFloats, 99))),
              HasSubstr("number type"));
}

TEST(OnnxGuard, WhatIsNoOnnxIsRefused) {
  EXPECT_THAT(refusal(""), HasSubstr("not a whole ONNX file"));
  EXPECT_NE(refusal("this is a text, not a network"), "");
  EXPECT_NE(refusal(std::string(1000, '\0')), "");
  EXPECT_NE(refusal(std::string(1000, '\xff')), "");
}

TEST(OnnxGuard, EveryShortenedFileIsRefused) {
  const std::string whole = constant_classifier({1, 2, 3});
  // The last bytes are the version of the operators, without which the file still parses:
  // refused by the format's rules.
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_NE(refusal(whole.substr(0, length)), "") << length << " bytes of " << whole.size();
  }
}

TEST(OnnxGuard, InputMustBeWhatTheCardSays) {
  const std::string file = constant_classifier({1, 2, 3}, 8, 1);
  EXPECT_EQ(refusal(file, {1, 1, 8, 8}), "");
  EXPECT_THAT(refusal(file, {1, 3, 8, 8}), HasSubstr("1x1x8x8 where the card says 1x3x8x8"));
  EXPECT_NE(refusal(file, {1, 1, 8, 9}), "");
  Graph two;
  two.inputs = {value("a", {1, 4}), value("b", {1, 4})};
  two.nodes = {node("Add", {"a", "b"}, {"out"})};
  two.outputs = {value("out", {1, 4})};
  EXPECT_THAT(refusal(model(two), {1, 4}), HasSubstr("2 inputs"));
}

TEST(OnnxGuard, ReadsWhatTheCardNamesAfterItsHash) {
  const testing::TemporaryFolder folder;
  const std::string file = constant_classifier({1, 2, 3});
  ModelCard card = parse_model_card(testing::emotion_card(folder, file), "here");
  card.folder = folder.path();
  const auto bytes_read = read_checked_onnx(card);
  EXPECT_EQ(std::string(bytes_read.begin(), bytes_read.end()), file);
  folder.write("model.onnx", std::string(file.size(), 'x'));
  EXPECT_THROW(read_checked_onnx(card), base::Error);
}

TEST(OnnxGuard, ShippedModelsPass) {
  const ModelLibrary library({std::filesystem::path(MIEN_SOURCE_DIR) / "models"});
  for (const auto task : {ModelCard::Task::face, ModelCard::Task::emotion}) {
    for (const auto& card : library.cards(task)) {
      if (card.format == ModelCard::Format::onnx) {
        EXPECT_FALSE(read_checked_onnx(card).empty()) << card.id;
      }
    }
  }
}

TEST(OnnxOutline, SaysWhatTheFileSays) {
  const OnnxOutline outline = outline_onnx(constant_classifier({1, 2, 3}), "the-file");
  EXPECT_EQ(outline.input, "input");
  EXPECT_EQ(outline.input_shape, (std::vector<int>{1, 1, 8, 8}));
  EXPECT_EQ(outline.output, "logits");
  EXPECT_EQ(outline.output_shape, (std::vector<int>{1, 3}));
  EXPECT_FALSE(outline.ends_in_softmax);
  Graph graph;
  graph.inputs = {value("picture", {1, 4})};
  graph.nodes = {node("Softmax", {"picture"}, {"share"}, {integer("axis", 1)})};
  graph.outputs = {value("share", {1, 4})};
  EXPECT_TRUE(outline_onnx(model(graph), "the-file").ends_in_softmax);
  graph.inputs.push_back(value("second", {1, 4}));
  EXPECT_THROW(outline_onnx(model(graph), "the-file"), base::Error);
  EXPECT_THROW(outline_onnx("no file", "the-file"), base::Error);
}

}  // namespace
}  // namespace mien::models
