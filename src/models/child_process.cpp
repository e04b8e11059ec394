#include "child_process.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <spawn.h>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mien/base/error.hpp"

namespace mien::models {
namespace {

[[noreturn]] void fail(int code) {
  throw base::Error(std::string("No process for a third-party model can be started: ") +
                    std::generic_category().message(code) +
                    "; close other programs and try again.");
}

}  // namespace

ChildProcess::ChildProcess(const std::filesystem::path& program,
                           std::vector<std::string> arguments) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) fail(errno);
  socket_ = base::FileDescriptor(ends[0]);
  base::FileDescriptor theirs(ends[1]);
  if (theirs.get() <= kSocket) {
    // The file actions below must not overwrite it before it is copied.
    const int higher = ::fcntl(theirs.get(), F_DUPFD_CLOEXEC, kSocket + 1);
    if (higher < 0) fail(errno);
    theirs = base::FileDescriptor(higher);
  }

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    ::posix_spawn_file_actions_addopen(&actions, stream, "/dev/null",
                                       stream == STDIN_FILENO ? O_RDONLY : O_WRONLY, 0);
  }
  ::posix_spawn_file_actions_adddup2(&actions, theirs.get(), kSocket);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, kSocket + 1);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(
      &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);

  std::vector<char*> argv;
  arguments.insert(arguments.begin(), "mien");
  argv.reserve(arguments.size() + 1);
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const int code =
      ::posix_spawn(&id_, program.c_str(), &actions, &attributes, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (code != 0) {
    id_ = -1;
    fail(code);
  }
}

ChildProcess::~ChildProcess() { end(); }

int ChildProcess::end() {
  if (id_ < 0) return 0;
  int status = 0;
  pid_t reaped = 0;
  // A process that dies closes its socket a moment before it can be reaped, and with a signal
  // of its own that is worth telling.
  for (int i = 0; i < 100 && reaped == 0; ++i) {
    reaped = ::waitpid(id_, &status, WNOHANG);
    char byte = 0;
    const ssize_t peeked = ::recv(socket(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    const bool closed = peeked == 0 || (peeked < 0 && errno == ECONNRESET);
    if (reaped != 0 || !closed) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  if (reaped == 0) {
    ::kill(id_, SIGKILL);
    while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
    }
    id_ = -1;
    return 0;
  }
  id_ = -1;
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

}  // namespace mien::models
