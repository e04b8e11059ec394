#include "system_facts.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <pwd.h>
#include <string_view>
#include <vector>

#include <sys/utsname.h>
#include <unistd.h>

#include "mien/base/text.hpp"

namespace mien::analysis {
namespace {

/// What stands behind `between` in the first line that begins with `key`.
std::string value_of_key(const char* file, std::string_view key, char between) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(key)) continue;
    auto value = base::trimmed(base::split(line, between).second);
    std::erase(value, '"');
    return value;
  }
  return {};
}

}  // namespace

std::string os_name() { return value_of_key("/etc/os-release", "PRETTY_NAME=", '='); }

std::string kernel_name() {
  utsname kernel{};
  if (::uname(&kernel) != 0) return {};
  return std::string(kernel.sysname) + ' ' + kernel.release + ", " + kernel.machine;
}

std::string processor_words() { return value_of_key("/proc/cpuinfo", "model name", ':'); }
std::string memory_words() { return value_of_key("/proc/meminfo", "MemTotal", ':'); }

std::string user_name() {
  std::vector<char> buffer(1 << 14);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) != 0 ||
      found == nullptr) {
    return {};
  }
  return found->pw_name;
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

bool may_write(const std::filesystem::path& folder) {
  return ::access(folder.c_str(), W_OK | X_OK) == 0;
}

}  // namespace mien::analysis
