#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include <nlohmann/json.hpp>

namespace mien {

/// What an input was when it was read, so that a later run can tell whether it still is that.
struct InputIdentity {
  /// A file as a file: URL of its absolute path, byte for byte whatever its encoding; "demo".
  /// Empty for what cannot be read a second time: cameras and addresses.
  std::string url;
  std::uintmax_t size = 0;    ///< bytes; of a folder: of all its files
  std::int64_t modified = 0;  ///< nanoseconds since 1970; of a folder: the latest
  std::uintmax_t files = 0;   ///< in a folder
  std::string sha256;         ///< of the content; empty when it is not known

  /// Whether the same can be read once more.
  bool repeatable() const { return !url.empty(); }
  bool same_stamp(const InputIdentity& other) const {
    return url == other.url && size == other.size && modified == other.modified &&
           files == other.files;
  }
};

nlohmann::json to_json(const InputIdentity& identity);
/// What cannot be read is left empty.
InputIdentity identity_from(const nlohmann::json& json);

/// Without the hash. `spec` as SourceRequest::spec. Never throws: of a file that is not there
/// only the URL is known.
InputIdentity identify(const std::string& spec);

/// The path that such a URL names; empty for anything else.
std::filesystem::path path_of_file_url(const std::string& url);

/// SHA-256 of a file; of a folder: over the names and contents of its files. Empty when `stop`
/// says so or something cannot be read.
std::string content_hash(const std::string& spec, const std::function<bool()>& stop = {});

}  // namespace mien
