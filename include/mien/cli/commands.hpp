#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mien {

/// What the window was asked to do on the command line.
struct WindowOptions {
  std::string source;    ///< empty: as last time
  std::string model;     ///< id or folder; empty: as last time
  std::string reading;   ///< id of a model card's reading; empty: as last time
  std::string detector;  ///< empty: as last time
  /// What recordings keep, a word of recording/privacy.hpp; empty: from the settings.
  std::string privacy;
  std::string encoder;     ///< as SessionOptions::encoder; empty: the best there is
  bool record = false;     ///< start recording with the first frame
  std::string sessions;    ///< where sessions go; empty: from the settings
  std::string screenshot;  ///< write a picture of the window here before leaving
  double exit_after = 0;   ///< seconds; 0: never
};

/// Exit codes of the program.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;

/// What the window's first-run notice says, in a few lines on stderr: for those who read faces
/// without a window that could ask. Once for each user, and not to those who have accepted the
/// window's. Never waits and never throws for what cannot be kept.
void tell_first_notice();

/// Runs the command line: a subcommand, or `open_window` when there is none. Returns the exit
/// code; prints errors as one line on stderr. JSON goes to stdout alone, logs and progress to
/// stderr.
int run_command_line(int argc, const char* const* argv,
                     const std::function<int(const WindowOptions&)>& open_window);

}  // namespace mien
