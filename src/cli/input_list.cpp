#include "input_list.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <glob.h>
#include <set>

#include "mien/base/error.hpp"
#include "mien/base/redaction.hpp"
#include "mien/sources/file_kinds.hpp"

namespace mien {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> matches(const std::string& pattern) {
  glob_t found{};
  const int result = ::glob(pattern.c_str(), GLOB_TILDE, nullptr, &found);
  std::vector<std::string> paths;
  if (result == 0) paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
  if (paths.empty()) {
    throw Error("Nothing matches " + pattern + "; check the pattern and the folder.");
  }
  return paths;
}

/// The videos of a folder that holds no pictures; none for any other folder.
std::vector<std::string> videos_in(const fs::path& folder) {
  std::vector<std::string> videos;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (entry.path().filename().string().starts_with('.')) continue;
    if (looks_like_image(entry.path())) return {};
    if (looks_like_video(entry.path()) && entry.is_regular_file(code)) {
      videos.push_back(entry.path().string());
    }
  }
  std::sort(videos.begin(), videos.end());
  return videos;
}

void expand(const std::string& argument, std::vector<std::string>& inputs) {
  std::error_code code;
  const bool address = argument.find("://") != std::string::npos;
  if (!address && fs::is_directory(argument, code)) {
    const auto videos = videos_in(argument);
    if (!videos.empty()) {
      inputs.insert(inputs.end(), videos.begin(), videos.end());
      return;
    }
  } else if (!address && argument.find_first_of("*?[") != std::string::npos &&
             !fs::exists(argument, code)) {
    for (const auto& path : matches(argument)) expand(path, inputs);
    return;
  }
  inputs.push_back(argument);
}

std::string name_of(const std::string& input) {
  std::string name;
  if (input.find("://") != std::string::npos) {
    const std::string shown = redact_address(input);
    name = shown.substr(shown.find("://") + 3);  // the host and the path
  } else {
    fs::path path = fs::path(input).lexically_normal();
    if (path == "." || path == "..") path = fs::absolute(path).lexically_normal();
    if (path.filename().empty()) path = path.parent_path();  // "photos/"
    std::error_code code;
    name = (fs::is_directory(path, code) ? path.filename() : path.stem()).string();
  }
  for (char& c : name) {
    if (c == '/' || c == ':' || static_cast<unsigned char>(c) < ' ') c = '-';
  }
  while (!name.empty() && (name.back() == '-' || name.back() == '.')) name.pop_back();
  while (!name.empty() && (name.front() == '-' || name.front() == '.')) name.erase(0, 1);
  return name.empty() ? "input" : name;
}

bool read_number(std::string_view text, std::size_t& value) {
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  return end.ec == std::errc() && end.ptr == text.data() + text.size();
}

}  // namespace

std::vector<NamedInput> list_inputs(const std::vector<std::string>& arguments) {
  std::vector<std::string> inputs;
  for (const auto& argument : arguments) expand(argument, inputs);
  std::vector<NamedInput> result;
  std::set<std::string> taken;
  for (auto& input : inputs) {
    const std::string name = name_of(input);
    std::string unique = name;
    for (int n = 2; !taken.insert(unique).second; ++n) unique = name + '_' + std::to_string(n);
    result.push_back({std::move(input), unique});
  }
  return result;
}

Shard parse_shard(const std::string& text) {
  Shard shard;
  const auto slash = text.find('/');
  if (slash == std::string::npos ||
      !read_number(std::string_view(text).substr(0, slash), shard.index) ||
      !read_number(std::string_view(text).substr(slash + 1), shard.count) || shard.index < 1 ||
      shard.count < 1 || shard.index > shard.count) {
    throw Error("\"" + text + "\" is no shard; write --shard 1/4 for the first of four.");
  }
  return shard;
}

std::vector<NamedInput> inputs_of(const Shard& shard, const std::vector<NamedInput>& inputs) {
  std::vector<NamedInput> result;
  for (std::size_t i = shard.index - 1; i < inputs.size(); i += shard.count) {
    result.push_back(inputs[i]);
  }
  return result;
}

}  // namespace mien
