#pragma once

#include <filesystem>
#include <string>

namespace mien::analysis {

// What only the operating system tells. Any thread; empty where it tells nothing.

/// "Debian GNU/Linux 12 (bookworm)"
std::string os_name();
/// "Linux 6.1.0-18-amd64, x86_64"
std::string kernel_name();
/// "AMD EPYC 7763 64-Core Processor"
std::string processor_words();
/// "16284064 kB"
std::string memory_words();

std::string user_name();
std::string host_name();

/// Whether this process may make files in a folder that is there.
bool may_write(const std::filesystem::path& folder);

}  // namespace mien::analysis
