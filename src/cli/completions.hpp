#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "command_table.hpp"

namespace mien::cli {

/// Completion for bash, to be loaded as the file "mien" of bash-completion.
std::string bash_completion(const std::vector<CommandEntry>& table);

/// Completion for zsh, to be loaded as the file "_mien" of its fpath.
std::string zsh_completion(const std::vector<CommandEntry>& table);

/// A word that can be completed to, and what it means.
using CompletionWord = std::pair<std::string, std::string>;

/// The demo, and cameras as "camera:N" and by their device. They are named without
/// opening any (`camera_list`: for system::list_camera_names(), only in tests): that may wake a
/// camera, which takes a second and lights its lamp. A device that is no camera may therefore
/// be among them.
std::vector<CompletionWord> source_words(const std::filesystem::path& camera_list = {});

}  // namespace mien::cli
