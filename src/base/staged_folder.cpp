#include "mien/base/staged_folder.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"

namespace fs = std::filesystem;

namespace mien {
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

/// Those of programs that are gone.
void clear_left_behind(const fs::path& parent, const std::string& start) {
  std::error_code error;
  std::vector<fs::path> stale;
  for (fs::directory_iterator it(parent, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (!name.starts_with(start) || !name.ends_with(kEnding)) continue;
    int process = 0;
    const char* last = name.data() + name.size() - kEnding.size();
    const auto read = std::from_chars(name.data() + start.size(), last, process);
    if (read.ec == std::errc() && read.ptr == last && process > 0 && ::kill(process, 0) != 0 &&
        errno == ESRCH) {
      stale.push_back(it->path());
    }
  }
  for (const auto& folder : stale) fs::remove_all(folder, error);
}

}  // namespace

StagedFolder::StagedFolder(const fs::path& place)
    : place_(without_slash(fs::absolute(place).lexically_normal())) {
  refuse_taken(place_);
  const fs::path parent = place_.parent_path();
  std::error_code error;
  for (fs::path above = parent; !above.empty() && !fs::exists(above, error);
       above = above.parent_path()) {
    made_ = above;
  }
  if (const auto failed = make_private_folders(parent)) fail(place_, failed);
  const std::string start = "." + place_.filename().string() + ".";
  clear_left_behind(parent, start);
  path_ = parent / (start + std::to_string(::getpid()) + std::string(kEnding));
  fs::remove_all(path_, error);
  if (const auto failed = make_private_folders(path_)) fail(place_, failed);
}

StagedFolder::~StagedFolder() {
  if (published_) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  // Only what is empty goes, so that nobody else's files do.
  for (fs::path above = place_.parent_path(); !made_.empty(); above = above.parent_path()) {
    fs::remove(above, ignored);
    if (above == made_) break;
  }
}

void StagedFolder::publish() {
  const auto check = [&](bool good) {
    if (!good) fail(place_, std::error_code(errno, std::generic_category()));
  };
  const int folder = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  check(folder >= 0);
  const bool synced = ::syncfs(folder) == 0;
  const int reason = errno;
  ::close(folder);
  errno = reason;
  check(synced);
  // rename() replaces an empty folder and no other.
  if (std::rename(path_.c_str(), place_.c_str()) != 0) {
    if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR) refuse_taken(place_);
    check(false);
  }
  published_ = true;
}

}  // namespace mien
