#include "mien/movements/opinion_file.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/error.hpp"
#include "mien/base/movements.hpp"

#include "support/temporary_folder.hpp"

namespace mien::movements {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::filesystem::path kShippedRules =
    std::filesystem::path(MIEN_SOURCE_DIR) / "assets" / "opinions.rules";

base::FaceReading facing_face() {
  base::FaceReading reading;
  auto& geometry = reading.geometry.emplace();
  geometry.movements.assign(base::movements().size(), 0.F);
  geometry.pose.emplace();
  return reading;
}

std::vector<std::string> names(const OpinionFile& file, const base::FaceReading& reading) {
  std::vector<std::string> all;
  for (const auto& opinion : file.rules()->opinions(reading)) all.push_back(opinion.name);
  return all;
}

TEST(OpinionFileTest, TheProgramsOwnRulesSpeakOfTheShapesThatTheyName) {
  const testing::TemporaryFolder folder;
  OpinionFile file(kShippedRules, folder / "opinions.rules");
  EXPECT_EQ(file.problem(), "");
  EXPECT_EQ(file.rules()->size(), 4u);
  auto face = facing_face();
  EXPECT_TRUE(names(file, face).empty()) << "a face at rest";
  const auto set = [&](const char* id, float value) {
    face.geometry->movements.at(base::movement_index(id).value()) = value;
  };
  set("smile_right", 0.6F);
  set("smile_left", 0.6F);
  EXPECT_THAT(names(file, face), ElementsAre("mouth smiles, eyes do not"));
  set("lid_tighten_right", 0.5F);
  EXPECT_TRUE(names(file, face).empty()) << "the eyes smile, too";
  set("lip_press", 0.7F);
  set("eye_close_left", 0.8F);
  EXPECT_THAT(names(file, face),
              ElementsAre("mouth smiles, lips are pressed", "one eye is shut"));
  face.geometry->pose->yaw = 40;
  EXPECT_TRUE(names(file, face).empty()) << "turned heads are read less well";
}

class OwnRules : public ::testing::Test {
 protected:
  /// Written with a length of its own, so that it is seen whatever a clock's steps are.
  void write(std::string text) {
    text += "\n" + std::string(static_cast<std::size_t>(++written_), '#');
    folder_.write("opinions.rules", text);
  }
  bool look() { return file_.refresh(); }

  int written_ = 0;
  testing::TemporaryFolder folder_;
  OpinionFile file_{kShippedRules, folder_ / "opinions.rules"};
};

TEST_F(OwnRules, AreReadWhenTheyChange) {
  EXPECT_FALSE(look()) << "there is no file";
  write("[always]\nwhen = 1 > 0");
  EXPECT_TRUE(look());
  EXPECT_EQ(file_.rules()->size(), 5u);
  EXPECT_THAT(names(file_, facing_face()), ElementsAre("always"));
  EXPECT_FALSE(look());
  const auto before = file_.rules();
  write("[one eye is shut]\nwhen = 1 > 0");
  EXPECT_TRUE(look());
  EXPECT_THAT(names(file_, facing_face()), ElementsAre("one eye is shut"));
  EXPECT_EQ(before->size(), 5u) << "whoever has them keeps them";
  std::filesystem::remove(file_.own());
  EXPECT_TRUE(look());
  EXPECT_EQ(file_.rules()->size(), 4u);
  EXPECT_THAT(file_.problem(), AllOf(HasSubstr(file_.own().string()), HasSubstr("are gone")));
  EXPECT_FALSE(look()) << "it is said once";
  write("[always]\nwhen = 1 > 0");
  EXPECT_TRUE(look());
  EXPECT_EQ(file_.problem(), "");
}

TEST_F(OwnRules, AFileThatCannotBeLookedAtIsASentenceAndChangesNothing) {
  write("[always]\nwhen = 1 > 0");
  look();
  // A link that leads to itself: it is there, and nobody can say what it is.
  std::filesystem::remove(file_.own());
  std::filesystem::create_symlink(file_.own(), file_.own());
  EXPECT_TRUE(look());
  EXPECT_THAT(file_.problem(),
              AllOf(HasSubstr(file_.own().string()), HasSubstr("cannot be read")));
  EXPECT_THAT(names(file_, facing_face()), ElementsAre("always"));
  EXPECT_FALSE(look()) << "it is said once";
  const OpinionFile at_the_start(kShippedRules, file_.own());
  EXPECT_THAT(at_the_start.problem(), HasSubstr("cannot be read"));
}

TEST_F(OwnRules, ABadFileIsASentenceAndChangesNothing) {
  write("[always]\nwhen = 1 > 0");
  look();
  write("[always]\nwhen = 1 > ");
  EXPECT_TRUE(look());
  EXPECT_THAT(file_.problem(), AllOf(HasSubstr(file_.own().string()), HasSubstr("line 2 has")));
  EXPECT_EQ(std::count(file_.problem().begin(), file_.problem().end(), '\n'), 0);
  EXPECT_THAT(names(file_, facing_face()), ElementsAre("always"));
  write("[always]\nwhen = 2 > 1");
  EXPECT_TRUE(look());
  EXPECT_EQ(file_.problem(), "");
  std::filesystem::remove(file_.own());
  std::filesystem::create_directory(file_.own());
  EXPECT_TRUE(look());
  EXPECT_THAT(file_.problem(), HasSubstr(file_.own().string())) << "a folder is no file";
}

TEST_F(OwnRules, ABadFileAtTheStartLeavesTheProgramsOwn) {
  write("nonsense");
  const OpinionFile file(kShippedRules, file_.own());
  EXPECT_THAT(file.problem(), HasSubstr("line 1"));
  EXPECT_EQ(file.rules()->size(), 4u);
  EXPECT_THROW(OpinionFile(folder_ / "gone.rules", file_.own()), base::Error);
}

}  // namespace
}  // namespace mien::movements
