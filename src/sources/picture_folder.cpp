#include "mien/sources/picture_folder.hpp"

#include <algorithm>
#include <cstddef>
#include <system_error>

#include "mien/base/error.hpp"
#include "mien/base/text.hpp"
#include "mien/media/file_kinds.hpp"

namespace mien::sources {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

unsigned char folded(char c) { return static_cast<unsigned char>(base::ascii_lower(c)); }

// The run of digits at `at`, without leading zeros; moves `at` past it.
std::string_view take_number(std::string_view text, std::size_t& at) {
  while (at < text.size() && text[at] == '0') ++at;
  const std::size_t start = at;
  while (at < text.size() && is_digit(text[at])) ++at;
  return text.substr(start, at - start);
}

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const std::string_view x = take_number(a, i);
      const std::string_view y = take_number(b, j);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
    } else {
      if (folded(a[i]) != folded(b[j])) return folded(a[i]) < folded(b[j]);
      ++i;
      ++j;
    }
  }
  if (i < a.size() || j < b.size()) return j < b.size();
  return a < b;  // equal but for case or leading zeros
}

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
      if (media::looks_like_image(path) || media::looks_like_rare_image(path))
        kind = &found.pictures;
      else if (media::looks_like_video(path))
        kind = &found.videos;
    }
    kind->push_back(path);
  }
  if (error) {
    throw base::Error("The folder " + folder.string() + " may not be read: " + error.message() +
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

}  // namespace mien::sources
