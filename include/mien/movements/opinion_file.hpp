#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "mien/movements/opinion_rules.hpp"

namespace mien::movements {

/// The rules that come with the program and those of the user's own file, which is read anew
/// when it changes. One thread; the rules that it gives may go to any.
///
/// A rule of the user's takes the place of the program's with the same name, and `when = never`
/// silences that. A file that cannot be used changes nothing: the rules that were read last go
/// on.
class OpinionFile {
 public:
  static constexpr std::chrono::nanoseconds kLookEvery = std::chrono::seconds{1};

  /// `shipped` is read at once; Error when it cannot be. `own` need not exist; what is wrong
  /// with it is in problem().
  OpinionFile(const std::filesystem::path& shipped, std::filesystem::path own);

  /// data_dir()/assets/opinions.rules and user_config_dir()/opinions.rules. Throws Error.
  static OpinionFile standard();

  /// Looks whether the user's file has changed, once in kLookEvery at most, and reads it if so;
  /// `now` is of a steady clock. Nothing else touches the disk. True when rules() or problem()
  /// are others than before. Never throws.
  bool refresh(std::chrono::nanoseconds now);

  /// Never null.
  std::shared_ptr<const OpinionRules> rules() const { return rules_; }
  /// A sentence that names file, line and what is wrong there; empty when all is well.
  const std::string& problem() const { return problem_; }
  const std::filesystem::path& own() const { return own_; }

 private:
  /// What tells one state of a file from another.
  struct Stamp {
    std::filesystem::file_time_type time{};
    std::uintmax_t size = 0;
    bool there = false;
    bool operator==(const Stamp&) const = default;
  };
  static Stamp stamp_of(const std::filesystem::path& file);
  bool read_own();

  OpinionRules shipped_;
  std::filesystem::path own_;
  Stamp stamp_;
  std::optional<std::chrono::nanoseconds> looked_;
  std::shared_ptr<const OpinionRules> rules_;
  std::string problem_;
};

}  // namespace mien::movements
