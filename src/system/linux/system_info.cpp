#include "mien/system/system_info.hpp"

#include <array>
#include <fstream>
#include <pwd.h>
#include <vector>

#include <sys/utsname.h>
#include <unistd.h>

#include "mien/system/terminal.hpp"

#include "key_value_file.hpp"

namespace mien::system {
namespace {

std::string without_spaces_around(const std::string& text) {
  constexpr const char* kSpaces = " \t\r\n";
  const auto first = text.find_first_not_of(kSpaces);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

}  // namespace

std::string value_in_file(const std::filesystem::path& file, const std::string& key,
                          char between) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(key)) continue;
    const auto mark = line.find(between);
    if (mark == std::string::npos) continue;
    auto value = without_spaces_around(line.substr(mark + 1));
    std::erase(value, '"');
    return value;
  }
  return {};
}

std::string first_line_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return without_spaces_around(line);
}

std::string system_name() { return value_in_file("/etc/os-release", "PRETTY_NAME=", '='); }

std::string kernel_name() {
  utsname kernel{};
  if (::uname(&kernel) != 0) return {};
  return std::string(kernel.sysname) + ' ' + kernel.release + ' ' + kernel.machine;
}

std::string processor_name() { return value_in_file("/proc/cpuinfo", "model name"); }

std::string memory_size() { return value_in_file("/proc/meminfo", "MemTotal"); }

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

bool errors_go_to_terminal() { return ::isatty(STDERR_FILENO) == 1; }

}  // namespace mien::system
