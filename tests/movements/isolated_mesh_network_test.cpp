#include "isolated_mesh_network.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/base/face_mesh.hpp"
#include "mien/models/model_library.hpp"
#include "mien/movements/mesh_reader.hpp"

#include "shipped_mesh.hpp"
#include "support/foreign_model.hpp"
#include "support/model_folder.hpp"
#include "support/onnx_bytes.hpp"
#include "support/temporary_folder.hpp"

namespace mien::movements {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr int kSide = 4;
constexpr int kPointNumbers = 3 * base::kMeshPoints;

/// A network of a crop of kSide x kSide that gives so many numbers, each the root of `at_black`
/// less the crop's sum, and one for the presence.
std::string square_roots(int numbers, float at_black) {
  namespace onnx = testing::onnx_bytes;
  constexpr int kPixels = kSide * kSide * 3;
  onnx::Graph graph;
  graph.inputs = {onnx::value("input", {1, kSide, kSide, 3})};
  graph.nodes = {onnx::node("Flatten", {"input"}, {"flat"}, {onnx::integer("axis", 1)}),
                 onnx::node("Gemm", {"flat", "weights", "bias"}, {"squares"},
                            {onnx::integer("transB", 1)}),
                 onnx::node("Sqrt", {"squares"}, {"points"}),
                 onnx::node("Gemm", {"flat", "no_weights", "no_bias"}, {"presence"},
                            {onnx::integer("transB", 1)})};
  const auto tensor = [](const char* name, int rows, float value) {
    return onnx::tensor(
        name, {rows, kPixels},
        onnx::floats(std::vector<float>(static_cast<std::size_t>(rows) * kPixels, value)));
  };
  const auto vector = [](const char* name, int count, float value) {
    return onnx::tensor(
        name, {count},
        onnx::floats(std::vector<float>(static_cast<std::size_t>(count), value)));
  };
  graph.initializers = {tensor("weights", numbers, -1), vector("bias", numbers, at_black),
                        tensor("no_weights", 1, 0), vector("no_bias", 1, 10)};
  graph.outputs = {onnx::value("points", {1, numbers}), onnx::value("presence", {1, 1})};
  return onnx::model(graph);
}

/// A network whose first three numbers are what its input has for the colours of a crop's
/// corner.
std::string colours_of_the_corner(bool planar) {
  namespace onnx = testing::onnx_bytes;
  constexpr int kPlane = kSide * kSide;
  const auto shape = planar ? std::vector<std::int64_t>{1, 3, kSide, kSide}
                            : std::vector<std::int64_t>{1, kSide, kSide, 3};
  onnx::Graph graph;
  graph.inputs = {onnx::value("input", shape)};
  graph.nodes = {onnx::node("Flatten", {"input"}, {"flat"}, {onnx::integer("axis", 1)})};
  for (const auto& [name, count] : {std::pair{"points", kPointNumbers}, {"presence", 1}}) {
    std::vector<float> weights(static_cast<std::size_t>(count) * 3 * kPlane, 0);
    for (std::size_t c = 0; count > 1 && c < 3; ++c) {
      weights[c * 3 * kPlane + (planar ? c * kPlane : c)] = 1;
    }
    const std::string of = name;
    graph.nodes.push_back(onnx::node("Gemm", {"flat", of + "_weights", of + "_bias"}, {of},
                                     {onnx::integer("transB", 1)}));
    graph.initializers.push_back(
        onnx::tensor(of + "_weights", {count, 3 * kPlane}, onnx::floats(weights)));
    graph.initializers.push_back(
        onnx::tensor(of + "_bias", {count},
                     onnx::floats(std::vector<float>(static_cast<std::size_t>(count), 0))));
    graph.outputs.push_back(onnx::value(of, {1, count}));
  }
  return onnx::model(graph);
}

cv::Mat crop(int gray, int side = kSide) {
  return {side, side, CV_8UC3, cv::Scalar::all(gray)};
}

/// A landmarks model of somebody else's.
class IsolatedMeshNetworkTest : public ::testing::Test {
 protected:
  /// The program's own one under another id.
  models::ModelCard copied() {
    return models::load_model_card(
        testing::copy_shipped_model("face-mesh", "my-mesh", folder_ / "copied"));
  }

