#pragma once

#include <functional>

#include <CLI/CLI.hpp>

#include "mien/base/error.hpp"
#include "mien/cli/commands.hpp"

namespace mien::cli {

/// What to do once the command line is read; gives the exit code.
using Command = std::function<int()>;

/// The command line is wrong: exit code 2.
class UsageError : public base::Error {
 public:
  using base::Error::Error;
};

/// Adds a subcommand with its options to `root`. When the command line names it, `run` is
/// set.
using AddCommand = void (*)(CLI::App& root, Command& action);

void add_analyze_command(CLI::App& root, Command& action);
void add_bench_command(CLI::App& root, Command& action);
void add_cameras_command(CLI::App& root, Command& action);
void add_detectors_command(CLI::App& root, Command& action);
void add_eval_command(CLI::App& root, Command& action);
void add_mark_command(CLI::App& root, Command& action);
void add_models_command(CLI::App& root, Command& action);
void add_record_command(CLI::App& root, Command& action);
void add_report_command(CLI::App& root, Command& action);
void add_synthesize_command(CLI::App& root, Command& action);
void add_train_command(CLI::App& root, Command& action);

/// Hidden, for the build: `mien write-pages DIR DATE` writes man pages and completions.
void add_write_pages_command(CLI::App& root, Command& action);
/// Hidden, for completion: `mien complete-words KIND` prints a word a line, a tabulator and
/// what it means.
void add_complete_words_command(CLI::App& root, Command& action);

}  // namespace mien::cli
