#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

#include "mien/base/file_descriptor.hpp"

namespace mien::models {

/// Another process with one end of a socket; killed and reaped with its owner. One thread at a
/// time.
class ChildProcess {
 public:
  /// Where the child finds its end of the socket.
  static constexpr int kSocket = 3;

  /// Starts `program` anew (an exec, nothing of this process's memory goes along). It gets
  /// /dev/null as its standard streams, its end of the socket, and no other descriptor; it is
  /// in a process group of its own, so that Ctrl-C on the terminal is this process's matter.
  /// Throws Error.
  ChildProcess(const std::filesystem::path& program, std::vector<std::string> arguments);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  int socket() const { return socket_.get(); }

  pid_t id() const { return id_; }

  /// Kills it unless it has ended, and reaps it. Returns the signal that had ended it before,
  /// 0 for none (it left by itself or was killed here).
  int end();

 private:
  base::FileDescriptor socket_;
  pid_t id_ = -1;
};

}  // namespace mien::models
