#pragma once

#include "mien/cli/commands.hpp"

namespace mien::cli {

inline constexpr const char* kCheckHelp =
    "Look at libraries, display, cameras, models, folders and\n"
    "speed, and print a page for a bug report, without names of\n"
    "yours; exit code 1 when something is broken";

/// `mien --check`: prints the report section by section. Gives kFailed when something is broken.
int check_the_system(const WindowHooks& window);

}  // namespace mien::cli
