#include "mien/outputs/command_socket.hpp"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "mien/base/error.hpp"
#include "mien/base/log.hpp"
#include "mien/base/paths.hpp"
#include "mien/base/threads.hpp"
#include "mien/system/files.hpp"
#include "mien/system/folders.hpp"
#include "mien/system/line_server.hpp"
#include "mien/system/process.hpp"

#include "command_message.hpp"

namespace mien::outputs {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::string_view kEnding = ".socket";
/// Of one process; more are only in tests.
constexpr int kMostOfOneProcess = 100;
/// A window that draws slowly answers at once all the same: its socket has its own thread.
constexpr auto kAnswerWithin = 3s;

[[noreturn]] void throw_no_socket(const fs::path& folder, const std::string& why) {
  throw base::Error("Commands from a shell cannot be taken in " + folder.string() + ": " + why +
                    "; set XDG_RUNTIME_DIR to a folder of your own.");
}

/// For the user alone, also one that was there.
void make_command_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder.parent_path(), error);
  if (error) throw_no_socket(folder, error.message());
  error = system::make_private_folder(folder);
  if (error == std::errc::file_exists) {
    error.clear();
    const bool real = fs::is_directory(fs::symlink_status(folder, error));
    if (!error && !real) throw_no_socket(folder, "it is no folder");
    // Fails where it belongs to somebody else.
    if (!error) fs::permissions(folder, fs::perms::owner_all, error);
  }
  if (error) throw_no_socket(folder, error.message());
}

std::vector<fs::path> sockets_in(const fs::path& folder) {
  std::vector<fs::path> sockets;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().native().ends_with(kEnding)) sockets.push_back(entry->path());
  }
  std::sort(sockets.begin(), sockets.end());
  return sockets;
}

/// Why a window has not taken the command that was answered so; empty when it has. Whatever one
/// answers, the others get the command.
std::string problem_of_window(const std::string& answer, std::error_code error) {
  constexpr const char* kAdvice = "; close it and start it again.";
  if (error) return "A window of mien does not answer (" + error.message() + ")" + kAdvice;
  try {
    return problem_in_answer(answer);
  } catch (const std::exception&) {
    return std::string("A window of mien gives an answer that cannot be read") + kAdvice;
  }
}

}  // namespace

fs::path command_folder() {
  const auto runtime = system::runtime_folder();
  return runtime.empty() ? base::user_state_dir() / "run" : runtime / "mien";
}

/// The server with its thread.
class CommandSocket::Listener {
 public:
  Listener(CommandHandler handler, const fs::path& folder)
      : handler_(std::move(handler)), server_({.bytes = kLongestMessage}) {
    make_command_folder(folder);
    for (const auto& file : sockets_in(folder)) system::remove_left_over_server(file);
    open_in(folder);
    thread_ = base::start_thread([this] {
      server_.serve([this](std::string_view line) { return answer(line); },
                    command_answer("The command is too long or was cut short; " +
                                   std::to_string(kLongestMessage) + " bytes are the most."));
    });
  }
  ~Listener() {
    server_.interrupt();
    if (thread_.joinable()) thread_.join();
  }

  const fs::path& file() const { return file_; }

 private:
  void open_in(const fs::path& folder) {
    const auto process = std::to_string(system::own_process().number);
    std::error_code error;
    // The number may belong to a window beyond the wall of a container that has the same
    // folder.
    for (int i = 1; i <= kMostOfOneProcess; ++i) {
      file_ =
          folder / (process + (i == 1 ? "" : "_" + std::to_string(i)) + std::string(kEnding));
      error = server_.open(file_);
      if (error != std::errc::address_in_use) break;
    }
    if (error) throw_no_socket(folder, error.message());
  }

  std::string answer(std::string_view line) const {
    try {
      return command_answer(handler_(parse_command(line, std::chrono::steady_clock::now())));
    } catch (...) {
      const auto problem = base::describe_current_exception();
      base::log::warn("outputs", "A command from a shell was not taken: ", problem);
      return command_answer(problem);
    }
  }

  const CommandHandler handler_;
  system::LineServer server_;
  fs::path file_;
  std::jthread thread_;
};

CommandSocket::CommandSocket(CommandHandler handler, const fs::path& folder)
    : listener_(std::make_unique<Listener>(std::move(handler), folder)) {}
CommandSocket::~CommandSocket() = default;
const fs::path& CommandSocket::file() const { return listener_->file(); }

std::size_t send_command(const Command& command, const fs::path& folder) {
  Command timed = command;
  if (timed.at == std::chrono::steady_clock::time_point{}) {
    timed.at = std::chrono::steady_clock::now();
  }
  const auto message = command_message(timed);
  std::size_t taken = 0;
  std::string problem;
  for (const auto& file : sockets_in(folder)) {
    std::error_code error;
    const auto answer = system::ask_line(file, message, kAnswerWithin, error);
    // Left over from a window that crashed, or closed a moment ago.
    if (error == std::errc::connection_refused) system::remove_left_over_server(file);
    if (error == std::errc::connection_refused ||
        error == std::errc::no_such_file_or_directory) {
      continue;
    }
    const auto said = problem_of_window(answer, error);
    if (said.empty()) {
      ++taken;
    } else if (problem.empty()) {
      problem = said;
    }
  }
  if (!problem.empty()) throw base::Error(problem);
  if (taken == 0) throw base::Error("No window of mien is open; start mien first.");
  return taken;
}

}  // namespace mien::outputs
