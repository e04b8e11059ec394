#include "mien/movements/movement_network.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/base/movements.hpp"

#include "support/shipped_models.hpp"

namespace mien::movements {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

models::ModelCard shipped_movements() {
  return models::load_model_card(testing::kShippedModels / "face-movements");
}

std::string refused_movements(const std::function<void(models::ModelCard&)>& edit) {
  models::ModelCard card = shipped_movements();
  edit(card);
  try {
    load_movement_network(card);
  } catch (const base::Error& error) {
    return error.what();
  }
  return "it was taken";
}

TEST(MovementNetworkTest, ItsLabelsAreTheTablesLearnedRows) {
  const auto card = shipped_movements();
  std::size_t learned = 0;
  for (const auto& movement : base::movements()) {
    const bool read =
        std::find(card.labels.begin(), card.labels.end(), movement.id) != card.labels.end();
    EXPECT_EQ(read, movement.found == base::Movement::Found::network) << movement.id;
    if (!read) continue;
    ++learned;
    EXPECT_EQ(card.options.at("facs_hint").at(movement.id), movement.facs);
  }
  EXPECT_EQ(learned, card.labels.size());
  EXPECT_EQ(learned, 20u);
}

// What the file gave under OpenCV when it was written, to four digits.
TEST(MovementNetworkTest, GivesWhatItGaveWhenItWasMade) {
  const auto network = load_movement_network(shipped_movements());
  EXPECT_EQ(network->id(), "face-movements");
  const auto expect = [&](const std::vector<float>& change, const std::vector<float>& made) {
    const auto given = network->run(change);
    ASSERT_EQ(given.size(), made.size());
    for (std::size_t i = 0; i < made.size(); ++i) {
      EXPECT_NEAR(given[i], made[i], 2e-4) << network->outputs()[i];
    }
  };
  expect(std::vector<float>(kMovementInputs, 0.F),
         {0,       0,       0,       0,       0,       0,       0,       0, 0.0245F, 0.0198F,
          0.0129F, 0.0101F, 0.0101F, 0.0090F, 0.0115F, 0.0097F, 0.0227F, 0, 0.0458F, 0});
  std::vector<float> waves;
  for (int i = 0; i < kMovementInputs; ++i)
    waves.push_back(static_cast<float>(2 * std::sin(i)));
  expect(waves, {0,       0.0004F, 0, 0, 0, 0,       0,       0,       0.1084F, 0.1125F,
                 0.0709F, 0,       0, 0, 0, 0.0131F, 0.0032F, 0.0023F, 0,       0});
}

TEST(MovementNetworkTest, ACardThatIsNoneIsASentence) {
  using models::ModelCard;
  const auto names = HasSubstr("face-movements cannot be used");
  EXPECT_THAT(refused_movements([](auto& card) { card.task = ModelCard::Task::landmarks; }),
              AllOf(names, HasSubstr("\"landmarks\", not \"movements\"")));
  EXPECT_THAT(refused_movements([](auto& card) { card.input.width = 1403; }),
              AllOf(names, HasSubstr("1404 by 1")));
  EXPECT_THAT(refused_movements([](auto& card) { card.input.height = 2; }), names);
  EXPECT_THAT(
      refused_movements([](auto& card) { card.input.channels = ModelCard::Channels::rgb; }),
      names);
  EXPECT_THAT(
      refused_movements([](auto& card) { card.input.layout = ModelCard::Layout::nhwc; }),
      names);
  EXPECT_THAT(refused_movements([](auto& card) { card.format = ModelCard::Format::caffe; }),
              names);
  EXPECT_THAT(refused_movements([](auto& card) { card.labels[3] = "ear_wiggle"; }),
              AllOf(names, HasSubstr("\"ear_wiggle\"")));
  EXPECT_THAT(refused_movements([](auto& card) { card.folder = "/elsewhere"; }),
              AllOf(names, HasSubstr("come with the program")));
}

TEST(MovementNetworkTest, ANetworkOfAnotherShapeIsASentence) {
  EXPECT_THAT(refused_movements([](auto& card) { card.labels.pop_back(); }),
              HasSubstr("gives 20 numbers where the card has 19 labels"));
  const auto detector = models::load_model_card(testing::kShippedModels / "blazeface");
  EXPECT_THAT(refused_movements([&](auto& card) {
                card.folder = detector.folder;
                card.files = detector.files;
              }),
              HasSubstr("where the card says 1x1404"));
  EXPECT_THAT(
      refused_movements([](auto& card) { card.files[0].sha256 = std::string(64, '0'); }),
      HasSubstr("damaged"));
}

}  // namespace
}  // namespace mien::movements
