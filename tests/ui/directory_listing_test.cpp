#include "directory_listing.hpp"

#include <condition_variable>
#include <fstream>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mien/base/threads.hpp"

#include "support/fakes.hpp"
#include "support/temporary_folder.hpp"

namespace mien::ui {
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

using testing::eventually;
using testing::TemporaryFolder;

PathKind inspect(PathInspector& inspector, const std::filesystem::path& path) {
  inspector.inspect(path);
  std::optional<PathKind> kind;
  EXPECT_TRUE(eventually([&] {
    inspector.poll();
    kind = inspector.take_kind();
    return kind.has_value();
  }));
  EXPECT_FALSE(inspector.take_kind());
  return kind.value_or(PathKind::missing);
}

TEST(PathInspector, TellsWhatLiesAtAPath) {
  const TemporaryFolder folder;
  folder.write("clip.mp4", "x");
  folder.write("model/card.json", "{}");
  PathInspector inspector;
  EXPECT_EQ(inspect(inspector, folder / "none"), PathKind::missing);
  EXPECT_EQ(inspect(inspector, folder / "clip.mp4"), PathKind::file);
  EXPECT_EQ(inspect(inspector, folder.path()), PathKind::folder);
  EXPECT_EQ(inspect(inspector, folder / "model"), PathKind::model_folder);
}

TEST(PathInspector, AFolderThatHangsDoesNotHoldUpTheNext) {
  struct Gate {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
  };
  const auto gate = std::make_shared<Gate>();
  PathInspector inspector([gate](const std::filesystem::path& folder, DirectoryListing::Kind) {
    DirectoryListing listing;
    listing.entries.push_back({folder.string(), true});
    if (folder == "hangs") {
      std::unique_lock lock(gate->mutex);
      gate->changed.wait(lock, [&] { return gate->open; });
    }
    return listing;
  });
  inspector.list("hangs", DirectoryListing::Kind::media);
  EXPECT_TRUE(inspector.poll());
  EXPECT_EQ(inspector.listing(), nullptr);
  inspector.list("other", DirectoryListing::Kind::media);
  ASSERT_TRUE(eventually([&] {
    inspector.poll();
    return inspector.listing() != nullptr;
  }));
  EXPECT_EQ(inspector.listing()->entries.at(0).name, "other");
  {
    const std::lock_guard lock(gate->mutex);
    gate->open = true;
  }
  gate->changed.notify_all();
  ASSERT_TRUE(eventually([] { return base::detached_threads() == 0; }));
  // What comes too late is not shown.
  EXPECT_FALSE(inspector.poll());
  EXPECT_EQ(inspector.listing()->entries.at(0).name, "other");
}

}  // namespace

}  // namespace mien::ui
