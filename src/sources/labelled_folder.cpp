#include "mien/sources/labelled_folder.hpp"

#include <algorithm>

#include "mien/base/error.hpp"

namespace fs = std::filesystem;

namespace mien::sources {
namespace {

bool hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

}  // namespace

std::vector<LabelledClass> scan_labelled_folder(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    throw base::Error(
        "The folder " + folder.string() +
        " is missing or no folder; name one that holds a folder of pictures for each class.");
  }
  std::vector<LabelledClass> classes;
  for (fs::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    std::error_code ignored;
    if (hidden(it->path()) || !it->is_directory(ignored)) continue;
    LabelledClass one{it->path().filename().string(), {}};
    for (fs::directory_iterator file(it->path(), error), last; !error && file != last;
         file.increment(error)) {
      if (!hidden(file->path()) && file->is_regular_file(ignored))
        one.files.push_back(file->path());
    }
    if (error) break;
    std::sort(one.files.begin(), one.files.end());
    classes.push_back(std::move(one));
  }
  if (error) {
    throw base::Error("The folder " + folder.string() + " cannot be read: " + error.message() +
                      ".");
  }
  if (classes.empty()) {
    throw base::Error(
        "The folder " + folder.string() +
        " holds no folders; put the pictures of each class into a folder named after it.");
  }
  std::sort(classes.begin(), classes.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return classes;
}

}  // namespace mien::sources
