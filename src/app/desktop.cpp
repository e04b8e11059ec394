#include "desktop.hpp"

#include <array>
#include <cstdlib>
#include <spawn.h>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mien/base/error.hpp"

extern char** environ;

namespace mien {

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
    throw Error("This desktop has no xdg-open (package xdg-utils); open " + argument +
                " yourself.");
  }
  // Some desktops keep it running as long as what it opened.
  std::thread([child] {
    int status = 0;
    waitpid(child, &status, 0);
  }).detach();
}

}  // namespace mien
