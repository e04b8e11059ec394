#pragma once

#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "mien/cli/commands.hpp"

namespace mien {

/// What to do once the command line is read; gives the exit code.
using Action = std::function<int()>;

/// Options that the window and several subcommands share.
inline CLI::Option* add_model_option(CLI::App& command, std::string& value) {
  return command
      .add_option("--model", value, "Expression model: an id of `mien models`, or a folder")
      ->type_name("ID|DIR");
}
inline CLI::Option* add_detector_option(CLI::App& command, std::string& value) {
  return command.add_option("--detector", value, "Face detector: an id of `mien detectors`")
      ->type_name("ID");
}

/// Adds a subcommand with its options to `root`. When the command line names it, `action` is
/// set.
using AddCommand = void (*)(CLI::App& root, Action& action);

void add_analyze_command(CLI::App& root, Action& action);
void add_bench_command(CLI::App& root, Action& action);
void add_cameras_command(CLI::App& root, Action& action);
void add_detectors_command(CLI::App& root, Action& action);
void add_eval_command(CLI::App& root, Action& action);
void add_models_command(CLI::App& root, Action& action);
void add_report_command(CLI::App& root, Action& action);
void add_synthesize_command(CLI::App& root, Action& action);
void add_train_command(CLI::App& root, Action& action);

}  // namespace mien
