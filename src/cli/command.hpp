#pragma once

#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "mien/base/error.hpp"
#include "mien/cli/commands.hpp"
#include "mien/models/model_library.hpp"

namespace mien {

/// What to do once the command line is read; gives the exit code.
using Command = std::function<int()>;

/// The command line asks for what there is not: exit code 2.
class UsageError : public Error {
 public:
  using Error::Error;
};

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

inline CLI::Option* add_reading_option(CLI::App& command, std::string& value) {
  return command
      .add_option("--reading", value,
                  "How the model is to read, if it has a choice: everyday, acted")
      ->type_name("WORD");
}

/// The card of the model `id` (empty: the default one) in that reading. Throws UsageError when
/// it has no such reading.
ModelCard choose_model(const ModelLibrary& library, const std::string& id,
                       const std::string& reading);

/// Adds a subcommand with its options to `root`. When the command line names it, `run` is
/// set.
using AddCommand = void (*)(CLI::App& root, Command& action);

void add_analyze_command(CLI::App& root, Command& action);
void add_bench_command(CLI::App& root, Command& action);
void add_cameras_command(CLI::App& root, Command& action);
void add_detectors_command(CLI::App& root, Command& action);
void add_eval_command(CLI::App& root, Command& action);
void add_models_command(CLI::App& root, Command& action);
void add_report_command(CLI::App& root, Command& action);
void add_synthesize_command(CLI::App& root, Command& action);
void add_train_command(CLI::App& root, Command& action);

}  // namespace mien
