#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mien/base/background_queue.hpp"
#include "mien/base/channel.hpp"
#include "mien/emotions/neutral_baseline.hpp"

namespace mien {

/// Resting faces that the user saved, each under a name that the user gave, in one file that
/// holds nothing else. A name may have one for each model. One thread.
class SavedBaselines {
 public:
  /// Reads the file; a missing one is empty. A broken one is renamed to FILE.broken, and
  /// problem() says so.
  /// `disk` writes it; null: the caller's thread.
  explicit SavedBaselines(std::filesystem::path file, BackgroundQueue* disk = nullptr);

  /// A sentence when the file could not be used; empty otherwise.
  const std::string& problem() const { return problem_; }

  /// Names that have one for this model, in order.
  std::vector<std::string> names(const std::string& model_id) const;
  std::optional<NeutralBaseline> find(const std::string& name,
                                      const std::string& model_id) const;

  /// Writes the file. Throws Error; then nothing has changed. take_problem() reports what
  /// `disk` cannot write.
  void save(const std::string& name, NeutralBaseline baseline);
  /// All of that name, for every model, from the file too. Throws Error; then nothing has
  /// changed.
  void remove(const std::string& name);

  /// Why the last writing failed, once.
  std::optional<std::string> take_problem() { return problems_->try_pop(); }

 private:
  using People = std::map<std::string, std::map<std::string, NeutralBaseline>>;
  void write_file(const People& people) const;

  const std::filesystem::path file_;
  BackgroundQueue* const disk_;
  std::shared_ptr<Channel<std::string>> problems_ = std::make_shared<Channel<std::string>>(4);
  std::string problem_;
  People people_;  ///< name -> model id -> baseline
};

}  // namespace mien
