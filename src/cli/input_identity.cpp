#include "input_identity.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>

#include <sys/stat.h>

#include "mien/base/files.hpp"
#include "mien/models/sha256.hpp"

namespace mien {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kScheme = "file://";

/// RFC 8089 with every byte that is not unreserved in hexadecimal: two paths never share one.
std::string file_url(const fs::path& path) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string url(kScheme);
  for (const char c : path.native()) {
    if (kPlain.find(c) != std::string_view::npos) {
      url += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    url += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return url;
}

fs::path absolute_path(const std::string& spec) {
  return without_slash(fs::absolute(spec).lexically_normal());
}

bool read_stamp(const fs::path& path, InputIdentity& identity) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return false;
  identity.size += static_cast<std::uintmax_t>(status.st_size);
  identity.modified =
      std::max(identity.modified,
               std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec);
  return S_ISREG(status.st_mode);
}

/// The files of a folder that are not hidden, by name.
std::map<std::string, fs::path> files_in(const fs::path& folder) {
  std::map<std::string, fs::path> files;
  std::error_code code;
  for (fs::directory_iterator file(folder, code), end; !code && file != end;
       file.increment(code)) {
    const auto name = file->path().filename().string();
    std::error_code unknown;
    if (!name.starts_with('.') && file->is_regular_file(unknown)) files[name] = file->path();
  }
  return files;
}

}  // namespace

nlohmann::json to_json(const InputIdentity& identity) {
  return {{"url", identity.url},
          {"size", identity.size},
          {"modified_ns", identity.modified},
          {"files", identity.files},
          {"sha256", identity.sha256}};
}

InputIdentity identity_from(const nlohmann::json& json) {
  InputIdentity identity;
  try {
    identity.url = json.at("url").get<std::string>();
    identity.size = json.at("size").get<std::uintmax_t>();
    identity.modified = json.at("modified_ns").get<std::int64_t>();
    identity.files = json.at("files").get<std::uintmax_t>();
    identity.sha256 = json.at("sha256").get<std::string>();
  } catch (const nlohmann::json::exception&) {
    return {};
  }
  return identity;
}

InputIdentity identify(const std::string& spec) {
  InputIdentity identity;
  if (spec == "demo") {
    identity.url = spec;
    return identity;
  }
  if (spec.find("://") != std::string::npos || spec.starts_with("camera:")) return identity;
  std::error_code code;
  const auto status = fs::status(spec, code);
  if (fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status)) {
    return identity;  // a camera's device, a FIFO
  }
  const auto path = absolute_path(spec);
  identity.url = file_url(path);
  if (!fs::is_directory(status)) {
    read_stamp(path, identity);
    return identity;
  }
  for (const auto& [name, file] : files_in(path)) {
    if (read_stamp(file, identity)) ++identity.files;
  }
  return identity;
}

fs::path path_of_file_url(const std::string& url) {
  if (!url.starts_with(kScheme)) return {};
  std::string path;
  for (std::size_t i = kScheme.size(); i < url.size(); ++i) {
    int byte = static_cast<unsigned char>(url[i]);
    if (url[i] == '%') {
      const char* end = url.data() + std::min(i + 3, url.size());
      if (std::from_chars(url.data() + i + 1, end, byte, 16).ptr != url.data() + i + 3)
        return {};
      i += 2;
    }
    path += static_cast<char>(byte);
  }
  return path;
}

std::string content_hash(const std::string& spec, const std::function<bool()>& stop) {
  try {
    Sha256 hash;
    std::error_code code;
    if (!fs::is_directory(spec, code)) return hash.add_file(spec, stop) ? hash.hex() : "";
    for (const auto& [name, file] : files_in(spec)) {
      // With the end of the name, so that names do not run together.
      hash.add({name.c_str(), name.size() + 1});
      if (!hash.add_file(file, stop)) return {};
    }
    return hash.hex();
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace mien
