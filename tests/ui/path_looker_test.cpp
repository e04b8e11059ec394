#include "path_looker.hpp"

#include <condition_variable>
#include <mutex>

#include <gtest/gtest.h>

#include "mien/base/threads.hpp"

#include "support/fakes.hpp"
#include "support/temporary_folder.hpp"

namespace mien {
namespace {

using Place = PathLooker::Place;
using testing::eventually;
using testing::TemporaryFolder;

Place look_at(PathLooker& looker, const std::filesystem::path& path) {
  looker.look_at(path);
  std::optional<Place> place;
  EXPECT_TRUE(eventually([&] {
    looker.poll();
    place = looker.take_place();
    return place.has_value();
  }));
  EXPECT_FALSE(looker.take_place());
  return place.value_or(Place::nothing);
}

TEST(PathLooker, TellsWhatLiesAtAPath) {
  const TemporaryFolder folder;
  folder.write("clip.mp4", "x");
  folder.write("model/card.json", "{}");
  PathLooker looker;
  EXPECT_EQ(look_at(looker, folder / "none"), Place::nothing);
  EXPECT_EQ(look_at(looker, folder / "clip.mp4"), Place::file);
  EXPECT_EQ(look_at(looker, folder.path()), Place::folder);
  EXPECT_EQ(look_at(looker, folder / "model"), Place::model_folder);
}

TEST(PathLooker, AFolderThatHangsDoesNotHoldUpTheNext) {
  struct Gate {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
  };
  const auto gate = std::make_shared<Gate>();
  PathLooker looker([gate](const std::filesystem::path& folder, DirectoryListing::Kind) {
    DirectoryListing listing;
    listing.entries.push_back({folder.string(), true});
    if (folder == "hangs") {
      std::unique_lock lock(gate->mutex);
      gate->changed.wait(lock, [&] { return gate->open; });
    }
    return listing;
  });
  looker.list("hangs", DirectoryListing::Kind::media);
  EXPECT_TRUE(looker.poll());
  EXPECT_EQ(looker.listing(), nullptr);
  looker.list("other", DirectoryListing::Kind::media);
  ASSERT_TRUE(eventually([&] {
    looker.poll();
    return looker.listing() != nullptr;
  }));
  EXPECT_EQ(looker.listing()->entries.at(0).name, "other");
  {
    const std::lock_guard lock(gate->mutex);
    gate->open = true;
  }
  gate->changed.notify_all();
  ASSERT_TRUE(eventually([] { return detached_threads() == 0; }));
  // What comes too late is not shown.
  EXPECT_FALSE(looker.poll());
  EXPECT_EQ(looker.listing()->entries.at(0).name, "other");
}

}  // namespace
}  // namespace mien
