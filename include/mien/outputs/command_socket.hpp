#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "mien/outputs/output.hpp"

namespace mien::outputs {

/// Takes a command; what it returns is a sentence why not, or empty. Called from the socket's
/// thread, where it must not wait.
using CommandHandler = std::function<std::string(const Command& command)>;

/// Where windows have their sockets: $XDG_RUNTIME_DIR/mien, or the folder `run` beside the log
/// where there is no such place. Any thread.
std::filesystem::path command_folder();

/// The window's own socket, through which `mien mark` and `mien record` reach it: for the user
/// alone (0600 in a folder 0700), with a thread that listens. What arrives is not believed:
/// messages are bounded, and what makes no sense is answered with an error. Every window has
/// its own, and send_command() reaches them all. Sockets that crashed windows have left behind
/// are taken away by both.
///
/// A message is one line of JSON, {"mien": 1, "command": "marker", "text": "...", "at": N} with
/// "marker", "record_start" or "record_stop", and in `at` the nanoseconds of CLOCK_MONOTONIC at
/// which it was given, which are the Command's time; a text has up to kLongestMarker bytes. The
/// answer is {"ok": true} or {"error": "sentence"}.
class CommandSocket {
 public:
  /// Throws base::Error when there can be none. `folder`: another one only in tests.
  explicit CommandSocket(CommandHandler handler,
                         const std::filesystem::path& folder = command_folder());
  /// Takes it away. Waits for a handler that is at work.
  ~CommandSocket();

  const std::filesystem::path& file() const;

 private:
  class Listener;
  std::unique_ptr<Listener> listener_;
};

/// Gives a command to every window that is open, its time along with it; sets `at` to now when
/// it is not set. Waits up to a few seconds for each. Returns how many have taken it. Throws
/// base::Error when there is no window, or with the sentence of the first that did not take it;
/// the others have it all the same.
std::size_t send_command(const Command& command,
                         const std::filesystem::path& folder = command_folder());

}  // namespace mien::outputs
