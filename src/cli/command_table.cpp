#include "command_table.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "mien/base/error.hpp"
#include "mien/base/labels.hpp"
#include "mien/base/text.hpp"
#include "mien/outputs/output.hpp"
#include "mien/recording/session_writer.hpp"
#include "mien/reports/exports.hpp"
#include "mien/sessions/privacy.hpp"

namespace mien::cli {
namespace {

// What the help calls a value, and what that means for completion.
const std::map<std::string, ValueKind> kKinds = {
    {"", ValueKind::anything},        {"N", ValueKind::anything},
    {"F", ValueKind::anything},       {"I/N", ValueKind::anything},
    {"SECONDS", ValueKind::anything}, {"WxH", ValueKind::anything},
    {"FILE", ValueKind::files},       {"PATH", ValueKind::files},
    {"DIR", ValueKind::folders},      {"MODEL_DIR", ValueKind::folders},
    {"INPUT", ValueKind::sources},    {"SESSION_DIR", ValueKind::folders},
    {"SOURCE", ValueKind::sources},   {"ID|DIR", ValueKind::models},
    {"ID", ValueKind::detectors},     {"TEXT", ValueKind::anything},
};

std::vector<std::string> privacy_words() {
  using sessions::Privacy;
  std::vector<std::string> words;
  for (const auto mode : {Privacy::everything, Privacy::blurred_faces, Privacy::data_only}) {
    words.emplace_back(sessions::word(mode));
  }
  return words;
}

std::vector<std::string> encoder_words() {
  std::vector<std::string> words;
  for (const auto& encoder : recording::video_encoders()) words.emplace_back(encoder.word);
  return words;
}

std::vector<std::string> export_words() {
  std::vector<std::string> words;
  for (const auto& format : reports::export_formats()) words.emplace_back(format.id);
  return words;
}

std::vector<std::string> output_words() {
  std::vector<std::string> words;
  for (const auto& protocol : outputs::protocols()) words.emplace_back(protocol.word);
  return words;
}

std::vector<std::string> label_words() {
  const auto labels = base::canonical_labels();
  return {labels.begin(), labels.end()};
}

/// Options whose values are not told by what the help calls them.
void set_kind(OptionEntry& option) {
  static const std::map<std::string, std::vector<std::string> (*)()> kWords = {
      {"--privacy", privacy_words},
      {"--encoder", encoder_words},
      {"--export", export_words},
      {"--label", label_words},
      {"--send", output_words},
      {"ACTION",
       [] {
         return std::vector<std::string>{"start", "stop"};
       }},
      {"--columns",
       [] {
         return std::vector<std::string>{"basic", "movements", "landmarks"};
       }},
      {"--features",
       [] {
         return std::vector<std::string>{"pixels", "embedding"};
       }},
  };
  const std::string& name = option.names.back();
  if (const auto words = kWords.find(name); words != kWords.end()) {
    option.kind = ValueKind::words;
    option.words = words->second();
  } else if (name == "--landmarks") {
    option.kind = ValueKind::landmarks;
  } else if (name == "--reading") {
    option.kind = ValueKind::readings;
  } else if (name == "--name") {
    option.kind = ValueKind::anything;
  } else {
    const auto kind = kKinds.find(name.starts_with('-') ? option.value : name);
    if (kind == kKinds.end()) {
      throw base::Error("Completion does not know what the value " + option.value + " of " +
                        name + " may be; add it to src/cli/command_table.cpp.");
    }
    option.kind = kind->second;
  }
}

/// What validators add to the name of a value: "INT in [1 - 256]" becomes "1 to 256".
std::string limit_note(const std::string& validators) {
  const auto from = validators.find("in [");
  const auto to = validators.find(" - ");
  if (from == std::string::npos || to == std::string::npos || !validators.ends_with(']')) {
    return {};
  }
  return validators.substr(from + 4, to - from - 4) + " to " +
         validators.substr(to + 3, validators.size() - to - 4);
}

OptionEntry entry_of(const CLI::Option& option) {
  OptionEntry entry;
  const bool positional = option.get_positional() && !option.nonpositional();
  if (positional) {
    entry.names = {option.get_name()};
  } else {
    for (const auto& name : option.get_snames()) entry.names.push_back("-" + name);
    for (const auto& name : option.get_lnames()) entry.names.push_back("--" + name);
  }
  if (!positional && option.get_items_expected_max() > 0) {
    const std::string type = option.get_type_name();
    entry.value = type.substr(0, type.find(':'));
    if (const auto colon = type.find(':'); colon != std::string::npos) {
      if (const auto note = limit_note(type.substr(colon + 1)); !note.empty()) {
        entry.notes.push_back(note);
      }
    }
  }
  entry.text = on_one_line(option.get_description());
  entry.group = option.get_group();
  entry.required = option.get_required();
  entry.repeats = option.get_expected_max() > 1;
  if (entry.required) entry.notes.emplace_back("required");
  if (!option.get_default_str().empty()) {
    entry.notes.push_back("default: " + option.get_default_str());
  }
  std::vector<std::string> others;
  for (const auto* other : option.get_excludes()) others.push_back(other->get_name());
  std::sort(others.begin(), others.end());  // CLI11 keeps them by their addresses
  if (!others.empty()) entry.notes.push_back("not together with " + base::joined(others, ", "));
  set_kind(entry);
  return entry;
}

CommandEntry entry_of(const CLI::App& command, const std::string& name) {
  CommandEntry entry;
  entry.name = name;
  entry.about = on_one_line(command.get_description());
  if (!name.empty()) entry.footer = on_one_line(command.get_footer());
  for (const auto* option : command.get_options()) {
    if (option->get_group().empty()) continue;
    auto described = entry_of(*option);
    (option->nonpositional() ? entry.options : entry.positionals)
        .push_back(std::move(described));
  }
  return entry;
}

}  // namespace

std::string on_one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return base::trimmed(text);
}

std::vector<CommandEntry> command_table(const CLI::App& root) {
  std::vector<CommandEntry> table = {entry_of(root, "")};
  for (const auto* command : root.get_subcommands([](const CLI::App*) { return true; })) {
    if (!command->get_group().empty()) table.push_back(entry_of(*command, command->get_name()));
  }
  return table;
}

}  // namespace mien::cli
