#include "mien/movements/learned_movements.hpp"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/base/movements.hpp"
#include "mien/models/sha256.hpp"

#include "support/fake_movement_network.hpp"
#include "support/shipped_models.hpp"
#include "support/temporary_folder.hpp"

namespace mien::movements {
namespace {

using ::testing::AllOf;
using testing::FakeMovementNetwork;
using ::testing::HasSubstr;
using RestingPoints = std::vector<cv::Point3f>;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
const RestingPoints kFlat(base::kMeshPoints, cv::Point3f(1, 2, 3));

std::size_t row(const char* id) { return base::movement_index(id).value(); }

/// The rows after a network with these outputs has given `numbers`.
std::vector<float> rows_after(const std::vector<float>& numbers,
                              const RestingPoints& face = kFlat) {
  LearnedMovements learned(std::make_unique<FakeMovementNetwork>(
                               std::vector<std::string>{"jaw_drop", "ear_wiggle", "smile_left"},
                               [&](const std::vector<float>&) { return numbers; }),
                           kFlat);
  std::vector<float> values(base::movements().size(), -1.5F);
  learned.read(face, nullptr, values);
  return values;
}

TEST(LearnedMovementsTest, NumbersStandInTheRowsOfTheirLabels) {
  const auto values = rows_after({0.25F, 0.5F, 0.75F});
  EXPECT_EQ(values[row("jaw_drop")], 0.25F);
  EXPECT_EQ(values[row("smile_left")], 0.75F);
  EXPECT_EQ(values[row("smile_right")], -1.5F) << "no row of this network's";
  EXPECT_EQ(values[row("mouth_width")], -1.5F);
}

TEST(LearnedMovementsTest, WhatIsNoNumberIsNotKnown) {
  auto values = rows_after({7, 0, -3});
  EXPECT_EQ(values[row("jaw_drop")], 1);
  EXPECT_EQ(values[row("smile_left")], 0);
  values = rows_after({kNaN, 0, std::numeric_limits<float>::infinity()});
  EXPECT_TRUE(std::isnan(values[row("jaw_drop")]));
  EXPECT_EQ(values[row("smile_left")], 1);
  values = rows_after({0.5F});
  EXPECT_EQ(values[row("jaw_drop")], 0.5F);
  EXPECT_TRUE(std::isnan(values[row("smile_left")])) << "the network gave too few";
  RestingPoints broken = kFlat;
  broken[100].y = kNaN;
  values = rows_after({0.5F, 0.5F, 0.5F}, broken);
  EXPECT_TRUE(std::isnan(values[row("jaw_drop")]));
  EXPECT_EQ(values[row("mouth_width")], -1.5F);
  values = rows_after({0.5F, 0.5F, 0.5F}, RestingPoints(12));
  EXPECT_TRUE(std::isnan(values[row("jaw_drop")]));
}

TEST(LearnedMovementsTest, TheChangeIsFromThePersonsOwnFaceOrTheMeanOne) {
  std::vector<float> seen;
  LearnedMovements learned(
      std::make_unique<FakeMovementNetwork>(std::vector<std::string>{"jaw_drop"},
                                            [&](const std::vector<float>& change) {
                                              seen = change;
                                              return std::vector<float>{0};
                                            }),
      kFlat);
  EXPECT_EQ(learned.id(), "fake-movements");
  RestingPoints face = kFlat;
  face[1] += cv::Point3f(10, 20, 30);
  std::vector<float> values;
  learned.read(face, nullptr, values);
  ASSERT_EQ(seen.size(), static_cast<std::size_t>(kMovementInputs));
  EXPECT_EQ(std::vector<float>(seen.begin(), seen.begin() + 7),
            (std::vector<float>{0, 0, 0, 10, 20, 30, 0}));
  EXPECT_EQ(values.size(), base::movements().size());
  learned.read(face, &face, values);
  EXPECT_EQ(seen, std::vector<float>(kMovementInputs, 0.F));
}

TEST(LearnedMovementsTest, TheShippedFaceAtRestIsAFace) {
  const auto card = models::load_model_card(testing::kShippedModels / "face-movements");
  const auto face = read_resting_face(card);
  ASSERT_EQ(face.size(), static_cast<std::size_t>(base::kMeshPoints));
  EXPECT_LT(face[33].x, 0) << "the person's right is left in the picture";
  EXPECT_LT(face[10].y, face[152].y) << "y points down";
  EXPECT_NEAR(face[263].x - face[33].x, 95, 10) << "millimetres";
  const auto learned = load_learned_movements(card);
  std::vector<float> values(base::movements().size(), 0.F);
  learned->read(face, nullptr, values);
  for (const float value : values) EXPECT_LT(value, 0.05F) << "at rest";
}

/// A card whose face at rest is `content`.
class RestingFaceFiles : public ::testing::Test {
 protected:
  std::string refusal(const std::string& content, const std::string& listed = "rest.json",
                      const nlohmann::json& named = "rest.json") {
    models::ModelCard card;
    card.id = "mine";
    card.task = models::ModelCard::Task::movements;
    card.folder = folder_.path();
    card.options = nlohmann::json::object();
    if (!named.is_null()) card.options["resting_face"] = named;
    const auto file = folder_.write(listed, content);
    card.files = {{listed, content.size(), models::sha256_file(file)}};
    try {
      read_resting_face(card);
    } catch (const base::Error& error) {
      return error.what();
    }
    return "it was taken";
  }
  static std::string points(int count, const nlohmann::json& last = {1, 2, 3}) {
    auto all = nlohmann::json::array();
    for (int i = 1; i < count; ++i) all.push_back({0, 0, 0});
    all.push_back(last);
    return nlohmann::json{{"points", all}}.dump();
  }
  testing::TemporaryFolder folder_;
};

TEST_F(RestingFaceFiles, AreRefusedInASentence) {
  EXPECT_EQ(refusal(points(468)), "it was taken");
  EXPECT_THAT(refusal(points(468), "other.json"),
              AllOf(HasSubstr("movements model mine"), HasSubstr("lists no rest.json")));
  EXPECT_THAT(refusal(points(468), "rest.json", nullptr), HasSubstr("names no file"));
  EXPECT_THAT(refusal(points(468), "rest.json", 7), HasSubstr("names no file"));
  const auto damaged = AllOf(HasSubstr("rest.json"), HasSubstr("468 points"));
  EXPECT_THAT(refusal(points(467)), damaged);
  EXPECT_THAT(refusal(points(469)), damaged);
  EXPECT_THAT(refusal(points(468, {1, 2})), damaged);
  EXPECT_THAT(refusal(points(468, {1, 2, "far"})), damaged);
  EXPECT_THAT(refusal(points(468, {1, 2, 1e30})), damaged);
  EXPECT_THAT(refusal("[]"), damaged);
  EXPECT_THAT(refusal("no json"), damaged);
  EXPECT_THAT(refusal(std::string(100, '[')), HasSubstr("too deep"));
}

}  // namespace
}  // namespace mien::movements
