#pragma once

#include <filesystem>

namespace mien {

/// Opens a file or a folder with the program that the user's desktop has for it, and does not
/// wait for that. Throws Error when there is no xdg-open, with what to do instead.
void open_with_desktop(const std::filesystem::path& path);

}  // namespace mien
