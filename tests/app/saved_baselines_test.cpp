#include <fstream>

#include <gmock/gmock.h>

#include "mien/base/error.hpp"

#include "people.hpp"
#include "support/temporary_folder.hpp"

namespace mien::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TemporaryFolder;

emotions::NeutralBaseline baseline_of(const std::string& model) {
  return {model, {"neutral", "sadness"}, {0.25F, 0.75F}};
}

TEST(SavedBaselines, AreThereAgainAfterARestart) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "new folder" / "neutral.json";
  {
    SavedBaselines kept(file);
    EXPECT_THAT(kept.problem(), IsEmpty());
    kept.save("Zoë", baseline_of("base"));
    kept.save("Ada", baseline_of("base"));
    kept.save("Ada", baseline_of("other"));
  }
  const SavedBaselines kept(file);
  EXPECT_THAT(kept.names("base"), ElementsAre("Ada", "Zoë"));
  EXPECT_THAT(kept.names("other"), ElementsAre("Ada"));
  EXPECT_EQ(kept.find("Zoë", "base"), baseline_of("base"));
  EXPECT_FALSE(kept.find("Zoë", "other"));
}

TEST(SavedBaselines, NothingIsWrittenUntilAsked) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "neutral.json";
  SavedBaselines kept(file);
  kept.remove("nobody");
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST(SavedBaselines, ForgettingTakesTheNameOutOfTheFile) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "neutral.json";
  SavedBaselines kept(file);
  kept.save("Ada", baseline_of("base"));
  kept.save("Ada", baseline_of("other"));
  kept.save("Bob", baseline_of("base"));
  kept.remove("Ada");
  EXPECT_THAT(kept.names("base"), ElementsAre("Bob"));
  std::ifstream stream(file);
  const std::string text((std::istreambuf_iterator<char>(stream)), {});
  EXPECT_EQ(text.find("Ada"), std::string::npos);
  EXPECT_NE(text.find("Bob"), std::string::npos);
}

TEST(SavedBaselines, ABrokenFileIsPutAsideAndSaid) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "neutral.json";
  for (const auto* text : {"{", "[]", R"({"people": [{"name": 3}]})", ""}) {
    std::ofstream(file) << text;
    SavedBaselines kept(file);
    EXPECT_THAT(kept.problem(), HasSubstr("neutral.json.broken")) << text;
    EXPECT_TRUE(std::filesystem::exists(file.string() + ".broken"));
    EXPECT_FALSE(std::filesystem::exists(file));
    EXPECT_THAT(kept.names("base"), IsEmpty());
  }
}

TEST(SavedBaselines, WhatCannotBeWrittenIsNotKept) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "file") << "x";
  SavedBaselines kept(folder.path() / "file" / "neutral.json");
  EXPECT_THROW(kept.save("Ada", baseline_of("base")), base::Error);
  EXPECT_THAT(kept.names("base"), IsEmpty());
}

}  // namespace
}  // namespace mien::app
