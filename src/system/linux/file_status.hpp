#pragma once

#include <sys/stat.h>

#include "mien/system/file_handle.hpp"

namespace mien::system {

FileStatus status_from(const struct stat& told);

}  // namespace mien::system
