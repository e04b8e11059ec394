#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mien/emotions/neutral_baseline.hpp"

namespace mien {

/// Resting faces that the user asked to keep, each under a name that the user gave, in one file
/// that holds nothing else. A name may have one for each model. One thread.
class KeptBaselines {
 public:
  /// Reads the file; a missing one is empty. A broken one is put aside as FILE.broken, and
  /// problem() says so.
  explicit KeptBaselines(std::filesystem::path file);

  /// A sentence when the file could not be used; empty otherwise.
  const std::string& problem() const { return problem_; }

  /// Names that have one for this model, in order.
  std::vector<std::string> names(const std::string& model_id) const;
  std::optional<NeutralBaseline> find(const std::string& name,
                                      const std::string& model_id) const;

  /// Writes the file. Throws Error; then nothing has changed.
  void keep(const std::string& name, NeutralBaseline baseline);
  /// All of that name, for every model, from the file too. Throws Error; then nothing has
  /// changed.
  void forget(const std::string& name);

 private:
  using People = std::map<std::string, std::map<std::string, NeutralBaseline>>;
  void save(const People& people) const;

  const std::filesystem::path file_;
  std::string problem_;
  People people_;  ///< name -> model id -> baseline
};

}  // namespace mien
