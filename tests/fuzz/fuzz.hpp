#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>

#include "mien/base/error.hpp"

/// What libFuzzer calls with one input after the other.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace mien::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Runs `read`; an Error is a good answer to bad input, anything else ends the run.
template <typename Read>
void expect_error_at_most(Read&& read) {
  try {
    read();
  } catch (const base::Error&) {
  }
}

/// One folder for the whole run, for readers that take a path.
inline const std::filesystem::path& folder() {
  static const std::filesystem::path kFolder = [] {
    auto name = (std::filesystem::temp_directory_path() / "mien-fuzz-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    std::atexit([] {
      std::error_code ignored;
      std::filesystem::remove_all(folder(), ignored);
    });
    return std::filesystem::path(name);
  }();
  return kFolder;
}

inline std::filesystem::path write(const char* name, std::string_view content) {
  const auto file = folder() / name;
  std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
  return file;
}

}  // namespace mien::fuzz
