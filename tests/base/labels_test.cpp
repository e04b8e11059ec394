#include "mien/base/labels.hpp"

#include <gtest/gtest.h>

namespace mien::base {
namespace {

TEST(Labels, KnowTheUsualWords) {
  EXPECT_EQ(canonical_labels().size(), 8U);
  EXPECT_EQ(canonical_label("happiness"), "happiness");
  EXPECT_EQ(canonical_label("Happy"), "happiness");
  EXPECT_EQ(canonical_label("ANGRY"), "anger");
  EXPECT_EQ(canonical_label("scared"), "fear");
  EXPECT_EQ(canonical_label("thinking"), std::nullopt);
  EXPECT_EQ(canonical_label(""), std::nullopt);
}

TEST(Labels, AreShownAsAdjectives) {
  for (const auto label : canonical_labels()) {
    EXPECT_EQ(canonical_label(display_word(label)), label);
  }
  EXPECT_EQ(display_word("fear"), "afraid");
  EXPECT_EQ(display_word("thinking"), "thinking");
}

}  // namespace
}  // namespace mien::base
