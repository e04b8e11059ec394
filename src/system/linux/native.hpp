#pragma once

#include <cerrno>
#include <system_error>

#include "mien/system/file_handle.hpp"

namespace mien::system {

/// errno.
inline std::error_code last_error() { return {errno, std::generic_category()}; }

inline int descriptor_of(const FileHandle& handle) { return static_cast<int>(handle.native()); }

}  // namespace mien::system
