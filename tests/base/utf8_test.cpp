#include "mien/base/utf8.hpp"

#include <gtest/gtest.h>

namespace mien::base {
namespace {

TEST(Utf8, KnowsTheBytesOfACharacter) {
  EXPECT_EQ(utf8_length("a"), 1U);
  EXPECT_EQ(utf8_length("éa"), 2U);
  EXPECT_EQ(utf8_length("€a"), 3U);
  EXPECT_EQ(utf8_length("😀a"), 4U);
  EXPECT_EQ(utf8_length(std::string_view("\0", 1)), 1U);
  EXPECT_EQ(utf8_length(""), 0U);
}

TEST(Utf8, RefusesWhatUnicodeForbids) {
  for (const char* wrong : {
           "\x80",              // a continuation alone
           "\xC3",              // cut off
           "\xE2\x82",          // cut off
           "\xF0\x9F\x98",      // cut off
           "\xC3(",             // no continuation
           "\xC0\xAF",          // longer than needed
           "\xE0\x80\xAF",      // longer than needed
           "\xF0\x80\x80\xAF",  // longer than needed
           "\xED\xA0\x80",      // half of a UTF-16 pair
           "\xF4\x90\x80\x80",  // beyond U+10FFFF
           "\xFF",
       }) {
    EXPECT_EQ(utf8_length(wrong), 0U) << wrong;
    EXPECT_FALSE(is_utf8(wrong)) << wrong;
    EXPECT_FALSE(is_utf8(std::string("ok") + wrong)) << wrong;
  }
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("Ünïcode, 字, 😀"));
}

TEST(Utf8, GivesCodePoints) {
  EXPECT_EQ(utf8_code_point("a"), U'a');
  EXPECT_EQ(utf8_code_point("é"), U'é');
  EXPECT_EQ(utf8_code_point("€"), U'€');
  EXPECT_EQ(utf8_code_point("😀"), U'😀');
}

TEST(Utf8, ReplacesInvalidBytesOnly) {
  EXPECT_EQ(valid_utf8("J\xF6rg"), "J\uFFFDrg");
  EXPECT_EQ(valid_utf8("\xE2\x82"), "\uFFFD\uFFFD");
  EXPECT_EQ(valid_utf8("Jörg €"), "Jörg €");
}

TEST(Utf8, CountsCharacters) {
  EXPECT_EQ(utf8_count(""), 0U);
  EXPECT_EQ(utf8_count("Jörg"), 4U);
  EXPECT_EQ(utf8_count("J\xF6rg"), 4U);
}

TEST(Utf8, NeverCutsACharacterInTwo) {
  EXPECT_EQ(first_characters("Jörg", 2), "Jö");
  EXPECT_EQ(first_characters("Jörg", 9), "Jörg");
  EXPECT_EQ(first_characters("Jörg", 0), "");
  EXPECT_EQ(fitting_characters("Jörg", 2), "J");
  EXPECT_EQ(fitting_characters("Jörg", 3), "Jö");
  EXPECT_EQ(fitting_characters("Jörg", 5), "Jörg");
  EXPECT_EQ(fitting_characters("😀", 3), "");
  EXPECT_EQ(fitting_characters("\x80\x80\x80", 2), "\x80\x80");
}

}  // namespace
}  // namespace mien::base
