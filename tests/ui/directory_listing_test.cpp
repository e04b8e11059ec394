#include "directory_listing.hpp"

#include <fstream>

#include <gmock/gmock.h>

#include "support/temporary_folder.hpp"

namespace mien {
namespace {

using ::testing::ElementsAre;

class DirectoryListingTest : public ::testing::Test {
 protected:
  void touch(const std::string& name) { std::ofstream(folder_.path() / name) << "x"; }
  static std::vector<std::string> names(const std::vector<DirectoryListing::Entry>& entries) {
    std::vector<std::string> all;
    for (const auto& entry : entries) all.push_back(entry.name);
    return all;
  }
  testing::TemporaryFolder folder_;
};

TEST_F(DirectoryListingTest, ListsFoldersThenMediaAndNothingElse) {
  touch("Clip.MP4");
  touch("a.png");
  touch("notes.txt");
  touch(".hidden.png");
  std::filesystem::create_directory(folder_.path() / "zoo");
  const auto listing = list_directory(folder_.path());
  EXPECT_THAT(names(listing.entries), ElementsAre("zoo", "a.png", "Clip.MP4"));
  EXPECT_TRUE(listing.entries[0].folder);
  EXPECT_TRUE(listing.problem.empty());
}

TEST_F(DirectoryListingTest, SaysWhatIsWrong) {
  EXPECT_EQ(list_directory(folder_.path() / "none").problem, "There is no such folder.");
  touch("a.png");
  EXPECT_EQ(list_directory(folder_.path() / "a.png").problem, "This folder cannot be read.");
}

TEST_F(DirectoryListingTest, TypingNarrowsTheList) {
  touch("holiday.mp4");
  touch("Home.mp4");
  touch("at home.mp4");
  const auto listing = list_directory(folder_.path());
  EXPECT_THAT(names(matching(listing, "ho")),
              ElementsAre("holiday.mp4", "Home.mp4", "at home.mp4"));
  EXPECT_THAT(names(matching(listing, "x")), ElementsAre());
}

TEST_F(DirectoryListingTest, TabCompletesAsFarAsNamesAgree) {
  touch("holiday-1.mp4");
  touch("holiday-2.mp4");
  std::filesystem::create_directory(folder_.path() / "photos");
  const auto listing = list_directory(folder_.path());
  EXPECT_EQ(completed(listing, "ho"), "holiday-");
  EXPECT_EQ(completed(listing, "holiday-2"), "holiday-2.mp4");
  EXPECT_EQ(completed(listing, "ph"), "photos/");
  EXPECT_EQ(completed(listing, "q"), "q");
}

TEST(TypedPath, IsSplitAtTheLastSlash) {
  EXPECT_EQ(split_typed("/a/b/cl").folder, "/a/b/");
  EXPECT_EQ(split_typed("/a/b/cl").stem, "cl");
  EXPECT_EQ(split_typed("cl").stem, "cl");
}

TEST(TypedPath, KnowsTheHomeFolder) {
  const char* home = std::getenv("HOME");
  ASSERT_NE(home, nullptr);
  EXPECT_EQ(resolve_typed("~/x"), std::filesystem::path(home) / "x");
  EXPECT_EQ(resolve_typed("/x~"), "/x~");
}

TEST(DirectoryListing, OffersModelsWhereOneIsWanted) {
  const testing::TemporaryFolder folder;
  folder.write("net.ONNX", "x");
  folder.write("clip.mp4", "x");
  std::filesystem::create_directory(folder / "model");
  const auto listing = list_directory(folder.path(), DirectoryListing::Kind::models);
  ASSERT_EQ(listing.entries.size(), 2U);
  EXPECT_EQ(listing.entries[0].name, "model");
  EXPECT_EQ(listing.entries[1].name, "net.ONNX");
}

}  // namespace
}  // namespace mien
