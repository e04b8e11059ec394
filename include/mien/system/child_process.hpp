#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "mien/system/message_socket.hpp"
#include "mien/system/process.hpp"

namespace mien::system {

/// How a process ended.
struct ProcessEnd {
  std::string signal;        ///< what had ended it, "SIGSEGV"; empty when it left by itself
  bool out_of_time = false;  ///< the limit on its processor time did
};

/// Another process with one end of a socket; killed and reaped with its owner. One thread at a
/// time.
class ChildProcess {
 public:
  /// Starts `program` anew (nothing of this process's memory goes along) with `arguments`, of
  /// which the first is the name that it shows. It gets no input and nowhere to print to, its
  /// end of the socket (parent_socket()), and nothing else that is open here; Ctrl-C on the
  /// terminal is not told to it. Throws std::system_error.
  ChildProcess(const std::filesystem::path& program, std::vector<std::string> arguments);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  MessageSocket& socket() { return socket_; }

  /// Also when it has ended, until end().
  ProcessId id() const { return id_; }

  /// Kills it unless it has ended, and reaps it. Returns how it had ended before: nothing when
  /// it was killed here.
  ProcessEnd end();

 private:
  MessageSocket socket_;
  ProcessId id_;
  bool reaped_ = true;
};

/// The end that a process has which was started as a ChildProcess. Call it once.
MessageSocket parent_socket();

}  // namespace mien::system
