#include "mien/movements/mesh_network.hpp"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/base/face_mesh.hpp"

#include "shipped_mesh.hpp"

namespace mien::movements {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string refusal(const std::function<void(models::ModelCard&)>& edit) {
  models::ModelCard card = mesh_card();
  edit(card);
  try {
    load_mesh_network(card);
  } catch (const base::Error& error) {
    return error.what();
  }
  return "it was taken";
}

TEST(MeshNetworkTest, TheShippedOneGivesPointsAndPresence) {
  const auto network = load_mesh_network(mesh_card());
  EXPECT_EQ(network->id(), "face-mesh");
  EXPECT_EQ(network->side(), 192);
  const auto numbers = network->run(cv::Mat(192, 192, CV_8UC3, cv::Scalar::all(90)));
  EXPECT_EQ(numbers.size(), 3u * base::kMeshPoints + 1);
}

TEST(MeshNetworkTest, ACardThatIsNoneIsASentence) {
  using models::ModelCard;
  const auto names = HasSubstr("face-mesh cannot be used");
  EXPECT_THAT(refusal([](auto& card) { card.task = ModelCard::Task::face; }),
              AllOf(names, HasSubstr("\"face\", not \"landmarks\"")));
  EXPECT_THAT(refusal([](auto& card) { card.architecture = "yunet"; }),
              AllOf(names, HasSubstr("\"facemesh\"")));
  EXPECT_THAT(refusal([](auto& card) { card.input.layout = ModelCard::Layout::nchw; }),
              HasSubstr("face_landmark.onnx"));
  EXPECT_THAT(refusal([](auto& card) { card.input.channels = ModelCard::Channels::gray; }),
              names);
  EXPECT_THAT(refusal([](auto& card) { card.input.width = 100; }), names);
  EXPECT_THAT(refusal([](auto& card) { card.format = ModelCard::Format::caffe; }), names);
}

// A network of something else behind a card that says it is a mesh.
TEST(MeshNetworkTest, ANetworkOfAnotherShapeIsASentence) {
  const auto detector = models::load_model_card(testing::kShippedModels / "blazeface");
  EXPECT_THAT(refusal([&](auto& card) {
                card.folder = detector.folder;
                card.files = detector.files;
                card.input = detector.input;
              }),
              AllOf(HasSubstr("face-mesh cannot be used"), HasSubstr("1404 numbers")));
}

}  // namespace
}  // namespace mien::movements
