#pragma once

#include <algorithm>
#include <cctype>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mien::cli {

/// A mien of its own, so that signals and closed pipes are its own as well.
class Child {
 public:
  Child(const std::vector<std::string>& words, const std::string& err, bool closed_stdout) {
    id_ = ::fork();
    if (id_ != 0) return;
    std::signal(SIGINT, SIG_DFL);  // a background job hands down that it is ignored
    const int file = ::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(file, STDERR_FILENO);
    int ends[2];
    if (closed_stdout && ::pipe(ends) == 0) {
      ::close(ends[0]);
      ::dup2(ends[1], STDOUT_FILENO);
    } else {
      ::dup2(::open("/dev/null", O_WRONLY), STDOUT_FILENO);
    }
    std::vector<char*> argv = {const_cast<char*>(MIEN_WINDOWLESS)};
    for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    ::execv(MIEN_WINDOWLESS, argv.data());
    ::_exit(127);
  }
  ~Child() {
    if (id_ > 0) {
      ::kill(id_, SIGKILL);
      wait();
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Waits until the program ends in good order when it is told to, which shows in that it
  /// takes care of SIGHUP too; false when it never does.
  bool listens() const {
    for (int i = 0; i < 3000; ++i) {
      std::ifstream status("/proc/" + std::to_string(id_) + "/status");
      for (std::string line; std::getline(status, line);) {
        if (!line.starts_with("SigCgt:")) continue;
        const auto caught = std::stoull(line.substr(7), nullptr, 16);
        if ((caught >> (SIGHUP - 1) & 1) != 0) return true;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return false;
  }
  void interrupt() const { ::kill(id_, SIGINT); }
  /// Makes the processes of third-party models hang; returns how many there are.
  int suspend_workers() const {
    int count = 0;
    for (const auto& process : std::filesystem::directory_iterator("/proc")) {
      if (std::isdigit(static_cast<unsigned char>(process.path().filename().native()[0])) == 0)
        continue;
      std::ifstream stat(process.path() / "stat");
      std::string text{std::istreambuf_iterator<char>(stat), {}};
      // "id (name) state parent ..."
      std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 1)));
      std::string state;
      pid_t parent = 0;
      if (!(fields >> state >> parent) || parent != id_) continue;
      count += ::kill(std::stoi(text), SIGSTOP) == 0 ? 1 : 0;
    }
    return count;
  }
  void kill() const { ::kill(id_, SIGKILL); }
  /// The exit code; -1 when a signal ended it.
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(id_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t id_ = -1;
};

inline std::string contents(const std::string& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace mien::cli
