#include <filesystem>

#include <gtest/gtest.h>

#include "mien/emotions/emotion_model.hpp"

#include "support/shipped_models.hpp"
#include "support/temporary_folder.hpp"

namespace mien {
namespace {

using testing::TemporaryFolder;

TEST(LiveModel, IsTheDefaultWhereThereIsTimeForIt) {
  EXPECT_EQ(load_live_model(ModelLibrary({testing::kShippedModels}), 1e6)->card().id,
            "mien-base");
}

TEST(LiveModel, IsTheLightOneWhereTheDefaultTakesTooLong) {
  EXPECT_EQ(load_live_model(ModelLibrary({testing::kShippedModels}), 0)->card().id,
            "mien-small");
}

TEST(LiveModel, IsWhatThereIsWhenThereIsNoLighterOne) {
  const TemporaryFolder folder;
  std::filesystem::copy(testing::kShippedModels / "mien-base", folder.path() / "mien-base");
  EXPECT_EQ(load_live_model(ModelLibrary({folder.path()}), 0)->card().id, "mien-base");
}

}  // namespace
}  // namespace mien
