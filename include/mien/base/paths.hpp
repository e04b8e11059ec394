#pragma once

#include <filesystem>
#include <string>

namespace mien::base {

/// An environment variable; empty when it is not set. Any thread: mien changes its own
/// environment only before it starts threads.
std::string environment(const char* name);

/// Where the program's own files are: the folder that holds `assets/` and `models/`. That is
/// $MIEN_DATA_DIR when set, else found from the program's place (a build tree or share/mien of
/// an installation). Throws Error when there is none.
std::filesystem::path data_dir();

/// The same without $MIEN_DATA_DIR, for a program that lies there. One in a folder bin, which
/// is installed, has its files in ../share/mien and nowhere else; one of those in files.txt
/// there that is missing is an Error, too.
std::filesystem::path data_dir_of(const std::filesystem::path& program);

/// The user's home, as system/folders.hpp has it, for rooms that know no system.
std::filesystem::path home_dir();

/// The system's folders for what programs keep (system/folders.hpp), with `mien` appended. Not
/// created here.
std::filesystem::path user_config_dir();
std::filesystem::path user_data_dir();
std::filesystem::path user_state_dir();  ///< the log

/// Where sessions go unless told otherwise: `mien` in the user's videos folder.
std::filesystem::path default_sessions_dir();

/// Where screenshots go: `mien` in the user's pictures folder.
std::filesystem::path default_screenshots_dir();

}  // namespace mien::base
