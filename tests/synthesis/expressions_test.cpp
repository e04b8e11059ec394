#include "mien/synthesis/expressions.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "mien/synthesis/movements.hpp"

namespace mien::synthesis {
namespace {

void expect_sound(const Expression& face) {
  ASSERT_EQ(face.weights.size(), static_cast<std::size_t>(kMovements));
  for (std::size_t i = 0; i < face.weights.size(); ++i) {
    const Movement& movement = movements()[i];
    EXPECT_GE(face.weights[i], 0) << face.variant << ' ' << movement.name;
    EXPECT_LE(face.weights[i], highest_weight(movement.action))
        << face.variant << ' ' << movement.name;
  }
  float sum = 0;
  for (const float share : face.label) {
    EXPECT_GE(share, 0) << face.variant;
    sum += share;
  }
  EXPECT_NEAR(sum, 1, 1e-5) << face.variant;
  EXPECT_LE(std::abs(face.gaze_x), 1);
  EXPECT_LE(std::abs(face.gaze_y), 1);
  EXPECT_GE(face.tongue, 0);
  EXPECT_LE(face.tongue, 1);
}

TEST(Movements, HaveUniqueNamesPartsAndTheirPlace) {
  std::set<std::string> names;
  ASSERT_EQ(movements().size(), static_cast<std::size_t>(kMovements));
  for (int i = 0; i < kMovements; ++i) {
    const Movement& movement = movements()[static_cast<std::size_t>(i)];
    EXPECT_TRUE(names.insert(movement.name).second) << movement.name;
    EXPECT_FALSE(movement.parts.empty()) << movement.name;
    EXPECT_FALSE(movement.facs.empty()) << movement.name;
    EXPECT_EQ(movement_index(movement.action, movement.side), i) << movement.name;
    EXPECT_EQ(movement_index(movement.name), i);
    for (const MovementPart& part : movement.parts) {
      EXPECT_EQ(part.target.find_first_of("@^"), std::string::npos) << part.target;
    }
  }
  EXPECT_EQ(movement_index("wiggle_ears"), std::nullopt);
}

TEST(Movements, LimitsKeepLidsAndLipsApart) {
  std::vector<float> all(kMovements, 5.0F);
  limit_weights(all);
  const auto at = [&](FaceAction action) {
    return all[static_cast<std::size_t>(movement_index(action, FaceSide::left))];
  };
  EXPECT_EQ(at(FaceAction::upper_lid_raise), 0);  // the eye is closed
  EXPECT_EQ(at(FaceAction::lip_press), 0);        // the mouth is open
  EXPECT_LE(at(FaceAction::jaw_drop) + 0.6F * at(FaceAction::bared_teeth), 1.25F);
  EXPECT_LE(at(FaceAction::lip_corner_pull) + at(FaceAction::corner_depress), 1.2F + 1e-4F);
}

TEST(Expressions, EveryRecipeIsSoundAtEveryIntensity) {
  for (int label = 0; label < 8; ++label) {
    const auto names = expression_variants(label);
    ASSERT_FALSE(names.empty());
    for (int variant = 0; variant < static_cast<int>(names.size()); ++variant) {
      for (const float intensity : {0.0F, 0.15F, 0.2F, 0.5F, 1.0F}) {
        const Expression face = exact_expression(label, variant, intensity);
        expect_sound(face);
        EXPECT_EQ(face.variant, names[static_cast<std::size_t>(variant)]);
      }
    }
  }
  EXPECT_THROW(expression_variants(8), std::out_of_range);
  EXPECT_THROW(exact_expression(0, 999, 1), std::out_of_range);
}

TEST(Expressions, StrongOnesAreNamedAndWeakOnesAreNearlyNeutral) {
  for (int label = 0; label < 8; ++label) {
    const auto count = static_cast<int>(expression_variants(label).size());
    for (int variant = 0; variant < count; ++variant) {
      const Expression strong = exact_expression(label, variant, 1);
      for (std::size_t other = 0; other < 8; ++other) {
        if (static_cast<int>(other) == label) continue;
        EXPECT_GT(strong.label[static_cast<std::size_t>(label)], strong.label[other])
            << strong.variant;
      }
    }
  }
  const Expression weak = exact_expression(4, 0, 0.2F);
  EXPECT_NEAR(weak.label[0], 0.58F, 0.02F);
  EXPECT_NEAR(weak.label[4], 0.42F, 0.02F);
}

TEST(Expressions, SamplesAreSoundAndReachEveryRecipe) {
  Rng rng(7);
  for (int label = 0; label < 8; ++label) {
    std::set<std::string> seen;
    for (int i = 0; i < 2000; ++i) {
      const Expression face = sample_expression(label, rng);
      expect_sound(face);
      seen.insert(face.variant);
    }
    EXPECT_EQ(seen.size(), expression_variants(label).size()) << label;
  }
}

TEST(Expressions, OneSidedFacesGoBothWaysAlike) {
  Rng rng(11);
  const auto left =
      static_cast<std::size_t>(movement_index(FaceAction::dimple, FaceSide::left));
  int left_ones = 0;
  constexpr int kFaces = 2000;
  for (int i = 0; i < kFaces; ++i) {
    const Expression face = sample_expression(7, rng);
    left_ones += face.weights[left] > face.weights[left + 1] ? 1 : 0;
  }
  EXPECT_NEAR(left_ones, kFaces / 2, 120);
}

TEST(Expressions, BlendsShowBothLabels) {
  Rng rng(3);
  for (int i = 0; i < 300; ++i) {
    const Expression face = sample_blend(1, 2, rng);
    expect_sound(face);
    EXPECT_GT(face.label[1], 0.05F) << face.variant;
    EXPECT_GT(face.label[2], 0.05F) << face.variant;
  }
}

TEST(Expressions, TheSameSeedGivesTheSameBits) {
  // FNV-1a over the bits of a thousand faces: the same on every platform. It changes whenever a
  // recipe does; then put the new one here.
  Rng rng(2026);
  constexpr std::array<float, 8> kShares = {1, 1, 1, 1, 1, 1, 1, 1};
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto take = [&](float value) {
    hash = (hash ^ std::bit_cast<std::uint32_t>(value)) * 0x100000001b3;
  };
  for (int i = 0; i < 1000; ++i) {
    const Expression face = sample_any(kShares, 0.2F, rng);
    for (const float weight : face.weights) take(weight);
    for (const float share : face.label) take(share);
    for (const float other :
         {face.gaze_x, face.gaze_y, face.tongue, face.yaw, face.pitch, face.roll}) {
      take(other);
    }
  }
  EXPECT_EQ(hash, 15144685973186805274ULL);
}

TEST(Expressions, AnyFollowsTheShares) {
  Rng rng(5);
  const std::array<float, 8> shares = {0, 0, 0, 3, 1, 0, 0, 0};
  std::map<std::string, int> seen;
  for (int i = 0; i < 2000; ++i) {
    const Expression face = sample_any(shares, 0.1F, rng);
    expect_sound(face);
    ++seen[face.variant.substr(0, face.variant.find(','))];
  }
  EXPECT_EQ(seen.size(), 2U);
  EXPECT_NEAR(seen["sadness"], 1500, 90);
  EXPECT_THROW(sample_any(std::array<float, 2>{1, 1}, 0, rng), std::out_of_range);
}

TEST(Movements, DrawnByChanceComeAloneAndOnOneSide) {
  Rng rng(4);
  std::vector<int> shown(kMovements, 0), alone(kMovements, 0);
  for (int i = 0; i < 8000; ++i) {
    const Expression face = sample_movements(rng);
    expect_sound(face);
    for (std::size_t k = 0; k < shown.size(); ++k) {
      const Movement& movement = movements()[k];
      if (face.weights[k] < 0.1F) continue;
      ++shown[k];
      if (is_paired(movement.action) && face.weights[k ^ 1U] < 0.5F * face.weights[k]) {
        ++alone[k];
      }
    }
  }
  for (std::size_t k = 0; k < shown.size(); ++k) {
    EXPECT_GT(shown[k], 150) << movements()[k].name;
    if (is_paired(movements()[k].action)) {
      EXPECT_GT(alone[k], shown[k] / 10) << movements()[k].name;
    }
  }
  const Expression still = sample_still(rng);
  expect_sound(still);
  EXPECT_EQ(still.weights, std::vector<float>(kMovements, 0.0F));
}

}  // namespace
}  // namespace mien::synthesis
