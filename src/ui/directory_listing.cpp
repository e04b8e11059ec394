#include "directory_listing.hpp"

#include <algorithm>
#include <utility>

#include "mien/base/error.hpp"
#include "mien/base/paths.hpp"
#include "mien/base/text.hpp"
#include "mien/base/threads.hpp"
#include "mien/base/utf8.hpp"
#include "mien/media/file_kinds.hpp"

namespace mien::ui {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxEntries = 3000;

bool is_of(DirectoryListing::Kind kind, const fs::path& file) {
  if (kind == DirectoryListing::Kind::models)
    return base::ascii_lower(file.extension().string()) == ".onnx";
  return media::looks_like_image(file) || media::looks_like_video(file);
}

}  // namespace

DirectoryListing list_directory(const fs::path& folder, DirectoryListing::Kind kind) {
  DirectoryListing listing;
  std::error_code error;
  fs::directory_iterator it(folder, fs::directory_options::skip_permission_denied, error);
  if (error) {
    listing.problem =
        fs::exists(folder) ? "This folder cannot be read." : "There is no such folder.";
    return listing;
  }
  for (; it != fs::directory_iterator(); it.increment(error)) {
    if (error) break;
    const std::string name = it->path().filename().string();
    if (name.empty() || name.front() == '.') continue;
    std::error_code ignored;
    const bool is_folder = it->is_directory(ignored);
    if (!is_folder && !is_of(kind, it->path())) continue;
    if (listing.entries.size() >= kMaxEntries) {
      listing.cut = true;
      break;
    }
    listing.entries.push_back({name, is_folder});
  }
  std::sort(listing.entries.begin(), listing.entries.end(), [](const auto& a, const auto& b) {
    if (a.folder != b.folder) return a.folder;
    const std::string la = base::ascii_lower(a.name);
    const std::string lb = base::ascii_lower(b.name);
    return la != lb ? la < lb : a.name < b.name;
  });
  return listing;
}

fs::path resolve_typed(const std::string& typed) {
  if (typed == "~" || typed.starts_with("~/")) {
    return base::home_dir() / typed.substr(std::min<std::size_t>(2, typed.size()));
  }
  return typed;
}

TypedPath split_typed(const std::string& typed) {
  const auto slash = typed.rfind('/');
  if (slash == std::string::npos) return {".", typed};
  return {resolve_typed(typed.substr(0, slash + 1)), typed.substr(slash + 1)};
}

std::vector<DirectoryListing::Entry> matching(const DirectoryListing& listing,
                                              const std::string& stem) {
  if (stem.empty()) return listing.entries;
  const std::string wanted = base::ascii_lower(stem);
  std::vector<DirectoryListing::Entry> begins;
  std::vector<DirectoryListing::Entry> contains;
  for (const auto& entry : listing.entries) {
    const auto at = base::ascii_lower(entry.name).find(wanted);
    if (at == 0)
      begins.push_back(entry);
    else if (at != std::string::npos)
      contains.push_back(entry);
  }
  begins.insert(begins.end(), contains.begin(), contains.end());
  return begins;
}

std::string completed(const DirectoryListing& listing, const std::string& stem) {
  const std::string wanted = base::ascii_lower(stem);
  const DirectoryListing::Entry* only = nullptr;
  std::string common;
  for (const auto& entry : listing.entries) {
    if (!base::ascii_lower(entry.name).starts_with(wanted)) continue;
    if (common.empty()) {
      common = entry.name;
      only = &entry;
      continue;
    }
    only = nullptr;
    std::size_t same = 0;
    while (same < std::min(common.size(), entry.name.size()) &&
           base::ascii_lower(common[same]) == base::ascii_lower(entry.name[same])) {
      ++same;
    }
    common.resize(base::fitting_characters(common, same).size());
  }
  if (common.size() < stem.size()) return stem;
  return only != nullptr && only->folder ? common + "/" : common;
}

namespace {

PathKind kind_of(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) return PathKind::missing;
  if (!fs::is_directory(status)) return PathKind::file;
  return fs::exists(path / "card.json", error) ? PathKind::model_folder : PathKind::folder;
}

}  // namespace

PathInspector::PathInspector(List list) : list_(std::move(list)) {}

void PathInspector::list(const fs::path& folder, DirectoryListing::Kind kind) {
  listing_.reset();
  listing_wanted_ = true;
  try {
    base::start_detached(
        [list = list_, folder, kind, question = ++asked_list_, shared = shared_] {
          shared->listings.push_latest({question, list(folder, kind)});
        });
  } catch (const base::Error& error) {
    listing_.emplace().problem = error.what();
    listing_wanted_ = false;
  }
}

void PathInspector::inspect(const fs::path& path) {
  kind_.reset();
  inspecting_ = true;
  try {
    base::start_detached([path, question = ++asked_kind_, shared = shared_] {
      shared->kinds.push_latest({question, kind_of(path)});
    });
  } catch (const base::Error&) {
    kind_ = PathKind::missing;
    inspecting_ = false;
  }
}

std::optional<PathKind> PathInspector::take_kind() {
  return std::exchange(kind_, std::nullopt);
}

bool PathInspector::poll() {
  while (auto answer = shared_->listings.try_pop()) {
    if (answer->question != asked_list_) continue;
    listing_ = std::move(answer->value);
    listing_wanted_ = false;
  }
  while (auto answer = shared_->kinds.try_pop()) {
    if (answer->question != asked_kind_) continue;
    kind_ = answer->value;
    inspecting_ = false;
  }
  return listing_wanted_ || inspecting_;
}

}  // namespace mien::ui
