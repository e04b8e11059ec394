#include "completions.hpp"

#include <map>

#include "mien/base/text.hpp"
#include "mien/system/camera_device.hpp"

namespace mien::cli {
namespace {

// Placeholders such as @VALUES@ stand for what comes from the table of options.
constexpr const char* kBash =
    R"sh(# Completion of mien for bash; written by `mien write-pages` from its own table of options.

# The ids that the program knows now. It is the program that is being completed, not another
# version in the PATH, and leaves no line in its log.
_mien_words() {
  local IFS=$'\n'
  COMPREPLY+=($(compgen -W "$(MIEN_LOG=off "$program" complete-words "$1" 2>/dev/null |
    cut -f 1)" -- "$cur"))
  __ltrim_colon_completions "$cur"
}

_mien() {
  local cur prev words cword split=false
  _init_completion -s -n : || return
  local program=${1/#\~\//"$HOME/"} command= options= i
  for ((i = 1; i < cword; i++)); do
    case ${words[i]} in
      @WITH_VALUES@) ((i++)) ;;
      @EITHER@)
        command=${words[i]}
        break
        ;;
    esac
  done

  local known=true
  case "$command $prev" in
@VALUES@    *) known=false ;;
  esac
  if $known || $split; then return; fi

  case $command in
@OPTIONS@  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
    return
  fi
  case $command in
    '') COMPREPLY=($(compgen -W '@COMMANDS@' -- "$cur")) ;;
@POSITIONALS@    *) COMPREPLY=($(compgen -W "$options" -- "$cur")) ;;
  esac
} &&
  complete -F _mien mien
)sh";

constexpr const char* kZsh =
    R"sh(#compdef mien
# Completion of mien for zsh; written by `mien write-pages` from its own table of options.

# The ids that the program knows now, with what they mean. It is the program that is being
# completed, not another version in the path, and leaves no line in its log.
_mien_words() {
  local -a known
  known=(${(f)"$(MIEN_LOG=off ${~program} complete-words $1 2>/dev/null)"})
  known=(${${known//:/\\:}/$'\t'/:})
  _describe -t $1 ${1%s} known
}

_mien_words_or_files() {
  local kind=$1
  shift
  _alternative "$kind:${kind%s}: _mien_words $kind" "files:file:_files $*"
}

_mien_commands() {
  local -a commands=(
@COMMANDS@  )
  _describe -t commands command commands
}

_mien() {
  local curcontext=$curcontext state line program=$words[1]
  typeset -A opt_args
  _arguments -C -s \
@OPTIONS@    '1: :_mien_commands' \
    '*:: :->command' && return 0
  [[ $state == command ]] || return 1
  curcontext=${curcontext%:*}-$line[1]:
  case $line[1] in
@CASES@  esac
  return 1
}

_mien "$@"
)sh";

std::string filled(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [placeholder, value] : values) {
    for (auto at = text.find(placeholder); at != std::string::npos;
         at = text.find(placeholder, at + value.size())) {
      text.replace(at, placeholder.size(), value);
    }
  }
  return text;
}

/// In the words of `mien complete-words`, empty for what a shell knows itself.
std::string kind_word(ValueKind kind) {
  switch (kind) {
    case ValueKind::models:
      return "models";
    case ValueKind::landmarks:
      return "landmarks";
    case ValueKind::detectors:
      return "detectors";
    case ValueKind::readings:
      return "readings";
    case ValueKind::sources:
      return "sources";
    default:
      return {};
  }
}

/// The command of the shell script that offers the option's values.
std::string bash_values(const OptionEntry& option) {
  switch (option.kind) {
    case ValueKind::anything:
      return ":";
    case ValueKind::words:
      return "COMPREPLY=($(compgen -W '" + base::joined(option.words, " ") + "' -- \"$cur\"))";
    case ValueKind::files:
      return "_filedir";
    case ValueKind::folders:
      return "_filedir -d";
    case ValueKind::sources:
      return "_mien_words sources; _filedir";
    case ValueKind::models:
    case ValueKind::landmarks:
      return "_mien_words " + kind_word(option.kind) + "; _filedir -d";
    case ValueKind::detectors:
    case ValueKind::readings:
      return "_mien_words " + kind_word(option.kind);
  }
  return ":";
}

std::string all_names(const CommandEntry& command) {
  std::string words;
  for (const auto& option : command.options) {
    for (const auto& name : option.names) words += (words.empty() ? "" : " ") + name;
  }
  return words;
}

/// For single quotes in zsh, within the brackets of an option's description.
std::string zsh_description(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c == '\'' ? "'\\''" : std::string(1, c);
  }
  return out;
}

