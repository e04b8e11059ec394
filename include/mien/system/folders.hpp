#pragma once

#include <filesystem>

namespace mien::system {

/// Where this system keeps what. Absolute paths; nothing is made here. They read the
/// environment, which mien changes only before it starts threads: any thread.

/// The user's home: $HOME, else that of the account. Never a folder that others can write to;
/// /nonexistent, as Debian has it, for an account without one: nothing is found or kept there.
std::filesystem::path home_folder();

/// What programs keep for a user, each in a folder of its own name: $XDG_CONFIG_HOME or
/// ~/.config, $XDG_DATA_HOME or ~/.local/share, $XDG_STATE_HOME or ~/.local/state (logs).
std::filesystem::path config_folder();
std::filesystem::path data_folder();
std::filesystem::path state_folder();

/// Where programs of the user have sockets while they run: $XDG_RUNTIME_DIR, which is the
/// user's alone and goes when they log out. Empty where there is none.
std::filesystem::path runtime_folder();

/// The user's own videos and pictures, as xdg-user-dirs has them; ~/Videos and ~/Pictures else.
std::filesystem::path videos_folder();
std::filesystem::path pictures_folder();

/// The file of this program, for what lies beside it; empty when the system does not tell.
std::filesystem::path program_file();

/// What starts this program anew, also when its file was replaced or deleted meanwhile.
std::filesystem::path program_to_start_anew();

}  // namespace mien::system
