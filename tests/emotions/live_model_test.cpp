#include <filesystem>

#include <gtest/gtest.h>

#include "mien/emotions/emotion_model.hpp"

#include "support/temporary_folder.hpp"

namespace mien {
namespace {

using testing::TemporaryFolder;

const std::filesystem::path kModels = std::filesystem::path(MIEN_SOURCE_DIR) / "models";

TEST(LiveModel, IsTheDefaultWhereThereIsTimeForIt) {
  EXPECT_EQ(load_live_model(ModelLibrary({kModels}), 1e6)->card().id, "mien-base");
}

TEST(LiveModel, IsTheLightOneWhereTheDefaultTakesTooLong) {
  EXPECT_EQ(load_live_model(ModelLibrary({kModels}), 0)->card().id, "mien-small");
}

TEST(LiveModel, IsWhatThereIsWhenThereIsNoLighterOne) {
  const TemporaryFolder folder;
  std::filesystem::copy(kModels / "mien-base", folder.path() / "mien-base");
  EXPECT_EQ(load_live_model(ModelLibrary({folder.path()}), 0)->card().id, "mien-base");
}

}  // namespace
}  // namespace mien