/// A space in front keeps _arguments from adding words of its own.
std::string zsh_values(const OptionEntry& option) {
  switch (option.kind) {
    case ValueKind::anything:
      return " ";
    case ValueKind::words:
      return "(" + base::joined(option.words, " ") + ")";
    case ValueKind::files:
      return "_files";
    case ValueKind::folders:
      return "_files -/";
    case ValueKind::sources:
      return " _mien_words_or_files sources";
    case ValueKind::models:
    case ValueKind::landmarks:
      return " _mien_words_or_files " + kind_word(option.kind) + " -/";
    case ValueKind::detectors:
    case ValueKind::readings:
      return " _mien_words " + kind_word(option.kind);
  }
  return " ";
}

/// The words of zsh's _arguments for the options of a command.
std::string zsh_options(const CommandEntry& command, const std::string& indent) {
  std::string lines;
  for (const auto& option : command.options) {
    for (const auto& name : option.names) {
      std::string spec = option.repeats ? "*" : "";
      if (!option.repeats && option.names.size() > 1) {
        spec += "(" + base::joined(option.names, " ") + ")";
      }
      spec +=
          name + (option.value.empty() ? "" : "=") + "[" + zsh_description(option.text) + "]";
      if (!option.value.empty()) {
        spec += ":" + zsh_description(option.value) + ":" + zsh_values(option);
      }
      lines.append(indent).append("'").append(spec).append("' \\\n");
    }
  }
  return lines;
}

}  // namespace

std::string bash_completion(const std::vector<CommandEntry>& table) {
  std::vector<std::string> commands, with_values;
  for (auto command = table.begin() + 1; command != table.end(); ++command) {
    commands.push_back(command->name);
  }
  for (const auto& option : table.front().options) {
    if (!option.value.empty()) with_values.push_back(option.names.back());
  }
  std::string values, options, positionals;
  for (const auto& command : table) {
    for (const auto& option : command.options) {
      if (option.value.empty()) continue;
      for (const auto& name : option.names) {
        values += "    '" + command.name + " " + name + "') " + bash_values(option) + " ;;\n";
      }
    }
    options += "    '" + command.name + "') options='" + all_names(command) + "' ;;\n";
    if (!command.positionals.empty()) {
      positionals +=
          "    '" + command.name + "') " + bash_values(command.positionals.front()) + " ;;\n";
    }
  }
  return filled(kBash, {{"@WITH_VALUES@", base::joined(with_values, "|")},
                        {"@EITHER@", base::joined(commands, "|")},
                        {"@COMMANDS@", base::joined(commands, " ")},
                        {"@VALUES@", values},
                        {"@OPTIONS@", options},
                        {"@POSITIONALS@", positionals}});
}

std::string zsh_completion(const std::vector<CommandEntry>& table) {
  std::string commands, cases;
  for (auto command = table.begin() + 1; command != table.end(); ++command) {
    commands += "    '" + command->name + ":" + zsh_description(command->about) + "'\n";
    cases += "    " + command->name + ")\n      _arguments -s \\\n" +
             zsh_options(*command, "        ");
    for (const auto& positional : command->positionals) {
      cases += std::string("        '") + (positional.repeats ? "*" : "1") + ":" +
               positional.names.front() + ":" + zsh_values(positional) + "' \\\n";
    }
    cases += "        && return 0\n      ;;\n";
  }
  return filled(kZsh, {{"@COMMANDS@", commands},
                       {"@OPTIONS@", zsh_options(table.front(), "    ")},
                       {"@CASES@", cases}});
}

std::vector<CompletionWord> source_words(const std::filesystem::path& camera_list) {
  std::vector<CompletionWord> words = {{"demo", "a portrait that moves"}};
  const auto cameras = system::list_camera_names(camera_list);
  int index = 0;
  for (const auto& camera : cameras) {
    words.emplace_back("camera:" + std::to_string(index++), camera.name);
  }
  for (const auto& camera : cameras) words.emplace_back(camera.device, camera.name);
  return words;
}

}  // namespace mien::cli
