#include "mien/system/desktop.hpp"

#include <array>
#include <spawn.h>
#include <string>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mien::system {

std::optional<bool> DesktopOpener::ended() {
  int status = 0;
  const auto id = static_cast<pid_t>(process_.number);
  if (::waitpid(id, &status, WNOHANG) != id) return std::nullopt;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void DesktopOpener::wait() {
  int ignored = 0;
  ::waitpid(static_cast<pid_t>(process_.number), &ignored, 0);
}

std::optional<DesktopOpener> open_with_desktop(const std::filesystem::path& path) {
  std::string program = "xdg-open";
  std::string argument = path.string();
  const std::array<char*, 3> arguments{program.data(), argument.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    ::posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
  }
  pid_t child = 0;
  const int failed =
      ::posix_spawnp(&child, program.c_str(), &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return std::nullopt;
  return DesktopOpener({child});
}

}  // namespace mien::system
