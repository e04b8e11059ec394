#include "man_pages.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <string_view>

#include "mien/base/text.hpp"

#include "help_texts.hpp"

namespace mien::cli {
namespace {

/// Text for roff: its special characters escaped, `code` in bold.
std::string roff(std::string_view text) {
  std::string out;
  bool code = false;
  for (const char c : text) {
    switch (c) {
      case '\\':
        out += "\\e";
        break;
      case '-':
        out += "\\-";
        break;  // an option must be found and copied as it is typed
      case '~':
        out += "\\(ti";
        break;
      case '^':
        out += "\\(ha";
        break;
      case '\'':
        out += "\\(aq";
        break;
      case '"':
        out += "\\(dq";
        break;
      case '`':
        code = !code;
        out += code ? "\\fB" : "\\fR";
        break;
      default:
        out += c;
    }
  }
  return out;
}

/// The same in lines of less than 80 characters, of which roff makes its own.
std::string paragraph(const std::string& text) {
  constexpr std::size_t kWidth = 78;
  std::istringstream words(roff(text));
  std::string out, line;
  for (std::string word; words >> word;) {
    if (!line.empty() && line.size() + 1 + word.size() > kWidth) {
      out += line + "\n";
      line.clear();
    }
    // A line that begins with a point is a request.
    line += line.empty() ? (word.starts_with('.') ? "\\&" : "") + word : " " + word;
  }
  return out + line + "\n";
}

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + roff(text) + "\\fR"; }

/// Without the full stop and, if another word follows it, the capital letter.
std::string as_summary(std::string sentence) {
  if (sentence.ends_with('.')) sentence.pop_back();
  if (sentence.size() > 1 && std::islower(static_cast<unsigned char>(sentence[1])) != 0) {
    sentence[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(sentence[0])));
  }
  return sentence;
}

std::string page_name(const CommandEntry& command) {
  return command.name.empty() ? "mien" : "mien-" + command.name;
}

std::string option_heading(const OptionEntry& option) {
  std::string heading;
  for (const auto& name : option.names) {
    heading +=
        (heading.empty() ? "" : ", ") + (name.starts_with('-') ? bold(name) : italic(name));
  }
  if (!option.value.empty()) heading += ' ' + italic(option.value);
  return heading;
}

std::string option_item(const OptionEntry& option) {
  std::string text = option.text;
  if (!option.notes.empty()) text += " (" + base::joined(option.notes, "; ") + ")";
  return ".TP\n" + option_heading(option) + "\n" + paragraph(text);
}

std::string synopsis(const CommandEntry& command) {
  std::string text = ".SH SYNOPSIS\n";
  if (command.name.empty()) {
    return text + bold("mien") + " [" + italic("OPTIONS") + "]\n.br\n" + bold("mien") + " " +
           italic("COMMAND") + " [" + italic("OPTIONS") + "] ...\n";
  }
  text += bold("mien " + command.name) + " [" + italic("OPTIONS") + "]";
  for (const auto& positional : command.positionals) {
    const std::string word =
        italic(positional.names.front()) + (positional.repeats ? "..." : "");
    text += positional.required ? " " + word : " [" + word + "]";
  }
  return text + "\n";
}

std::string options_section(const CommandEntry& command) {
  std::string text = ".SH OPTIONS\n";
  std::string group = command.options.front().group;
  for (const auto& option : command.options) {
    if (option.group != group) text += ".SS " + roff(option.group) + "\n";
    group = option.group;
    text += option_item(option);
  }
  return text;
}

/// Lines of an example, a command and what it does, two or more spaces between them.
std::string example_items(std::string text) {
  if (text.starts_with(kExamplesHeading)) text.erase(0, std::string(kExamplesHeading).size());
  std::string out;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string line = base::trimmed(text.substr(0, end));
    text.erase(0, end == std::string::npos ? end : end + 1);
    if (line.empty()) continue;
    const auto gap = line.find("  ");
    out += ".TP\n" + bold(line.substr(0, gap)) + "\n" +
           roff(gap == std::string::npos ? "" : base::trimmed(line.substr(gap))) + "\n";
  }
  return out;
}

std::string help_section(const HelpSection& section) {
  const std::string title = section.title;
  return ".SH " + title + "\n" +
         (title == "EXAMPLES" ? example_items(section.text)
                              : paragraph(on_one_line(section.text)));
}

std::string program_page(const std::vector<CommandEntry>& table) {
  const auto& program = table.front();
  const std::string& about = program.about;
  std::string first = about.substr(0, about.find('.'));
  if (first.starts_with("mien ")) first.erase(0, 5);
  std::string text = ".SH NAME\nmien \\- " + roff(first) + "\n" + synopsis(program) +
                     ".SH DESCRIPTION\n" + paragraph(about) + options_section(program) +
                     ".SH COMMANDS\n";
  for (auto command = table.begin() + 1; command != table.end(); ++command) {
    text += ".TP\n" + bold(page_name(*command)) + "(1)\n" + paragraph(command->about);
  }
  for (const auto& each : kHelpSections) text += help_section(each);
  return text;
}

std::string command_page(const CommandEntry& command) {
  std::string text = ".SH NAME\n" + roff(page_name(command)) + " \\- " +
                     roff(as_summary(command.about)) + "\n" + synopsis(command) +
                     ".SH DESCRIPTION\n" + paragraph(command.about + ".");
  if (!command.footer.empty()) text += ".PP\n" + paragraph(command.footer);
  if (!command.positionals.empty()) {
    text += ".SH ARGUMENTS\n";
    for (const auto& positional : command.positionals) text += option_item(positional);
  }
  text += options_section(command);
  for (const auto& each : kHelpSections) {
    if (std::string_view(each.title) == "EXIT STATUS") text += help_section(each);
  }
  return text + ".SH SEE ALSO\n" + bold("mien") + "(1)\n";
}

}  // namespace

std::vector<ManPage> man_pages(const std::vector<CommandEntry>& table,
                               const std::string& date) {
  std::vector<ManPage> pages;
  for (const auto& command : table) {
    std::string title = page_name(command);
    std::transform(title.begin(), title.end(), title.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    std::string text =
        ".\\\" Written by `mien write-pages` from the texts of `mien --help`.\n.TH " +
        roff(title) + " 1 " + date + " \"mien " MIEN_VERSION "\" \"User Commands\"\n";
    text += command.name.empty() ? program_page(table) : command_page(command);
    pages.push_back({page_name(command), std::move(text)});
  }
  return pages;
}

}  // namespace mien::cli
