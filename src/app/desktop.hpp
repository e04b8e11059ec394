#pragma once

#include <filesystem>

namespace mien::app {

/// Opens a file or a folder with the program that the user's desktop has for it, and does not
/// wait for that, but up to a second and a half for it to fail. Throws Error, a sentence with
/// what to do instead, when there is no xdg-open, or nothing that it could open `path` with.
void open_with_desktop(const std::filesystem::path& path);

}  // namespace mien::app
