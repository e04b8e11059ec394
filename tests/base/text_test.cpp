#include "mien/base/text.hpp"

#include <gtest/gtest.h>

namespace mien::base {
namespace {

TEST(Text, TrimsBlanksAtBothEnds) {
  EXPECT_EQ(trimmed(" \t Ada Lovelace\t"), "Ada Lovelace");
  EXPECT_EQ(trimmed(" \t "), "");
  EXPECT_EQ(trimmed(""), "");
}

TEST(Text, LowersAsciiOnly) { EXPECT_EQ(ascii_lower("ÄBC.JPG9"), "Äbc.jpg9"); }

TEST(Text, JoinsWords) {
  EXPECT_EQ(joined({}, ", "), "");
  EXPECT_EQ(joined({"one"}, ", "), "one");
  EXPECT_EQ(joined({"", "two", "three"}, ", "), ", two, three");
}

TEST(Text, SplitsAtTheFirstSeparator) {
  using Parts = std::pair<std::string_view, std::string_view>;
  EXPECT_EQ(split("640x480x2", 'x'), (Parts{"640", "480x2"}));
  EXPECT_EQ(split("640", 'x'), (Parts{"640", ""}));
  EXPECT_EQ(split("x", 'x'), (Parts{"", ""}));
}

TEST(Text, PutsEverythingOnOneLine) {
  EXPECT_EQ(on_one_line("a\tb\r\nc\x1B[2Jd"), "a b  c [2Jd");
  EXPECT_EQ(on_one_line("Jörg €"), "Jörg €");
}

TEST(Text, KnowsControlCharacters) {
  for (const char* bad : {"a\nb", "\x7F", "a\xC2\x85", "\u2028", "\u202E", "\u2066x"}) {
    EXPECT_TRUE(has_control_characters(bad)) << bad;
  }
  for (const char* good : {"", "happy", "Glück", "\u00A0", "\u2014", "笑"}) {
    EXPECT_FALSE(has_control_characters(good)) << good;
  }
}

}  // namespace
}  // namespace mien::base
