#include "mien/models/model_library.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"

#include "support/model_folder.hpp"

namespace mien::models {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

void add(const testing::TemporaryFolder& root, const std::string& place, const std::string& id,
         const std::string& name, const std::string& task = "emotion") {
  const testing::TemporaryFolder scratch;
  json card = testing::emotion_card(scratch, "weights");
  card["id"] = id;
  card["name"] = name;
  card["task"] = task;
  root.write(place + "/card.json", card.dump());
  root.write(place + "/model.onnx", "weights");
}

std::vector<std::string> ids(const std::vector<ModelCard>& cards) {
  std::vector<std::string> found;
  for (const auto& card : cards) found.push_back(card.id);
  return found;
}

TEST(ModelLibrary, ScansFoldersAndSortsByName) {
  const testing::TemporaryFolder root;
  add(root, "a/one", "one", "Zebra");
  add(root, "a/two", "two", "Ant");
  add(root, "a/finder", "finder", "Finder", "face");
  add(root, "a/mover", "mover", "Mover", "movements");
  add(root, "b/three", "three", "mole");  // names sort as people sort them
  root.write("a/readme.txt", "not a model");
  root.write("a/empty/notes.txt", "no card");
  const ModelLibrary library({root / "a", root / "b", root / "missing"});
  EXPECT_THAT(ids(library.cards(ModelCard::Task::emotion)), ElementsAre("two", "three", "one"));
  EXPECT_THAT(ids(library.cards(ModelCard::Task::face)), ElementsAre("finder"));
  EXPECT_THAT(ids(library.cards(ModelCard::Task::movements)), ElementsAre("mover"));
  EXPECT_THROW(library.find("mover", ModelCard::Task::emotion), base::Error);
  EXPECT_THAT(library.problems(), ::testing::IsEmpty());
  EXPECT_EQ(library.find("one", ModelCard::Task::emotion).folder, root / "a/one");
}

TEST(ModelLibrary, BrokenCardsAreToldAndDoNotHideTheOthers) {
  const testing::TemporaryFolder root;
  add(root, "models/good", "good", "Good");
  root.write("models/bad/card.json", "{");
  add(root, "models/double", "good", "Another with the same id");
  const ModelLibrary library({root / "models"});
  EXPECT_EQ(library.cards(ModelCard::Task::emotion).size(), 1U);
  ASSERT_EQ(library.problems().size(), 2U);
  EXPECT_THAT(library.problems(),
              ::testing::Contains(HasSubstr((root / "models/bad").string())));
  EXPECT_THAT(library.problems(), ::testing::Contains(HasSubstr("\"good\" is taken")));
}

TEST(ModelLibrary, FindsAFolderAndListsWhatItKnows) {
  const testing::TemporaryFolder root;
  add(root, "models/known", "known", "Known");
  add(root, "elsewhere/mine", "mine", "Mine");
  add(root, "elsewhere/finder", "finder", "Finder", "face");
  const ModelLibrary library({root / "models"});
  EXPECT_EQ(library.find((root / "elsewhere/mine").string(), ModelCard::Task::emotion).id,
            "mine");
  try {
    library.find("unheard", ModelCard::Task::emotion);
    FAIL() << "an unknown id was found";
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("\"unheard\""));
    EXPECT_THAT(error.what(), HasSubstr("known"));
  }
  EXPECT_THROW(library.find((root / "elsewhere/finder").string(), ModelCard::Task::emotion),
               base::Error);
  EXPECT_THROW(library.find("known", ModelCard::Task::face), base::Error);
  // Whether it may be a folder, too.
  add(root, "models/mesh", "mesh", "Mesh", "landmarks");
  add(root, "models/mover", "mover", "Mover", "movements");
  const ModelLibrary more({root / "models"});
  EXPECT_THAT([&] { more.find("unheard", ModelCard::Task::landmarks); },
              ::testing::ThrowsMessage<base::Error>(
                  HasSubstr("choose one of mesh, or a folder with a card.json.")));
  EXPECT_THAT([&] { more.find("unheard", ModelCard::Task::movements); },
              ::testing::ThrowsMessage<base::Error>(HasSubstr("choose one of mover.")));
  EXPECT_THROW(library.find("", ModelCard::Task::emotion), base::Error);
}

TEST(ModelLibrary, ShippedCardsAreSoundAndTheirFilesWhole) {
  const ModelLibrary library({std::filesystem::path(MIEN_SOURCE_DIR) / "models"});
  EXPECT_THAT(library.problems(), ::testing::IsEmpty());
  EXPECT_THAT(ids(library.cards(ModelCard::Task::face)),
              ::testing::IsSupersetOf({"blazeface", "blazeface-far"}));
  EXPECT_FALSE(library.cards(ModelCard::Task::emotion).empty());
  EXPECT_THAT(ids(library.cards(ModelCard::Task::movements)), ElementsAre("face-movements"));
  for (const auto task : {ModelCard::Task::face, ModelCard::Task::emotion,
                          ModelCard::Task::landmarks, ModelCard::Task::movements}) {
    for (const auto& card : library.cards(task)) {
      EXPECT_NO_THROW(verify_model_files(card)) << card.id;
      EXPECT_EQ(card.folder.filename(), card.id);
      EXPECT_NE(card.license, "unknown") << card.id;
      EXPECT_NE(card.limitations, "") << card.id;
      EXPECT_TRUE(std::filesystem::exists(card.folder / "README.md")) << card.id;
    }
  }
}

}  // namespace
}  // namespace mien::models
