#pragma once

#include <filesystem>
#include <vector>

namespace mien::system {

/// Takes from this process what a model has no use for, for good: writing and making files,
/// network and other sockets, other programs and processes, and reading outside of `readable`
/// and the system's own folders. What the system does not offer is left out (on Linux seccomp
/// needs x86-64 or AArch64 here, Landlock Linux 5.13). Threads that run already keep their
/// rights to read.
void enter_sandbox(const std::vector<std::filesystem::path>& readable);

}  // namespace mien::system