  models::ModelCard made(const std::string& content, const std::string& id = "my-mesh") {
    const auto file = folder_.write("net.onnx", content);
    auto document = mesh_card().document;
    document["id"] = id;
    document["files"] = json::array({{{"name", "net.onnx"},
                                      {"size", content.size()},
                                      {"sha256", models::sha256_file(file)}}});
    document["input"]["width"] = document["input"]["height"] = kSide;
    auto card = models::parse_model_card(document, "card.json");
    card.folder = folder_.path();
    return card;
  }

  static std::string refusal(const models::ModelCard& card) {
    try {
      load_mesh_network(card);
    } catch (const base::Error& error) {
      return error.what();
    }
    return "it was taken";
  }

  testing::TemporaryFolder folder_;
};

TEST_F(IsolatedMeshNetworkTest, GivesThePointsThatTheSameNetworkGivesHere) {
  const auto card = copied();
  ASSERT_FALSE(models::is_shipped(card));
  auto apart = load_mesh_network(card);
  ASSERT_NE(dynamic_cast<IsolatedMeshNetwork*>(apart.get()), nullptr);
  EXPECT_EQ(models::running_model_workers().size(), 1U);
  EXPECT_EQ(apart->id(), "my-mesh");
  EXPECT_EQ(apart->side(), 192);
  auto here = load_mesh_network(mesh_card());
  EXPECT_EQ(dynamic_cast<IsolatedMeshNetwork*>(here.get()), nullptr);
  MeshReader reader(std::move(apart));
  MeshReader own(std::move(here));
  const base::FaceMesh* previous = nullptr;
  MeshReading found;
  for (int i = 0; i < 3; ++i) {  // the third one is cut out by the mesh before
    const auto expected = own.read(portrait(), kPortraitFace, previous);
    found = reader.read(portrait(), kPortraitFace, previous);
    ASSERT_EQ(expected.doubt, base::MeshDoubt::none);
    EXPECT_EQ(found.doubt, base::MeshDoubt::none);
    EXPECT_EQ(found.mesh.presence, expected.mesh.presence);
    EXPECT_EQ(found.mesh.points, expected.mesh.points);
    previous = &found.mesh;
  }
}

TEST_F(IsolatedMeshNetworkTest, WhatIsNoMeshIsRefusedInASentence) {
  const auto names = HasSubstr("my-mesh cannot be used");
  EXPECT_EQ(refusal(made(square_roots(kPointNumbers, 1e6F))), "it was taken");
  EXPECT_THAT(refusal(made(square_roots(3 * 478, 1e6F))),
              AllOf(names, HasSubstr("1404 numbers for the points")));
  EXPECT_THAT(refusal(made(square_roots(kPointNumbers, -1))),
              AllOf(names, HasSubstr("not finite")));
  auto card = made(square_roots(kPointNumbers, 1e6F));
  card.architecture = "another";
  EXPECT_THAT(refusal(card), AllOf(names, HasSubstr("\"facemesh\"")));
  EXPECT_TRUE(models::running_model_workers().empty());
}

// As frameworks train and export them, not only MediaPipe's.
TEST_F(IsolatedMeshNetworkTest, TheCardSaysHowPixelsComeIn) {
  cv::Mat picture = crop(0);
  picture.at<cv::Vec3b>(0, 0) = {50, 100, 200};  // blue, green, red
  for (const bool planar : {false, true}) {
    for (const bool rgb : {false, true}) {
      auto document = made(colours_of_the_corner(planar)).document;
      document["input"]["layout"] = planar ? "nchw" : "nhwc";
      document["input"]["channels"] = rgb ? "rgb" : "bgr";
      document["rescale_factor"] = 0.01;
      document["image_mean"] = {0.5, 0.25, 0};
      document["image_std"] = {1, 0.5, 0.25};
      auto card = models::parse_model_card(document, "card.json");
      card.folder = folder_.path();
      const auto numbers = load_mesh_network(card)->run(picture);
      ASSERT_EQ(numbers.size(), static_cast<std::size_t>(kPointNumbers) + 1);
      EXPECT_NEAR(numbers[0], rgb ? 1.5 : 0, 1e-5);
      EXPECT_NEAR(numbers[1], 1.5, 1e-5);
      EXPECT_NEAR(numbers[2], rgb ? 2 : 8, 1e-5);
    }
  }
}

TEST_F(IsolatedMeshNetworkTest, ADamagedFileIsASentence) {
  const auto sound = square_roots(kPointNumbers, 1e6F);
  const auto file = HasSubstr((folder_ / "net.onnx").string());
  for (const auto& content : {sound.substr(0, sound.size() / 2), std::string(300, 'x')}) {
    EXPECT_THAT(refusal(made(content)), file);
  }
  const auto card = made(sound);
  folder_.write("net.onnx", sound.substr(1));
  EXPECT_THAT(refusal(card), AllOf(file, HasSubstr("damaged")));
  std::filesystem::remove(folder_ / "net.onnx");
  EXPECT_THAT(refusal(card), HasSubstr("lacks its file"));
}

// As of a network within the program: that face has no mesh, and the next one may have one.
TEST_F(IsolatedMeshNetworkTest, NumbersThatAreNotFiniteAreAFaceWithoutAMesh) {
  auto network = load_mesh_network(made(square_roots(kPointNumbers, 1)));
  EXPECT_EQ(network->run(crop(255)), std::vector<float>{});
  EXPECT_EQ(network->run(crop(0)).size(), static_cast<std::size_t>(kPointNumbers) + 1);
  MeshReader reader(std::move(network));
  EXPECT_EQ(reader.read(crop(255, 200), kPortraitFace).doubt, base::MeshDoubt::invalid);
}

/// Workers that crash, stall and lie, by the id of their card.
class BadMeshWorkerTest : public IsolatedMeshNetworkTest {
 protected:
  BadMeshWorkerTest() { models::set_model_worker(MIEN_BAD_WORKER); }
  ~BadMeshWorkerTest() override { models::set_model_worker(MIEN_MODEL_WORKER); }

