#include "mien/system/child_process.hpp"

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

#include "native.hpp"

namespace mien::system {
namespace {

/// Where the child finds its end of the socket.
constexpr int kParentSocket = 3;

[[noreturn]] void fail_to_start(int code) {
  throw std::system_error(code, std::generic_category());
}

}  // namespace

ChildProcess::ChildProcess(const std::filesystem::path& program,
                           std::vector<std::string> arguments) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) fail_to_start(errno);
  socket_ = MessageSocket(FileHandle(ends[0]));
  FileHandle theirs(ends[1]);
  if (descriptor_of(theirs) <= kParentSocket) {
    // The file actions below must not overwrite it before it is copied.
    const int higher = ::fcntl(descriptor_of(theirs), F_DUPFD_CLOEXEC, kParentSocket + 1);
    if (higher < 0) fail_to_start(errno);
    theirs = FileHandle(higher);
  }

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    ::posix_spawn_file_actions_addopen(&actions, stream, "/dev/null",
                                       stream == STDIN_FILENO ? O_RDONLY : O_WRONLY, 0);
  }
  ::posix_spawn_file_actions_adddup2(&actions, descriptor_of(theirs), kParentSocket);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, kParentSocket + 1);
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
  argv.reserve(arguments.size() + 1);
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_t id = 0;
  const int code =
      ::posix_spawn(&id, program.c_str(), &actions, &attributes, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (code != 0) fail_to_start(code);
  id_ = {id};
  reaped_ = false;
}

ChildProcess::~ChildProcess() { end(); }

ProcessEnd ChildProcess::end() {
  if (std::exchange(reaped_, true)) return {};
  const auto id = static_cast<pid_t>(id_.number);
  int status = 0;
  pid_t reaped = 0;
  // A process that dies closes its socket a moment before it can be reaped, and with a signal
  // of its own that is worth telling.
  for (int i = 0; i < 100 && reaped == 0; ++i) {
    reaped = ::waitpid(id, &status, WNOHANG);
    if (reaped != 0 || !socket_.is_closed()) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  if (reaped == 0) {
    ::kill(id, SIGKILL);
    while (::waitpid(id, &status, 0) < 0 && errno == EINTR) {
    }
    return {};
  }
  if (!WIFSIGNALED(status)) return {};
  const char* const name = ::sigabbrev_np(WTERMSIG(status));
  return {.signal = name != nullptr ? "SIG" + std::string(name) : std::string(),
          .out_of_time = WTERMSIG(status) == SIGXCPU};
}

MessageSocket parent_socket() { return MessageSocket(FileHandle(kParentSocket)); }

}  // namespace mien::system
