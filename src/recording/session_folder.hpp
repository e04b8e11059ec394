#pragma once

#include <filesystem>

namespace mien {

/// Makes the folder and those above it; theirs stay as they are, this one is its owner's alone.
/// Throws Error when it cannot be made, or holds something already.
void make_session_folder(const std::filesystem::path& folder);

}  // namespace mien