  /// Of a face; also looks that a second one is told the same.
  std::string end(const std::string& id, models::ModelLimits limits = {}) {
    IsolatedMeshNetwork network(made("weights", id), limits);
    std::string words = "it goes on";
    for (int i = 0; i < 2; ++i) {
      try {
        network.run(crop(200));
      } catch (const models::ModelProcessEnded& gone) {
        EXPECT_EQ(gone.task(), models::ModelCard::Task::landmarks);
        if (i == 1) {
          EXPECT_EQ(gone.what(), words);
        }
        words = gone.what();
      }
    }
    EXPECT_TRUE(models::running_model_workers().empty()) << id;
    return words;
  }
};

TEST_F(BadMeshWorkerTest, AWorkerThatEndsOrLiesIsASentenceAndTheEnd) {
  EXPECT_THAT(end("raw-run-crash"), AllOf(HasSubstr("raw-run-crash"), HasSubstr("SIGABRT")));
  EXPECT_THAT(end("raw-run-nan"), HasSubstr("returned invalid data"));
  EXPECT_THAT(end("raw-run-stall", {30s, 300ms}), HasSubstr("longer than 0.3 s"));
  EXPECT_EQ(end("four-numbers"),
            "The landmarks model four-numbers returned values that are no mesh; choose another "
            "landmarks model.");
  EXPECT_EQ(end("thrower"), "Not this picture.");
}

TEST_F(BadMeshWorkerTest, AWorkerThatEndsWhileLoadingIsASentence) {
  EXPECT_THAT(refusal(made("weights", "raw-load-crash")),
              AllOf(HasSubstr((folder_ / "net.onnx").string()), HasSubstr("SIGSEGV"),
                    HasSubstr("its layer bad (Conv)")));
  EXPECT_THAT(refusal(made("weights", "raw-load-noise")), HasSubstr("returned invalid data"));
}

TEST(AreMeshNumbers, AreAsManyAsAMeshHasAndFinite) {
  std::vector<float> numbers(static_cast<std::size_t>(kPointNumbers) + 1, 5);
  EXPECT_TRUE(are_mesh_numbers(numbers));
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    numbers[700] = bad;
    EXPECT_FALSE(are_mesh_numbers(numbers));
  }
  numbers[700] = 5;
  numbers.pop_back();
  EXPECT_FALSE(are_mesh_numbers(numbers));
  EXPECT_FALSE(are_mesh_numbers({}));
}

}  // namespace
}  // namespace mien::movements
