#include "mien/movements/geometric_movements.hpp"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "mien/base/movements.hpp"

#include "shipped_mesh.hpp"

namespace mien::movements {
namespace {

using Points = std::vector<cv::Point3f>;

float of(const std::vector<float>& values, const char* id) {
  return values.at(base::movement_index(id).value());
}

/// The movements of the canonical face after `points` of it have moved by (x, y) millimetres.
std::vector<float> after_moving(std::initializer_list<int> points, float x, float y) {
  Points face = canonical_face().points;
  for (const int point : points) face[static_cast<std::size_t>(point)] += cv::Point3f(x, y, 0);
  return geometric_movements(measure_face(face), measure_face(canonical_face().points));
}

TEST(GeometricMovements, TheTableHasWordsOfItsOwnAndLeftAfterRight) {
  const auto table = base::movements();
  for (std::size_t i = 0; i < table.size(); ++i) {
    EXPECT_EQ(base::movement_index(table[i].id), i) << "each word once";
    EXPECT_EQ(std::string(table[i].id).find_first_not_of("abcdefghijklmnopqrstuvwxyz_"),
              std::string::npos);
    EXPECT_STRNE(table[i].name, "");
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_STRNE(table[i].name, table[j].name) << "no two look the same on a card";
    }
    if (table[i].side == base::Movement::Side::right) {
      ASSERT_LT(i + 1, table.size());
      EXPECT_EQ(table[i + 1].side, base::Movement::Side::left);
    }
  }
  EXPECT_FALSE(base::movement_index("ear_wiggle"));
}

TEST(GeometricMovements, AFaceAtRestShowsNone) {
  const auto values = after_moving({}, 0, 0);
  ASSERT_EQ(values.size(), base::movements().size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (base::movements()[i].found == base::Movement::Found::geometry) {
      EXPECT_NEAR(values[i], 0, 1e-4) << base::movements()[i].id;
    } else {
      EXPECT_TRUE(std::isnan(values[i])) << base::movements()[i].id << " is for a network";
    }
  }
}

TEST(GeometricMovements, SidesAreThePersonsOwn) {
  auto values = after_moving({291}, 0, -6);  // the left corner of the mouth, up
  EXPECT_GT(of(values, "corner_height_left"), 0.9F);
  EXPECT_NEAR(of(values, "corner_height_right"), 0, 0.01);
  values = after_moving({291}, 0, 6);
  EXPECT_LT(of(values, "corner_height_left"), -0.9F);
}

TEST(GeometricMovements, LidsAndLipsMoveTheirOwnRows) {
  auto values = after_moving({159, 158, 160}, 0, 3);  // the right upper lid, down
  EXPECT_LT(of(values, "eye_opening_right"), -0.5F);
  EXPECT_NEAR(of(values, "eye_opening_left"), 0, 0.01);
  values = after_moving({14, 87, 317}, 0, 26);
  EXPECT_NEAR(of(values, "mouth_opening"), 1, 0.1);
  values = after_moving({78}, -12, 0);
  EXPECT_NEAR(of(values, "mouth_width"), 1, 0.05);
  values = after_moving({78}, 6, 0);
  EXPECT_NEAR(of(values, "mouth_width"), -0.5, 0.05);
}

TEST(GeometricMovements, ABrokenMeshIsBounded) {
  for (const float value : after_moving({61, 14, 152, 159, 107, 0}, 500, 500)) {
    EXPECT_TRUE(std::isnan(value) || (value >= -2 && value <= 2));
  }
}

// The population's neutral face and the canonical one are both people at rest.
TEST(GeometricMovements, TheCanonicalFaceIsNearThePopulation) {
  const auto values =
      geometric_movements(measure_face(canonical_face().points), population_neutral());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (base::movements()[i].found != base::Movement::Found::geometry) continue;
    EXPECT_LT(std::abs(values[i]), 2) << base::movements()[i].id;
  }
}

}  // namespace
}  // namespace mien::movements
