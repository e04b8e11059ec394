#pragma once

#include <string>

namespace mien::system {

/// What the log, the system check and the benchmarks say of the machine. Each is empty when the
/// system does not tell. Any thread.

/// "Debian GNU/Linux 12 (bookworm)"
std::string system_name();
/// "Linux 6.1.0-13-amd64 x86_64"
std::string kernel_name();
/// "AMD EPYC 7763 64-Core Processor"
std::string processor_name();
/// "8039252 kB"
std::string memory_size();

/// The account that the program runs under, and the machine's name in its network: what must
/// not stand in a public report.
std::string user_name();
std::string host_name();

}  // namespace mien::system
