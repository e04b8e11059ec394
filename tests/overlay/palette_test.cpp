#include "mien/overlay/palette.hpp"

#include <set>

#include <gtest/gtest.h>

#include "mien/base/labels.hpp"

namespace mien::overlay {
namespace {

int number(Color c) { return c.r << 16 | c.g << 8 | c.b; }

TEST(Palette, GivesSevenPeopleSevenColours) {
  std::set<int> colors;
  for (int person = 1; person <= 7; ++person) colors.insert(number(person_color(person)));
  EXPECT_EQ(colors.size(), 7U);
  EXPECT_EQ(person_color(8), person_color(1));
  EXPECT_EQ(person_color(0), person_color(7));
}

TEST(Palette, GivesEveryCanonicalLabelItsOwnColour) {
  std::set<int> colors;
  for (const auto label : base::canonical_labels())
    colors.insert(number(label_color(label, 0)));
  EXPECT_EQ(colors.size(), 8U);
  EXPECT_EQ(label_color("thinking", 3), label_color("sadness", 0));
}

TEST(Palette, WritesInTheInkThatReadsBetter) {
  EXPECT_EQ(ink_on({255, 255, 255}).r, 16);
  EXPECT_EQ(ink_on({240, 228, 66}).r, 16);
  EXPECT_EQ(ink_on({0, 0, 0}).r, 255);
  EXPECT_EQ(ink_on({0, 114, 178}).r, 255);
}

}  // namespace
}  // namespace mien::overlay
