#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "mien/base/channel.hpp"

#include "directory_listing.hpp"

namespace mien {

/// Looks at folders and paths in threads beside the window: a network file system may take
/// seconds to answer, or never do. What was asked for last counts. The UI thread's.
class PathLooker {
 public:
  using List =
      std::function<DirectoryListing(const std::filesystem::path&, DirectoryListing::Kind)>;

  /// `list` is called from any thread; tests put a fake here.
  explicit PathLooker(List list = &list_directory);

  /// Begins to list a folder; listing() is null until it is done.
  void list(const std::filesystem::path& folder, DirectoryListing::Kind kind);
  const DirectoryListing* listing() const { return listing_ ? &*listing_ : nullptr; }

  /// What lies at a path.
  enum class Place { nothing, file, folder, model_folder };
  /// Begins to look; take_place() gives the answer once.
  void look_at(const std::filesystem::path& path);
  bool looking() const { return looking_; }
  std::optional<Place> take_place();

  /// Takes what has come; once a redraw. True while something is still to come.
  bool poll();

 private:
  template <typename T>
  struct Answer {
    std::uint64_t question = 0;
    T value;
  };
  struct Shared {
    Channel<Answer<DirectoryListing>> listings{4};
    Channel<Answer<Place>> places{4};
  };

  const List list_;
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
  std::uint64_t asked_list_ = 0, asked_place_ = 0;
  std::optional<DirectoryListing> listing_;
  std::optional<Place> place_;
  bool listing_wanted_ = false;
  bool looking_ = false;
};

}  // namespace mien
