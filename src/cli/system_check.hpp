#pragma once

#include "mien/cli/commands.hpp"

namespace mien::cli {

inline constexpr const char* kCheckHelp =
    "Print a page for a bug report: libraries, display, cameras,\n"
    "models, folders and speed, without names of yours; the exit\n"
    "code is 1 when something is broken";

/// `mien --check`: prints the report section by section. Gives kFailed when something is
/// broken.
int check_the_system(const WindowHooks& window);

}  // namespace mien::cli
