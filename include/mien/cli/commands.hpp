#pragma once

#include <functional>

#include "mien/analysis/system_report.hpp"
#include "mien/base/window_options.hpp"

namespace mien::cli {

/// Exit codes of the program.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;

/// The window, which the command line does not link.
struct WindowHooks {
  std::function<int(const base::WindowOptions&)> open;  ///< runs it; gives the exit code
  /// For `mien --check`. On the main thread; throws nothing.
  std::function<analysis::DisplayFacts()> look_at_display = [] {
    return analysis::DisplayFacts{};
  };
};

/// Runs the command line: a subcommand, or the window when there is none. Returns the exit
/// code; prints errors as one line on stderr. JSON goes to stdout alone, logs and progress to
/// stderr.
int run_command_line(int argc, const char* const* argv, const WindowHooks& window);

}  // namespace mien::cli
