#include "pen.hpp"

#include <gtest/gtest.h>

#include "ui/ui_fixture.hpp"

namespace mien::ui {
namespace {

class PenTest : public UiTest {
 protected:
  void SetUp() override { open(900, 600, 1); }
};

TEST_F(PenTest, WhatFitsIsLeftAlone) {
  const float width = text_width(theme_.regular, "happy");
  EXPECT_EQ(elide(theme_.regular, "happy", width), "happy");
}

TEST_F(PenTest, WhatDoesNotFitEndsInDotsAndFits) {
  const std::string name = "Ærøskøbing Überwachungskamera nördlich des Café";
  for (float width = 20; width < text_width(theme_.regular, name); width += 7) {
    const std::string shown = elide(theme_.regular, name, width);
    EXPECT_LE(text_width(theme_.regular, shown), width);
    ASSERT_TRUE(shown.ends_with("…")) << shown;
    // Never half a letter: what is left of a UTF-8 sequence would not be a prefix of whole
    // ones.
    const std::string kept = shown.substr(0, shown.size() - std::string("…").size());
    EXPECT_TRUE(name.starts_with(kept));
    if (kept.size() < name.size()) {
      EXPECT_NE(static_cast<unsigned char>(name[kept.size()]) & 0xC0, 0x80) << shown;
    }
  }
}

TEST_F(PenTest, NoRoomAtAllShowsNothing) { EXPECT_EQ(elide(theme_.regular, "happy", 2), ""); }

TEST_F(PenTest, NumbersOfOneLengthAreOneWidth) {
  EXPECT_FLOAT_EQ(number_width(theme_.small, "11.1 fps"),
                  number_width(theme_.small, "88.8 fps"));
}

TEST_F(PenTest, OurOwnWordsHaveGlyphs) {
  for (const ImWchar letter : {u'·', u'…', u'—', u'×', u'−', u'“', u'”', u'é', u'Ж', u'α'}) {
    EXPECT_NE(theme_.regular->FindGlyphNoFallback(letter), nullptr) << static_cast<int>(letter);
    EXPECT_NE(theme_.semibold->FindGlyphNoFallback(letter), nullptr)
        << static_cast<int>(letter);
  }
}

TEST(Theme, AMissingFontIsAnError) {
  ImGui::CreateContext();
  EXPECT_THROW(build_theme(1, 1, "/nonexistent"), std::runtime_error);
  ImGui::DestroyContext();
}

}  // namespace
}  // namespace mien::ui
