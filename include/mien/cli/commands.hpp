#pragma once

#include <functional>

#include "mien/base/window_options.hpp"

namespace mien::cli {

/// Exit codes of the program.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;

/// Runs the command line: a subcommand, or `open_window` when there is none. Returns the exit
/// code; prints errors as one line on stderr. JSON goes to stdout alone, logs and progress to
/// stderr.
int run_command_line(int argc, const char* const* argv,
                     const std::function<int(const base::WindowOptions&)>& open_window);

}  // namespace mien::cli
