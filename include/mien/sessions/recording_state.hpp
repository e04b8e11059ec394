#pragma once

#include <filesystem>

namespace mien {

/// Whether a program that is alive is recording into `folder`. Never throws.
bool is_being_recorded(const std::filesystem::path& folder) noexcept;

}  // namespace mien
