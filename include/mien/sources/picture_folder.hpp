#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mien::sources {

/// Whether `a` comes before `b` as people sort names: frame9 before frame10, case set aside. A
/// strict total order.
bool natural_less(std::string_view a, std::string_view b);

/// What is in a folder, told by the files' names; hidden files and those that file managers
/// leave behind (Thumbs.db, desktop.ini) are passed over. Each list is in natural order.
struct PictureFolder {
  std::vector<std::filesystem::path> pictures;  ///< that a folder as a source gives
  std::vector<std::filesystem::path> videos;
  std::vector<std::filesystem::path> others;  ///< folders as well
};

/// Does not look into folders in it. Throws Error when it cannot be read.
PictureFolder scan_picture_folder(const std::filesystem::path& folder);

/// "a.txt, b.pdf and 3 others"
std::string names_of(const std::vector<std::filesystem::path>& files);

}  // namespace mien::sources
