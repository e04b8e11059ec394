#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mien {

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

}  // namespace mien
