#include "mien/base/json_fields.hpp"

#include <gtest/gtest.h>

namespace mien::base {
namespace {

using nlohmann::json;

TEST(JsonFields, GiveWhatIsThere) {
  const auto document = json::parse(
      R"({"o": {"a": 1}, "l": ["x", 2, "y"], "t": "word", "n": 1.5, "i": -3, "b": true})");
  EXPECT_EQ(object_in(document, "o"), json({{"a", 1}}));
  EXPECT_EQ(value_in(document, "n"), json(1.5));
  EXPECT_EQ(list_in(document, "l").size(), 3U);
  EXPECT_EQ(text_in(document, "t"), "word");
  EXPECT_EQ(number_in(document, "n"), 1.5);
  EXPECT_EQ(whole_in(document, "i"), -3);
  EXPECT_TRUE(yes_in(document, "b"));
  EXPECT_EQ(texts_in(document, "l"), (std::vector<std::string>{"x", "y"}));
}

TEST(JsonFields, GiveNothingOfAnotherKind) {
  for (const char* text : {"{}", "[]", "7", "null", R"({"k": null})"}) {
    const auto document = json::parse(text);
    EXPECT_EQ(object_in(document, "k"), json::object()) << text;
    EXPECT_TRUE(value_in(document, "k").is_null()) << text;
    EXPECT_TRUE(list_in(document, "k").empty()) << text;
    EXPECT_EQ(text_in(document, "k"), "") << text;
    EXPECT_EQ(number_in(document, "k", 2), 2) << text;
    EXPECT_EQ(whole_in(document, "k", 4), 4) << text;
    EXPECT_TRUE(yes_in(document, "k", true)) << text;
    EXPECT_TRUE(texts_in(document, "k").empty()) << text;
  }
  const auto wrong = json::parse(R"({"t": 1, "n": "1", "i": 1.5, "b": 1})");
  EXPECT_EQ(text_in(wrong, "t"), "");
  EXPECT_EQ(number_in(wrong, "n"), 0);
  EXPECT_EQ(whole_in(wrong, "i"), 0);
  EXPECT_FALSE(yes_in(wrong, "b"));
}

}  // namespace
}  // namespace mien::base
