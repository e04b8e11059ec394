#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace mien::cli {

/// What may stand for an option's value or a positional, for the completion of a shell.
enum class ValueKind {
  anything,   ///< a number, a name: nothing to offer
  words,      ///< one of OptionEntry::words
  files,      ///< of any kind, folders included
  folders,    //
  sources,    ///< a file, a folder, a camera, the demo
  models,     ///< an expression model's id, or a folder
  detectors,  ///< a face detector's id
  landmarks,  ///< a landmarks model's id, "none", or a folder
  readings,   ///< a word for how a model is calibrated
};

/// An option, a flag or a positional as the help describes it.
struct OptionEntry {
  std::vector<std::string> names;  ///< with their dashes; a positional has one without
  std::string value;               ///< "DIR"; empty for a flag
  std::string text;                ///< on one line
  std::vector<std::string> notes;  ///< "required", "default: 300"
  std::string group;
  ValueKind kind = ValueKind::anything;
  std::vector<std::string> words;  ///< for ValueKind::words
  bool required = false;
  bool repeats = false;
};

/// A subcommand; the one without a name is the program itself, whose options are the window's.
struct CommandEntry {
  std::string name;
  std::string about;   ///< on one line
  std::string footer;  ///< likewise
  std::vector<OptionEntry> options;
  std::vector<OptionEntry> positionals;
};

/// What CLI11 knows of the command line, the program first and its subcommands in the order of
/// the help; those that the help hides are left out. Man pages and completion are made of this,
/// so they say what the help says. Throws Error for an option whose value is not known here.
std::vector<CommandEntry> command_table(const CLI::App& root);

/// The text with its line ends turned into spaces.
std::string on_one_line(std::string text);

}  // namespace mien::cli
