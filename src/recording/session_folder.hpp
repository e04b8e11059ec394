#pragma once

#include <filesystem>

namespace mien {

/// Makes the folder and those above it; theirs stay as they are, this one is its owner's alone.
/// When it is there already and holds something, `beside` makes one with _2, _3 ... behind its
/// name instead. Returns the one that was made. Throws Error when none can be made, or without
/// `beside` when it holds something already.
std::filesystem::path make_session_folder(const std::filesystem::path& folder, bool beside);

}  // namespace mien
