#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mien/base/channel.hpp"

namespace mien::ui {

/// What a folder holds that can be opened: its folders, then its videos and pictures, or its
/// models, by name.
/// Hidden ones are left out.
struct DirectoryListing {
  enum class Kind { media, models };
  struct Entry {
    std::string name;
    bool folder = false;
  };
  std::vector<Entry> entries;
  std::string problem;  ///< a sentence when it cannot be read
  bool cut = false;     ///< there is more than is listed
};

/// Never throws.
DirectoryListing list_directory(const std::filesystem::path& folder,
                                DirectoryListing::Kind kind = DirectoryListing::Kind::media);

/// A typed path in two: the folder that it lies in, and the beginning of a name in there. "~"
/// is the home folder.
struct TypedPath {
  std::filesystem::path folder;
  std::string stem;
};
TypedPath split_typed(const std::string& typed);

/// The path that was typed, "~" resolved.
std::filesystem::path resolve_typed(const std::string& typed);

/// The entries whose name begins with, or else contains, `stem`, in any case; those that begin
/// with it first.
std::vector<DirectoryListing::Entry> matching(const DirectoryListing& listing,
                                              const std::string& stem);

/// What Tab makes of `stem`: as far as all names that begin with it agree.
std::string completed(const DirectoryListing& listing, const std::string& stem);

/// What lies at a path.
enum class PathKind { missing, file, folder, model_folder };

/// Lists folders and inspects paths in threads of their own: a network file system may take
/// seconds to answer, or never do. Only the latest request is answered. Belongs to one thread.
class PathInspector {
 public:
  using List =
      std::function<DirectoryListing(const std::filesystem::path&, DirectoryListing::Kind)>;

  /// `list` is called from any thread; tests put a fake here.
  explicit PathInspector(List list = &list_directory);

  /// Begins to list a folder; listing() is null until it is done.
  void list(const std::filesystem::path& folder, DirectoryListing::Kind kind);
  const DirectoryListing* listing() const { return listing_ ? &*listing_ : nullptr; }

  /// Begins to find out what lies at a path; take_kind() gives the answer once.
  void inspect(const std::filesystem::path& path);
  bool inspecting() const { return inspecting_; }
  std::optional<PathKind> take_kind();

  /// Takes what has come; once a redraw. True while something is still to come.
  bool poll();

 private:
  template <typename T>
  struct Answer {
    std::uint64_t question = 0;
    T value;
  };
  struct Shared {
    base::Channel<Answer<DirectoryListing>> listings{4};
    base::Channel<Answer<PathKind>> kinds{4};
  };

  const List list_;
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
  std::uint64_t asked_list_ = 0, asked_kind_ = 0;
  std::optional<DirectoryListing> listing_;
  std::optional<PathKind> kind_;
  bool listing_wanted_ = false;
  bool inspecting_ = false;
};

}  // namespace mien::ui
