#pragma once

#include <string>
#include <vector>

#include "command_table.hpp"

namespace mien::cli {

/// A man page, in roff.
struct ManPage {
  std::string name;  ///< "mien-analyze"; its file is that with ".1"
  std::string text;
};

/// A page for the program and one for each subcommand. `date` is the release's, "2026-11-27".
std::vector<ManPage> man_pages(const std::vector<CommandEntry>& table, const std::string& date);

}  // namespace mien::cli
