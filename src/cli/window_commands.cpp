#include <memory>

#include "mien/outputs/command_socket.hpp"
#include "mien/system/process.hpp"

#include "command.hpp"

namespace mien::cli {
namespace {

/// When the command was given: loading this program's libraries takes a tenth of a second.
std::chrono::steady_clock::time_point when_given() {
  using namespace std::chrono_literals;
  const auto now = std::chrono::steady_clock::now();
  const auto start = system::process_start();
  // No loading takes that long; a program that runs on, as tests do, began with something else.
  return now - start < 10s ? start : now;
}

int tell_windows(outputs::Command::Kind kind, const std::string& text = {}) {
  outputs::Command command;
  command.kind = kind;
  command.text = text;
  command.at = when_given();
  outputs::send_command(command);
  return kDone;
}

}  // namespace

void add_mark_command(CLI::App& root, Command& action) {
  auto* command = root.add_subcommand("mark", "Set a marker in the window that is open");
  command->footer(
      "The marker's time is that at which the command was given. Every window that is open "
      "gets\n"
      "it. The exit code is 0 when all of them took it, 1 when there is none or one did not.");
  auto text = std::make_shared<std::string>();
  command->add_option("TEXT", *text, "What the marker says; none: only that there is one")
      ->type_name("");
  command->callback([&action, text] {
    action = [text] { return tell_windows(outputs::Command::Kind::marker, *text); };
  });
}

void add_record_command(CLI::App& root, Command& action) {
  auto* command =
      root.add_subcommand("record", "Start or stop recording in the window that is open");
  command->footer(
      "Every window that is open gets the command. The exit code is 0 when all of them took "
      "it, 1\n"
      "when there is none or one did not.");
  auto word = std::make_shared<std::string>();
  command->add_option("ACTION", *word, "start or stop")
      ->type_name("")
      ->required()
      ->check([](const std::string& given) {
        return given == "start" || given == "stop" ? "" : "ACTION is start or stop";
      });
  command->callback([&action, word] {
    action = [word] {
      using Kind = outputs::Command::Kind;
      return tell_windows(*word == "start" ? Kind::record_start : Kind::record_stop);
    };
  });
}

}  // namespace mien::cli
