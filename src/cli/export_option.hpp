#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "mien/reports/exports.hpp"

namespace mien {

/// `--export FORMAT`, as often as wanted; another word than a format's is an error of the
/// command line.
inline CLI::Option* add_export_option(CLI::App& command, std::vector<std::string>& formats) {
  std::string known;
  std::vector<std::string> ids;
  for (const auto& format : export_formats()) {
    known += (known.empty() ? "" : ", ") + std::string(format.id);
    ids.emplace_back(format.id);
  }
  return command
      .add_option(
          "--export", formats,
          "Write the session for other programs, too; more than once for several:\n" + known)
      ->type_name("FORMAT")
      ->allow_extra_args(false)
      ->check(CLI::Validator(
          [ids, known](std::string& text) -> std::string {
            if (std::find(ids.begin(), ids.end(), text) != ids.end()) return {};
            return "\"" + text + "\" is no export format; choose one of " + known;
          },
          ""));
}

}  // namespace mien
