#pragma once

#include <memory>

#include "mien/system/file_handle.hpp"

namespace mien::system {

/// How the system asks a process to end: SIGINT (Ctrl-C), SIGTERM, and SIGHUP when its terminal
/// closes.

/// The first thing that main() does. From here on a SIGINT or SIGTERM ends the process with a
/// line on stderr, unless an EndRequests is active, and a closed pipe or a file beyond the
/// user's limit is an error of the write.
void install_signal_handlers();

/// A crash of this process is told by its signal, as without a sanitizer, which would report it
/// and leave. Does nothing without one.
void leave_crashes_to_signals();

/// While it is active, the first request to end is told to whoever waits; a second one ends the
/// process as if there were none. A SIGHUP that nohup has switched off stays off. One object at
/// a time.
class EndRequests {
 public:
  /// Not active yet. Throws std::system_error when too many files are open.
  EndRequests();
  /// stop() must have been called if start() was, and wait() have returned.
  ~EndRequests();
  EndRequests(const EndRequests&) = delete;
  EndRequests& operator=(const EndRequests&) = delete;

  void start();
  /// As before start(); wait() returns false.
  void stop();

  /// Until the first request comes (true) or stop() is called (false). For one thread.
  bool wait();

  /// Whether a request has come since the last start(). Any thread.
  static bool asked();

 private:
  struct Before;  ///< what handled the signals until start()

  std::unique_ptr<Before> before_;
  FileHandle wake_;    ///< wait() reads from it
  FileHandle notify_;  ///< handlers write to it
};

}  // namespace mien::system
