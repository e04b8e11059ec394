#include "mien/sources/picture_folder.hpp"

#include <algorithm>
#include <system_error>

#include "mien/base/error.hpp"
#include "mien/media/file_kinds.hpp"

#include "natural_order.hpp"

namespace mien {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNamed = 5;

bool left_by_file_managers(const std::string& name) {
  return name.starts_with('.') || name == "Thumbs.db" || name == "desktop.ini";
}

}  // namespace

PictureFolder scan_picture_folder(const fs::path& folder) {
  PictureFolder found;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (const fs::directory_iterator end; !error && entry != end; entry.increment(error)) {
    const auto& path = entry->path();
    if (left_by_file_managers(path.filename().string())) continue;
    std::error_code unknown;
    auto* kind = &found.others;
    if (entry->is_regular_file(unknown)) {
      if (looks_like_image(path) || looks_like_rare_image(path))
        kind = &found.pictures;
      else if (looks_like_video(path))
        kind = &found.videos;
    }
    kind->push_back(path);
  }
  if (error) {
    throw Error("The folder " + folder.string() + " may not be read: " + error.message() +
                "; change its permissions, or choose another one.");
  }
  for (auto* list : {&found.pictures, &found.videos, &found.others}) {
    std::sort(list->begin(), list->end(), [](const fs::path& a, const fs::path& b) {
      return natural_less(a.filename().string(), b.filename().string());
    });
  }
  return found;
}

std::string names_of(const std::vector<fs::path>& files) {
  std::string names;
  const auto shown = files.size() > kNamed + 1 ? kNamed : files.size();
  for (std::size_t i = 0; i < shown; ++i) {
    const bool last = i + 1 == files.size();
    names += (i == 0 ? "" : last ? " and " : ", ") + files[i].filename().string();
  }
  if (shown < files.size()) names += " and " + std::to_string(files.size() - shown) + " others";
  return names;
}

}  // namespace mien
