#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "mien/movements/opinion_rules.hpp"

namespace mien::movements {

/// The rules that come with the program and those of the user's own file, which is read anew
/// when it changes. One thread; the rules that it gives may go to any.
///
/// A rule of the user's takes the place of the program's with the same name, and `when = never`
/// silences that. A file that cannot be used, or looked at, changes nothing: the rules that
/// were read last go on. One that is gone takes its rules along. Each is said in problem().
class OpinionFile {
 public:
  /// `shipped` is read at once; Error when it cannot be. `own` need not exist; what is wrong
  /// with it is in problem().
  OpinionFile(const std::filesystem::path& shipped, std::filesystem::path own);

  /// data_dir()/assets/opinions.rules and user_config_dir()/opinions.rules. Throws Error.
  static OpinionFile standard();

  /// Looks whether the user's file has changed and reads it if so; nothing else touches the
  /// disk, so whoever calls it says how often. True when rules() or problem() are others than
  /// before. Never throws.
  bool refresh();

  /// Never null.
  std::shared_ptr<const OpinionRules> rules() const { return rules_; }
  /// A sentence that names the file, the line and what is wrong there, or why the file cannot
  /// be had; empty when all is well.
  const std::string& problem() const { return problem_; }
  const std::filesystem::path& own() const { return own_; }

 private:
  /// What tells one state of a file from another.
  struct Stamp {
    std::filesystem::file_time_type time{};
    std::uintmax_t size = 0;
    std::filesystem::perms permissions{};
    bool there = false;
    std::error_code error{};  ///< why that is not known
    bool operator==(const Stamp&) const = default;
  };
  static Stamp stamp_of(const std::filesystem::path& file);
  /// `gone`: there was a file before.
  bool read_own(bool gone);

  OpinionRules shipped_;
  std::filesystem::path own_;
  Stamp stamp_;
  std::shared_ptr<const OpinionRules> rules_;
  std::string problem_;
};

}  // namespace mien::movements
