#include "mien/base/staged_folder.hpp"

#include <algorithm>
#include <atomic>
#include <string>
#include <system_error>
#include <vector>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/numbers.hpp"
#include "mien/base/text.hpp"
#include "mien/system/files.hpp"
#include "mien/system/process.hpp"

namespace fs = std::filesystem;

namespace mien::base {
namespace {

constexpr std::string_view kEnding = ".partial";

[[noreturn]] void fail(const fs::path& place, const std::error_code& error) {
  throw Error("The folder " + place.string() + " cannot be written: " + error.message() +
              "; choose another place or make room.");
}

void refuse_taken(const fs::path& place) {
  std::error_code error;
  const auto status = fs::symlink_status(place, error);
  if (!fs::exists(status)) return;
  if (!fs::is_directory(status)) {
    throw Error("There is a file " + place.string() +
                " already; name a folder that is not there yet.");
  }
  const bool empty = fs::is_empty(place, error);
  if (error) fail(place, error);
  if (!empty) {
    throw Error("The folder " + place.string() +
                " is not empty; name one that is not there yet, or empty it first.");
  }
}

/// Of processes that no longer run.
void remove_stale_folders(const fs::path& parent, const std::string& start) {
  std::error_code error;
  std::vector<fs::path> stale;
  for (fs::directory_iterator it(parent, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (!name.starts_with(start) || !name.ends_with(kEnding)) continue;
    const auto owner = std::string_view(name).substr(
        start.size(), name.size() - std::min(name.size(), start.size() + kEnding.size()));
    int process = 0;
    if (parse_number(split(owner, '-').first, process) && process > 0 &&
        !system::is_running({process})) {
      stale.push_back(it->path());
    }
  }
  for (const auto& folder : stale) fs::remove_all(folder, error);
}

}  // namespace

HiddenFolder::HiddenFolder(const fs::path& parent, const std::string& name) {
  if (const auto failed = make_private_folders(parent)) throw std::system_error(failed);
  const std::string start = "." + name + ".";
  remove_stale_folders(parent, start);
  // The number keeps two threads that write to one place apart.
  static std::atomic<unsigned> count{0};
  path_ = parent / (start + std::to_string(system::own_process().number) + "-" +
                    std::to_string(++count) + std::string(kEnding));
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  if (const auto failed = make_private_folders(path_)) throw std::system_error(failed);
}

HiddenFolder::~HiddenFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

StagedFolder::StagedFolder(const fs::path& place)
    : place_(without_slash(fs::absolute(place).lexically_normal())) {
  refuse_taken(place_);
  const fs::path parent = place_.parent_path();
  std::error_code error;
  for (fs::path above = parent; !above.empty() && !fs::exists(above, error);
       above = above.parent_path()) {
    made_ = above;
  }
  try {
    hidden_.emplace(parent, place_.filename().string());
  } catch (const std::system_error& failed) {
    fail(place_, failed.code());
  }
}

StagedFolder::~StagedFolder() {
  hidden_.reset();
  if (published_) return;
  std::error_code ignored;
  // Only what is empty goes, so that nobody else's files do.
  for (fs::path above = place_.parent_path(); !made_.empty(); above = above.parent_path()) {
    fs::remove(above, ignored);
    if (above == made_) break;
  }
}

void StagedFolder::publish() {
  if (const auto error = system::sync_all_below(path())) fail(place_, error);
  if (const auto error = system::rename_over(path(), place_)) {
    if (error == std::errc::directory_not_empty || error == std::errc::file_exists ||
        error == std::errc::not_a_directory) {
      refuse_taken(place_);
    }
    fail(place_, error);
  }
  published_ = true;
}

}  // namespace mien::base
