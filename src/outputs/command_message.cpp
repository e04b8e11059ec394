#include "command_message.hpp"

#include <array>
#include <optional>

#include "mien/base/bounded_json.hpp"
#include "mien/base/error.hpp"
#include "mien/base/json_fields.hpp"
#include "mien/base/text.hpp"
#include "mien/base/utf8.hpp"

namespace mien::outputs {
namespace {

constexpr int kMessageVersion = 1;

struct CommandWord {
  std::string_view word;
  Command::Kind kind;
};
constexpr std::array<CommandWord, 3> kCommandWords = {
    {{"marker", Command::Kind::marker},
     {"record_start", Command::Kind::record_start},
     {"record_stop", Command::Kind::record_stop}}};

nlohmann::json parse_object(std::string_view text, const char* what) {
  const auto wrong = [&](const std::string& why) {
    return base::Error(std::string(what) + " cannot be read: " + why + ".");
  };
  nlohmann::json json;
  try {
    json = base::parse_bounded_json(text, {.depth = 4, .values = 100, .members = 20});
  } catch (const base::Error& error) {
    throw wrong(error.what());
  } catch (const nlohmann::json::exception&) {
    throw wrong("it is no JSON");
  }
  if (!json.is_object()) throw wrong("it is no object of JSON");
  return json;
}

base::Error text_too_long() {
  return base::Error("The marker's text is too long; " + std::to_string(kLongestMarker) +
                     " bytes are the most.");
}

std::string dump_on_one_line(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Command parse_command(std::string_view message, std::chrono::steady_clock::time_point now) {
  using std::chrono::nanoseconds;
  constexpr const char* kWhat = "The command";
  if (message.size() >= kLongestMessage) {
    throw base::Error("The command is too long; " + std::to_string(kLongestMessage) +
                      " bytes are the most.");
  }
  const auto json = parse_object(message, kWhat);
  if (base::whole_in(json, "mien") != kMessageVersion) {
    throw base::Error("The command is not of version 1; use the same version of mien.");
  }
  const auto word = base::text_in(json, "command");
  std::optional<Command::Kind> kind;
  for (const auto& each : kCommandWords) {
    if (each.word == word) kind = each.kind;
  }
  if (!kind) {
    throw base::Error("The command \"" + base::clean_text(word, 40) +
                      "\" is not known; it is marker, record_start or record_stop.");
  }
  const auto& at = base::value_in(json, "at");
  if (!at.is_number_integer()) {
    throw base::Error(
        "The command has no time; give nanoseconds of CLOCK_MONOTONIC as \"at\".");
  }
  // Compared as what they are: a number of up to 64 bits without a sign may not fit.
  const bool fits =
      !at.is_number_unsigned() || at.get<std::uint64_t>() <= std::uint64_t{INT64_MAX};
  const auto present = std::chrono::duration_cast<nanoseconds>(now.time_since_epoch()).count();
  if (!fits || at.get<std::int64_t>() > present) {
    throw base::Error(
        "The command's time has not come yet; give CLOCK_MONOTONIC of this machine.");
  }
  const std::int64_t given = at.get<std::int64_t>();
  if (given < present - nanoseconds(kOldestCommand).count()) {
    throw base::Error("The command is more than a minute old; give it when it happens.");
  }
  Command command;
  command.kind = *kind;
  command.at = std::chrono::steady_clock::time_point(
      std::chrono::duration_cast<std::chrono::steady_clock::duration>(nanoseconds(given)));
  if (*kind == Command::Kind::marker) {
    const auto text = base::text_in(json, "text");
    if (text.size() > kLongestMarker) throw text_too_long();
    command.text = base::clean_text(text, kLongestMarker);
  }
  return command;
}

std::string command_message(const Command& command) {
  nlohmann::json json = {
      {"mien", kMessageVersion},
      {"at", std::chrono::duration_cast<std::chrono::nanoseconds>(command.at.time_since_epoch())
                 .count()}};
  for (const auto& each : kCommandWords) {
    if (each.kind == command.kind) json["command"] = std::string(each.word);
  }
  if (command.kind == Command::Kind::marker) {
    const auto text = base::valid_utf8(command.text);
    if (text.size() > kLongestMarker) throw text_too_long();
    json["text"] = text;
  }
  return dump_on_one_line(json);
}

std::string command_answer(const std::string& problem) {
  return dump_on_one_line(problem.empty() ? nlohmann::json{{"ok", true}}
                                          : nlohmann::json{{"error", problem}});
}

std::string problem_in_answer(std::string_view answer) {
  const auto json = parse_object(answer, "The window's answer");
  if (base::yes_in(json, "ok")) return {};
  const auto problem = base::text_in(json, "error");
  return problem.empty() ? "The window did not say why it does not take the command." : problem;
}

}  // namespace mien::outputs
