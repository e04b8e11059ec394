#include "input_list.hpp"

#include <algorithm>
#include <filesystem>

#include "mien/base/error.hpp"
#include "mien/base/files.hpp"
#include "mien/base/numbers.hpp"
#include "mien/base/redaction.hpp"
#include "mien/base/text.hpp"
#include "mien/sources/picture_folder.hpp"
#include "mien/system/files.hpp"

#include "command.hpp"

namespace mien::cli {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> matches(const std::string& pattern) {
  auto [paths, closed_folder] = system::match_pattern(pattern);
  if (paths.empty() && !closed_folder.empty()) {
    throw base::Error("The folder " + closed_folder + " may not be read, so nothing matches " +
                      pattern + "; change its permissions, or choose another one.");
  }
  if (paths.empty()) {
    throw base::Error("Nothing matches " + pattern + "; check the pattern and the folder.");
  }
  return paths;
}

void expand_folder(const std::string& folder, std::vector<std::string>& inputs,
                   std::vector<std::string>* left_out) {
  sources::PictureFolder found;
  try {
    found = sources::scan_picture_folder(folder);
  } catch (const base::Error&) {
    inputs.push_back(folder);  // opening it says what is wrong, and costs no other input
    return;
  }
  if (!found.pictures.empty() || found.videos.empty()) inputs.push_back(folder);
  for (const auto& video : found.videos) inputs.push_back(video.string());
  if (found.pictures.empty() && !found.videos.empty() && !found.others.empty() &&
      left_out != nullptr) {
    left_out->push_back("In the folder " + folder + ", " + sources::names_of(found.others) +
                        (found.others.size() == 1
                             ? " is neither picture nor video, and was"
                             : " are neither pictures nor videos, and were") +
                        " left out.");
  }
}

void expand(const std::string& argument, std::vector<std::string>& inputs,
            std::vector<std::string>* left_out) {
  std::error_code code;
  const bool address = argument.find("://") != std::string::npos;
  if (!address && fs::is_directory(argument, code)) {
    return expand_folder(argument, inputs, left_out);
  }
  if (!address && argument.find_first_of("*?[") != std::string::npos &&
      !fs::exists(argument, code)) {
    for (const auto& path : matches(argument)) expand(path, inputs, left_out);
    return;
  }
  inputs.push_back(argument);
}

std::string name_of(const std::string& input) {
  std::string name;
  if (input.find("://") != std::string::npos) {
    const std::string shown = base::redact_address(input);
    name = shown.substr(shown.find("://") + 3);  // the host and the path
  } else {
    fs::path path = fs::path(input).lexically_normal();
    if (path == "." || path == "..") path = fs::absolute(path).lexically_normal();
    path = base::without_slash(path);
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

}  // namespace

std::vector<NamedInput> list_inputs(const std::vector<std::string>& arguments,
                                    std::vector<std::string>* left_out) {
  std::vector<std::string> inputs;
  for (const auto& argument : arguments) expand(argument, inputs, left_out);
  std::vector<NamedInput> result;
  for (auto& input : inputs) {
    auto name = name_of(input);
    result.push_back({std::move(input), std::move(name)});
  }
  return result;
}

Shard parse_shard(const std::string& text) {
  Shard shard;
  const auto [index, count] = base::split(text, '/');
  if (!base::parse_number(index, shard.index) || !base::parse_number(count, shard.count) ||
      shard.index < 1 || shard.count < 1 || shard.index > shard.count) {
    throw UsageError("\"" + text +
                     "\" is not a shard; write --shard 1/4 for the first of four.");
  }
  return shard;
}

std::vector<std::size_t> part_of(const Shard& shard, std::size_t size) {
  std::vector<std::size_t> places;
  for (std::size_t i = shard.index - 1; i < size; i += shard.count) places.push_back(i);
  return places;
}

}  // namespace mien::cli
