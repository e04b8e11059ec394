#include "desktop.hpp"

#include <array>
#include <chrono>
#include <cstdlib>
#include <spawn.h>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mien/base/error.hpp"
#include "mien/base/threads.hpp"

namespace mien::app {
namespace {

constexpr auto kFailureTimeout = std::chrono::milliseconds{1500};

}  // namespace

void open_with_desktop(const std::filesystem::path& path) {
  std::string program = "xdg-open";
  std::string argument = path.string();
  const std::array<char*, 3> arguments{program.data(), argument.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
  }
  pid_t child = 0;
  const int failed =
      posix_spawnp(&child, program.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    throw base::Error("This desktop has no xdg-open (package xdg-utils); open " + argument +
                      " yourself.");
  }
  // Where nothing opens folders or pages, it ends soon with an error. Some desktops keep it
  // running for as long as what it opened.
  int status = 0;
  const auto deadline = std::chrono::steady_clock::now() + kFailureTimeout;
  while (std::chrono::steady_clock::now() < deadline) {
    if (waitpid(child, &status, WNOHANG) == child) {
      if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
      throw base::Error("No program of this desktop opens " + argument + "; open it yourself.");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  base::start_detached([child] {
    int ignored = 0;
    waitpid(child, &ignored, 0);
  });
}

}  // namespace mien::app
