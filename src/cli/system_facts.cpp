#include "system_facts.hpp"

#include <fstream>

namespace mien {

std::string value_in_file(const char* file, const std::string& key, char between) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(key)) continue;
    const auto mark = line.find(between);
    if (mark == std::string::npos) continue;
    const auto start = line.find_first_not_of(" \t", mark + 1);
    if (start == std::string::npos) return {};
    std::string value = line.substr(start);
    std::erase(value, '"');
    return value;
  }
  return {};
}

std::string processor_name() {
  const auto name = value_in_file("/proc/cpuinfo", "model name");
  return name.empty() ? "unknown processor" : name;
}

}  // namespace mien
