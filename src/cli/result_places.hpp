#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "mien/models/model_card.hpp"

#include "input_identity.hpp"
#include "input_list.hpp"

namespace mien {

/// Where the results of an input are, or are to go.
struct ResultPlace {
  std::filesystem::path folder;
  /// The folder holds the finished result of this very input, made in this very way.
  bool finished = false;
  /// What a finished result says was not to be had of its input; a sentence, or empty.
  std::string damage;
  /// The result of an earlier run that was stopped; it may go once its input can be read again.
  bool replaces = false;
  /// Why nothing is done, a sentence; empty otherwise.
  std::string problem;
  InputIdentity identity;
};

/// Finds the place of one input after the other. A result is another run's when its input
/// (path, size and time; or content, where those differ), its settings or its model are others:
/// it is never written over, and the new one goes beside it, with _2, _3 ... behind its name.
/// What cannot be read again is never taken for finished, and never replaced. One thread.
class ResultPlaces {
 public:
  /// `out`: the folder of all results. `recipe`: as recipe_of() gives it.
  ResultPlaces(std::filesystem::path out, nlohmann::json recipe);

  /// In the order of the list: an input never gets the place of one before it. Never throws.
  ResultPlace place(const NamedInput& input);

 private:
  ResultPlace look(const NamedInput& input);

  const std::filesystem::path out_;
  const nlohmann::json recipe_;
  /// Name -> the entries of `out` that are called that, or that with _2, _3 ...: by number.
  std::map<std::string, std::map<int, std::string>> entries_;
  std::set<std::string> taken_;  ///< by an input before
};

/// What a result depends on beside its input: written into session.json, and compared.
nlohmann::json recipe_of(const ModelCard& model, const nlohmann::json& detector,
                         const nlohmann::json& settings);

}  // namespace mien
