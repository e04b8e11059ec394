#include "mien/movements/opinion_rules.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/base/movements.hpp"

namespace mien::movements {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr float kNotKnown = std::numeric_limits<float>::quiet_NaN();

/// A face that was measured: everything 0 but what is said.
base::FaceReading face_with(std::initializer_list<std::pair<const char*, float>> shown) {
  base::FaceReading reading;
  auto& geometry = reading.geometry.emplace();
  geometry.movements.assign(base::movements().size(), 0.F);
  for (const auto& [id, value] : shown) {
    geometry.movements.at(base::movement_index(id).value()) = value;
  }
  geometry.pose = base::HeadPose{5, -30, 2, {}};
  return reading;
}

/// Whether a rule with this formula speaks of the face.
bool holds(const std::string& formula, const base::FaceReading& reading = face_with({})) {
  return OpinionRules::parse("[it]\nwhen = " + formula, "test").opinions(reading).size() == 1;
}

std::string mistake(const std::string& text) {
  try {
    OpinionRules::parse(text, "my.rules");
  } catch (const base::Error& error) {
    return error.what();
  }
  return "it was taken";
}
std::string wrong(const std::string& formula) { return mistake("[it]\nwhen = " + formula); }

TEST(OpinionRulesTest, ARuleSpeaksWhenItsFormulaIsTrue) {
  const auto rules = OpinionRules::parse(
      "# Mine.\r\n\r\n[mouth smiles, eyes do not]\r\ncolour = #E69F0a\r\n"
      "  when = smile_right > 0.5 and lid_tighten_right < 0.1\r\n[jaw]\nwhen=jaw_drop>=1",
      "test");
  EXPECT_EQ(rules.size(), 2u);
  const auto said = rules.opinions(face_with({{"smile_right", 0.75F}}));
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0], (Opinion{"mouth smiles, eyes do not", 0xE6, 0x9F, 0x0A}));
  EXPECT_TRUE(rules.opinions(face_with({{"smile_right", 0.4F}})).empty());
  EXPECT_EQ(rules.opinions(face_with({{"smile_right", 0.75F}, {"jaw_drop", 1}})).size(), 2u);
  EXPECT_TRUE(rules.opinions({}).empty()) << "nobody measured it";
  EXPECT_TRUE(OpinionRules::parse("", "test").opinions(face_with({})).empty());
}

TEST(OpinionRulesTest, AByteOrderMarkBeforeThemIsNoRule) {
  const std::string mark = "\xEF\xBB\xBF";
  for (const std::string& first : {std::string("# Mine.\n"), std::string()}) {
    const auto rules = OpinionRules::parse(mark + first + "[it]\nwhen = never\n", "test");
    EXPECT_EQ(rules.size(), 1u) << first;
  }
  EXPECT_THAT(mistake(mark + "\n[a"), HasSubstr("line 2"));
}

TEST(OpinionRulesTest, FormulasBindAsUsual) {
  EXPECT_TRUE(holds("1 + 2 * 3 > 6.5"));
  EXPECT_FALSE(holds("(1 + 2) * 3 < 8"));
  EXPECT_TRUE(holds("8 - 4 - 2 <= 2"));
  EXPECT_TRUE(holds("8 / 4 / 2 >= 1"));
  EXPECT_TRUE(holds("-2 + -(-3) > .5"));
  EXPECT_TRUE(holds("1 > 0 or 1 > 0 and 0 > 1"));
  EXPECT_FALSE(holds("(1 > 0 or 1 > 0) and 0 > 1"));
  EXPECT_TRUE(holds("not 0 > 1 and 1 > 0"));
  EXPECT_TRUE(holds("not not (1 > 0)"));
  EXPECT_FALSE(holds("never"));
  EXPECT_TRUE(holds("not never"));
  EXPECT_TRUE(holds("pose_yaw < -29 and pose_pitch > 4 and pose_roll < 3"));
}

TEST(OpinionRulesTest, WhatIsNotKnownSaysNothing) {
  const auto face = face_with({{"jaw_drop", kNotKnown}, {"pucker", 1}});
  EXPECT_FALSE(holds("jaw_drop > 0.5", face));
  EXPECT_FALSE(holds("not jaw_drop > 0.5", face));
  EXPECT_FALSE(holds("jaw_drop + 1 <= 0.5 or jaw_drop + 1 > 0.5", face));
  EXPECT_TRUE(holds("jaw_drop > 0.5 or pucker > 0.5", face)) << "the other one decides";
  EXPECT_TRUE(holds("not (jaw_drop > 0.5 and pucker < 0.5)", face));
  EXPECT_FALSE(holds("1 / 0 > 0", face));
  EXPECT_FALSE(holds("eyes_open < 1", face)) << "the eyes were not seen";
  auto seen = face;
  seen.geometry->eyes.opening = 0.5F;
  EXPECT_TRUE(holds("eyes_open < 1", seen));
  EXPECT_FALSE(holds("looks_at_camera < 1", seen)) << "not known";
  seen.geometry->towards_camera = false;
  EXPECT_TRUE(holds("looks_at_camera < 1", seen));
  seen.geometry->pose.reset();
  EXPECT_FALSE(holds("pose_yaw < 90", seen));
  seen.geometry->movements.resize(2);
  EXPECT_FALSE(holds("pucker > 0.5", seen));
}

