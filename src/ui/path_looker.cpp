#include "path_looker.hpp"

#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/threads.hpp"

namespace mien {
namespace {

namespace fs = std::filesystem;

PathLooker::Place place_of(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) return PathLooker::Place::nothing;
  if (!fs::is_directory(status)) return PathLooker::Place::file;
  return fs::exists(path / "card.json", error) ? PathLooker::Place::model_folder
                                               : PathLooker::Place::folder;
}

}  // namespace

PathLooker::PathLooker(List list) : list_(std::move(list)) {}

void PathLooker::list(const fs::path& folder, DirectoryListing::Kind kind) {
  listing_.reset();
  listing_wanted_ = true;
  try {
    start_detached([list = list_, folder, kind, question = ++asked_list_, shared = shared_] {
      shared->listings.push_latest({question, list(folder, kind)});
    });
  } catch (const Error& error) {
    listing_.emplace().problem = error.what();
    listing_wanted_ = false;
  }
}

void PathLooker::look_at(const fs::path& path) {
  place_.reset();
  looking_ = true;
  try {
    start_detached([path, question = ++asked_place_, shared = shared_] {
      shared->places.push_latest({question, place_of(path)});
    });
  } catch (const Error&) {
    place_ = Place::nothing;
    looking_ = false;
  }
}

std::optional<PathLooker::Place> PathLooker::take_place() {
  return std::exchange(place_, std::nullopt);
}

bool PathLooker::poll() {
  while (auto answer = shared_->listings.try_pop()) {
    if (answer->question != asked_list_) continue;
    listing_ = std::move(answer->value);
    listing_wanted_ = false;
  }
  while (auto answer = shared_->places.try_pop()) {
    if (answer->question != asked_place_) continue;
    place_ = answer->value;
    looking_ = false;
  }
  return listing_wanted_ || looking_;
}

}  // namespace mien
