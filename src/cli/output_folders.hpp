#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "mien/models/model_card.hpp"

#include "input_list.hpp"

namespace mien::cli {

/// Identifies an input as it was read, so that a later run can tell whether it has changed.
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
  bool same_size_and_time(const InputIdentity& other) const {
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

/// The folder of the results of one input, found or chosen.
struct OutputFolder {
  std::filesystem::path folder;
  /// The folder holds the finished result of this very input, made in this very way.
  bool finished = false;
  /// What a finished result reports as missing from its input; a sentence, or empty.
  std::string damage;
  /// The result of an earlier run that was stopped; it may be deleted once its input can be
  /// read.
  bool replaces = false;
  /// Why nothing is done, a sentence; empty otherwise.
  std::string problem;
  InputIdentity identity;
};

/// Finds or chooses the folder of one input after the other. A result is another run's when its
/// input (path, size and time; or content, where those differ), its settings or its model are
/// others: it is never written over, and the new one gets the same name with _2, _3 ... Inputs
/// that cannot be read again (cameras, addresses) are never finished or replaced. One thread.
class OutputFolders {
 public:
  /// `out`: the folder of all results. `recipe`: as settings_fingerprint() gives it.
  OutputFolders(std::filesystem::path out, nlohmann::json recipe);

  /// In the order of the list: no two inputs get the same folder. Never throws.
  OutputFolder place(const NamedInput& input);

 private:
  OutputFolder find_or_choose(const NamedInput& input);

  const std::filesystem::path out_;
  const nlohmann::json recipe_;
  /// Name -> the entries of `out` that are called that, or that with _2, _3 ...: by number.
  std::map<std::string, std::map<int, std::string>> entries_;
  std::set<std::string> taken_;  ///< by an input before
};

/// What a result depends on besides its input: written into session.json, and compared.
nlohmann::json settings_fingerprint(const models::ModelCard& model,
                                    const nlohmann::json& detector,
                                    const nlohmann::json& settings);

}  // namespace mien::cli