TEST(OpinionRulesTest, MistakesNameTheLineAndWhatIsWrong) {
  EXPECT_THAT(
      mistake("[a]\n\nwhen = smle_right > 1"),
      AllOf(StartsWith("The rules in my.rules cannot be used: line 3 has \"smle_right\""),
            HasSubstr("no movement"), HasSubstr("docs/movements.md")));
  EXPECT_THAT(mistake("when = never"), HasSubstr("line 1 stands before the first"));
  EXPECT_THAT(mistake("[a]\ncolour = #000000\n[b]\nwhen = never"),
              HasSubstr("line 1 has a rule without \"when"));
  EXPECT_THAT(mistake("\n[a]\n"), HasSubstr("line 2 has a rule without"));
  EXPECT_THAT(mistake("[a]\nwhen = never\nwhen = never"), HasSubstr("line 3 has a second"));
  EXPECT_THAT(mistake("[a]\nwhen = never\n[a]\nwhen = never"),
              HasSubstr("line 3 has the name of line 1"));
  EXPECT_THAT(mistake("[a\nwhen = never"), HasSubstr("line 1 begins a name"));
  EXPECT_THAT(mistake("[ ]\nwhen = never"), HasSubstr("empty name"));
  EXPECT_THAT(mistake("[" + std::string(61, 'x') + "]"), HasSubstr("60 bytes"));
  EXPECT_THAT(mistake("[a\tb]\nwhen = never"), HasSubstr("control characters"));
  EXPECT_THAT(mistake("[\xFF]\nwhen = never"), HasSubstr("UTF-8"));
  EXPECT_THAT(mistake("[a]\nif never"), HasSubstr("line 2 is neither"));
  EXPECT_THAT(mistake("[a]\ncolor = #000000"), HasSubstr("the key \"color\""));
  EXPECT_THAT(mistake("[a]\ncolour = red"), HasSubstr("#E69F00"));
  EXPECT_THAT(mistake("[a]\ncolour = #00000g"), HasSubstr("colour that is none"));
  EXPECT_THAT(mistake("[a]\ncolour = #000000\ncolour = #000000"), HasSubstr("line 3"));
}

TEST(OpinionRulesTest, MistakesInFormulasAreNamed) {
  EXPECT_THAT(wrong("smile_right"), HasSubstr("is a number; compare it"));
  EXPECT_THAT(wrong(""), HasSubstr("nothing more where a movement"));
  EXPECT_THAT(wrong("1 > "), HasSubstr("nothing more where a movement"));
  EXPECT_THAT(wrong("1 > 0 0"), HasSubstr("\"0\" where its formula should end"));
  EXPECT_THAT(wrong("1 < 2 < 3"), HasSubstr("\"<\" where its formula should end"));
  EXPECT_THAT(wrong("(1 > 0"), HasSubstr("where a \")\" should be"));
  EXPECT_THAT(wrong("1 > 0)"), HasSubstr("\")\" where its formula should end"));
  EXPECT_THAT(wrong("1 and 2 > 1"), HasSubstr("a number beside \"and\""));
  EXPECT_THAT(wrong("(1 > 0) + 1 > 0"), HasSubstr("a comparison beside \"+\""));
  EXPECT_THAT(wrong("not 1"), HasSubstr("beside \"not\""));
  EXPECT_THAT(wrong("-(1 > 0) > 1"), HasSubstr("beside \"-\""));
  EXPECT_THAT(wrong("1.2.3 > 1"), HasSubstr("\"1.2.3\", which is no number"));
  EXPECT_THAT(wrong("2x > 1"), HasSubstr("\"2x\", which is no number"));
  EXPECT_THAT(wrong("1e99 > 1"), HasSubstr("no number"));
  EXPECT_THAT(wrong("1 == 1"), HasSubstr("\"=\""));
  EXPECT_THAT(wrong("1 \xE2\x89\xA5 1"), HasSubstr("\xE2\x89\xA5"));
}

// Each is far beyond what somebody would write, and none may end the program.
TEST(OpinionRulesTest, EverythingHasALimit) {
  EXPECT_THAT(wrong(std::string(900, '(')), HasSubstr("too much in parentheses"));
  EXPECT_THAT(wrong(std::string(900, '-') + "1 > 0"), HasSubstr("too much in parentheses"));
  EXPECT_THAT(wrong(std::string(1001, ' ') + "1"), HasSubstr("number")) << "spaces are free";
  std::string sum = "1";
  while (sum.size() <= 1000) sum += " + 1";
  EXPECT_THAT(wrong(sum), HasSubstr("more than 1000 bytes"));
  std::string many;
  for (int i = 0; i < 65; ++i) many += "[" + std::to_string(i) + "]\nwhen = never\n";
  EXPECT_THAT(mistake(many), HasSubstr("line 129 begins more than 64 rules"));
  EXPECT_THAT(mistake(std::string(70'000, '#')), HasSubstr("65536 bytes"));
}

TEST(OpinionRulesTest, ARuleTakesThePlaceOfTheOneOfItsName) {
  const auto first =
      OpinionRules::parse("[a]\nwhen = not never\n[b]\nwhen = not never", "test");
  const auto more = OpinionRules::parse("[c]\nwhen = not never\n[a]\nwhen = never", "test");
  const auto said = first.with(more).opinions(face_with({}));
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[0].name, "b");
  EXPECT_EQ(said[1].name, "c");
}

}  // namespace
}  // namespace mien::movements
